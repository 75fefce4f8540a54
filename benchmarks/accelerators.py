"""How fast each net of a run is trained on every kind of device this machine has.

python benchmarks/accelerators.py [--athletes 10] [--steps 150] [--rounds 3]

As `distride train --device` trains it, views and mixed precision included, on simulated athletes;
in turns, round by round, in one process, and the median of the rounds counts. Two minutes.
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
from throughput import HERE, RATE, clocked, desk_for, in_turns, nets_for

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
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(given.out, described() | {"steps": given.steps, "fit": found})


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
