"""How fast nets and whole runs are trained on every kind of device this machine has.

python benchmarks/accelerators.py [--athletes 10] [--steps 150] [--rounds 3] [--windows-seen 6400]

As `distride train --device` trains them, views and mixed precision included, on simulated athletes:
each net on its own, in turns, round by round, the median of the rounds; then one fold of a whole
run, in which every net sees so many windows, and all that a run judges and fits beside them.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from throughput import HERE, RATE, clocked, desk_for, in_turns, nets_for, whole_run

from distride.data.simulate import write_simulated
from distride.learn.device import devices
from distride.learn.fold import Desk
from distride.learn.ground import LABELS_ALONE, loss_of
from distride.learn.loop import Schedule, fit
from distride.models.net import Net
from distride.runs.bundling import versions
from distride.runs.folder import write_json

SIZES = (64, 512)  # windows a batch: a recipe's, and one that keeps a large device busy


def main() -> None:
    """Measure and write; the results appear at once at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=10, help="simulated")
    parser.add_argument("--steps", type=int, default=150, help="of each training and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="windows a batch")
    parser.add_argument("--windows-seen", type=int, default=6_400, help="by each net of a run")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "accelerators.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cohort = write_simulated(Path(folder) / "cohort", given.athletes, 0)
        desks = {kind: desk_for(cohort, Path(folder), kind) for kind in devices()}
        jobs = {
            f"{name}, {size} a batch, {kind}": partial(trained, desk, make, size, given.steps)
            for size in given.sizes
            for kind, desk in desks.items()
            for name, make in nets_for(desk).items()
        }
        found = in_turns(jobs, given.rounds)
        budget = dict.fromkeys(("teacher", "student"), given.windows_seen)
        runs = {
            kind: whole_run(cohort, Path(folder) / f"run-{kind}", budget, kind) for kind in desks
        }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    measured = {"steps": given.steps, "fit": found, "whole_run": runs}
    write_json(given.out, described() | measured)


def described() -> dict[str, Any]:
    """The machine."""
    names = {"cuda": torch.cuda.get_device_name} if torch.cuda.is_available() else {}
    return {
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
        "devices": {kind: names[kind]() if kind in names else kind for kind in devices()},
        "versions": versions(),
    }


def trained(desk: Desk, make: Callable[[], Net], size: int, steps: int) -> float:
    """Windows a second of one training, its visit to the device included."""
    ground, net = desk.ground, make()
    batches = ground.batches(desk.labelled, "accelerators", size)
    loss = loss_of(ground, LABELS_ALONE)

    def train() -> None:
        with ground.device.holding(net):
            fit(net, batches, loss, Schedule(steps, RATE))

    return steps * size / clocked(train)


if __name__ == "__main__":
    main()
