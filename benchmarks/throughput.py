"""How fast nets learn and answer: windows a second, beside classic peers and plain PyTorch.

python benchmarks/throughput.py [--athletes 10] [--steps 120] [--rounds 3]

Simulated athletes serve as data, so that anybody can repeat it; everything is measured in turns,
round by round, in one process, and the median of the rounds counts. Four minutes on two cores.
"""

import argparse
import os
import platform
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile
from torch.utils.data import DataLoader, Dataset, WeightedRandomSampler

from distride import train
from distride.config import DeviceName, Recipe
from distride.data import Cohort, Windowing, athlete_folds
from distride.data.progress import silent
from distride.data.simulate import write_simulated
from distride.learn.augment import Rig, augment
from distride.learn.baselines import BASELINES, Predict, undisturbed
from distride.learn.batches import Batch, Batches, Pool
from distride.learn.distill import ALONE
from distride.learn.fold import Desk
from distride.learn.ground import batch_loss, scores_of
from distride.learn.judging import baselines_seed, baselines_windows
from distride.learn.loop import Schedule, denormals_flushed, fit
from distride.learn.side_by_side import side_by_side
from distride.models.net import Net, Task, parameter_count
from distride.models.student import student_for
from distride.models.teacher import MEMBERS
from distride.runs.bundling import versions
from distride.runs.fold import Work, desk_of
from distride.runs.folder import write_json
from distride.runs.plan import plan_of
from distride.signals import triads

HERE = Path(__file__).parent
RATE = 1e-3
WORKERS = (0, 2)
DYING = 1e-39  # windows so small that every product with them is denormal
OPERATIONS = 10  # that the profile names
SHORT = {"teacher": 12_800, "student": 19_200}  # windows that each net of the whole run sees

Nets = Mapping[str, Callable[[], Net]]


def main() -> None:
    """Measure and write; the results appear at once at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=10, help="simulated")
    parser.add_argument("--steps", type=int, default=120, help="of each training and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "throughput.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cohort = write_simulated(Path(folder) / "cohort", given.athletes, 0)
        found = measured(cohort, Path(folder), given.steps, given.rounds)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(given.out, found)


def measured(cohort: Cohort, folder: Path, steps: int, rounds: int) -> dict[str, Any]:
    """All that is asked of one cohort."""
    desk = desk_for(cohort, folder)
    bench = Bench(desk, nets_for(desk), steps)
    pool, recipe = desk.labelled, desk.ground.recipe
    fits = in_turns(bench.fits(), rounds)
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "versions": versions(),
        "windows": len(pool),
        "shape": list(pool.gather(np.arange(1)).shape[1:]),
        "batch_size": recipe.student.batch_size,
        "params": {name: parameter_count(make()) for name, make in bench.nets.items()},
        "fit": fits,
        "faster_than_data_loader": against_loader(fits, bench.nets),
        "predict": in_turns(bench.answers(), rounds),
        "budget": {"student": recipe.student.windows_seen, "teacher": recipe.teacher.windows_seen},
        "whole_run": whole_run(cohort, folder / "run", SHORT),
        "denormals": {"trained": bench.denormals(1.0), "dying": bench.denormals(DYING)},
        "stages": {name: bench.stages(name) for name in bench.nets},
        "operations": {name: bench.operations(name) for name in bench.nets},
    }


def desk_for(cohort: Cohort, folder: Path, device: DeviceName = "cpu") -> Desk:
    """The first fold of a cohort under the default recipe."""
    recipe = Recipe(device=device)
    recipe = replace(recipe, signals=replace(recipe.signals, posture="on"))
    plan, signals = plan_of(cohort, recipe), recipe.signals
    windowing = Windowing(cohort, plan.spec, signals.tasks, signals.purity)
    windows = windowing.into(folder / "windows")
    work = Work(cohort, windows, recipe, plan, None, silent)
    return desk_of(work, athlete_folds(windows.athletes, recipe.seed)[0], folder)


def nets_for(desk: Desk) -> Nets:
    """The student and the teacher's nets, with fresh weights."""
    channels, recipe, tasks = desk.channels, desk.ground.recipe, desk.ground.tasks
    outputs = sum(task.outputs for task in tasks)
    axes = triads(channels)
    student = partial(student_for, recipe.student.size, len(channels), outputs, axes)
    bodies: dict[str, Callable[[], Any]] = {"student": student}
    for name, member in MEMBERS.items():
        bodies[name] = partial(member, len(channels), recipe.teacher.width, axes)
    return {name: partial(net_on, body, tasks) for name, body in bodies.items()}


def net_on(build: Callable[[], Any], tasks: tuple[Task, ...]) -> Net:
    """A body with its heads."""
    body = build()
    return Net(body, body.feature_count, tasks)


def in_turns(jobs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Of each job's windows a second, the median over rounds after one that does not count."""
    found = defaultdict(list)
    for job in jobs.values():
        job()
    for _ in range(rounds):
        for name, job in jobs.items():
            found[name].append(job())
    return {name: round(median(values), 1) for name, values in found.items()}


def against_loader(fits: Mapping[str, float], nets: Nets) -> dict[str, dict[str, float]]:
    """How many times as fast as the best number of workers: one training, and one on each core."""
    ratios = {}
    for name in nets:
        best = max(fits[loaded(name, workers)] for workers in WORKERS)
        alone, every = fits[name] / best, fits[each_core(name)] / best
        ratios[name] = {"one_training": round(alone, 2), "one_a_core": round(every, 2)}
    return ratios


def loaded(name: str, workers: int) -> str:
    """What a training through a DataLoader is called."""
    return f"{name}, DataLoader, {workers} workers"


def each_core(name: str) -> str:
    """What trainings on every core at once are called."""
    return f"{name}, one a core"


@dataclass(frozen=True)
class Bench:
    """What is measured on one fold.

    Attributes:
        desk: The fold's.
        nets: By name, each made anew.
        steps: Of a training.
    """

    desk: Desk
    nets: Nets
    steps: int

    @property
    def batches(self) -> Batches:
        """Of the fold's labelled windows."""
        size = self.desk.ground.recipe.student.batch_size
        return self.desk.ground.batches(self.desk.labelled, "throughput", size)

    def fits(self) -> dict[str, Callable[[], float]]:
        """Trainings: ours alone and one on each core, plain PyTorch's, and the classic peers'."""
        jobs: dict[str, Callable[[], float]] = {}
        for name in self.nets:
            jobs[name] = partial(self.trained, name, 1)
            jobs[each_core(name)] = partial(self.trained, name, os.cpu_count() or 1)
            for workers in WORKERS:
                jobs[loaded(name, workers)] = partial(self.plainly_trained, name, workers)
        return jobs | {name: partial(self.peer_fitted, name) for name in BASELINES}

    def trained(self, name: str, at_once: int) -> float:
        """Windows a second of as many trainings side by side."""
        nets = [self.nets[name]() for _ in range(at_once)]
        schedule = Schedule(self.steps, RATE)
        jobs = [partial(fit, net, self.batches, loss_of, schedule) for net in nets]
        seconds = clocked(partial(side_by_side, jobs))
        return at_once * self.steps * self.batches.draw.size / seconds

    def plainly_trained(self, name: str, workers: int) -> float:
        """The same net, views and loss as most would write it: a data set of single windows."""
        net, batches = self.nets[name]().train(), self.batches
        optimizer = torch.optim.AdamW(net.parameters(), RATE)
        loader = iter(Samples.loader(batches, self.steps, workers))
        rng = np.random.default_rng(0)
        next(loader)  # workers have started
        with denormals_flushed():
            started = time.perf_counter()
            for x, y in loader:
                share, order = float(rng.beta(0.2, 0.2)), torch.randperm(len(x))
                (scores,) = net(share * x + (1 - share) * x[order])
                loss = share * nn.functional.cross_entropy(scores, y)
                loss = loss + (1 - share) * nn.functional.cross_entropy(scores, y[order])
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            seconds = time.perf_counter() - started
        return (self.steps - 1) * batches.draw.size / seconds

    def peer_fitted(self, name: str) -> float:
        """Training windows a second of a classic peer, which reads each of them once."""
        train, seed = baselines_windows(self.desk), baselines_seed(self.desk)
        with undisturbed():
            return len(train.y) / clocked(partial(BASELINES[name], train, seed))

    def answers(self) -> dict[str, Callable[[], float]]:
        """Classes of raw windows, by nets and by classic peers, on all cores."""
        pool = Pool(self.desk.windows, self.desk.windows.athletes, self.desk.channels)
        numbers = np.arange(len(pool))
        batches = self.desk.ground.batches(pool, "throughput", 64)
        jobs: dict[str, Callable[[], object]] = {
            name: partial(scores_of, make(), batches, numbers) for name, make in self.nets.items()
        }
        train, seed = baselines_windows(self.desk), baselines_seed(self.desk)
        with undisturbed():
            peers = {name: fit_peer(train, seed) for name, fit_peer in BASELINES.items()}
        jobs |= {name: partial(asked, peer, pool, numbers) for name, peer in peers.items()}
        return {name: partial(per_second, len(pool), job) for name, job in jobs.items()}

    def denormals(self, size: float) -> dict[str, float]:
        """Seconds with and without flushing the smallest numbers, of windows times a factor."""

        def loss(net: nn.Module, batch: Batch) -> Tensor:
            return loss_of(net, replace(batch, x=batch.x * size))

        def seconds(how: Callable[..., None]) -> float:
            net, schedule = self.nets["student"](), Schedule(self.steps, RATE)
            return clocked(partial(side_by_side, [partial(how, net, self.batches, loss, schedule)]))

        unguarded = fit.__wrapped__  # type: ignore[attr-defined]
        flushed, kept = min(seconds(fit), seconds(fit)), min(seconds(unguarded), seconds(unguarded))
        times = {"flushed_s": flushed, "kept_s": kept, "ratio": kept / flushed}
        return {name: round(value, 2) for name, value in times.items()}

    def stages(self, name: str) -> dict[str, float]:
        """Milliseconds of a step by what is done, on one thread; a batch also by its parts."""
        spent = side_by_side([partial(self._stages, name)])[0]
        return {stage: round(1e3 * sum(each) / len(each), 3) for stage, each in spent.items()}

    @denormals_flushed()
    def _stages(self, name: str) -> dict[str, list[float]]:
        """Seconds; a batch is timed as a whole and part by part in turns, each after a step."""
        net, batches = self.nets[name]().train(), self.batches
        optimizer = torch.optim.AdamW(net.parameters(), RATE, fused=True)
        spent: dict[str, list[float]] = defaultdict(list)
        parts, batch = dict(stages_of_a_batch(batches)), batches(0)
        whole = {"batch": parts.pop("batch")}
        for step in range(self.steps):
            for stage, job in (parts if step % 2 else whole).items():
                spent[stage].append(clocked(partial(job, step)))
            started = time.perf_counter()
            loss = loss_of(net, batch)
            forward = time.perf_counter()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            backward = time.perf_counter()
            optimizer.step()
            spent["forward"].append(forward - started)
            spent["backward"].append(backward - forward)
            spent["optimizer"].append(time.perf_counter() - backward)
        return spent

    def operations(self, name: str) -> list[dict[str, Any]]:
        """What torch spends most time in during a step: its own operations."""
        every = side_by_side([partial(self._operations, name)])[0]
        spent = {one.key: one.self_cpu_time_total for one in every}
        calls, total = {one.key: one.count for one in every}, sum(spent.values())
        most = sorted(spent, key=lambda key: -spent[key])[:OPERATIONS]
        return [
            {"name": key, "calls": calls[key], "share": round(spent[key] / total, 4)}
            for key in most
        ]

    def _operations(self, name: str) -> Any:
        with profile(activities=[ProfilerActivity.CPU]) as told:
            fit(self.nets[name](), self.batches, loss_of, Schedule(self.steps, RATE))
        return told.key_averages()


def stages_of_a_batch(batches: Batches) -> Iterator[tuple[str, Callable[[int], object]]]:
    """What a batch is made of, and the whole of it."""
    pool, size = batches.pool, batches.draw.size
    rig = Rig.of(pool.channels, batches.augmentation.mirror)
    numbers = np.random.default_rng(0).integers(0, len(pool), size)
    raw, generator = torch.from_numpy(pool.gather(numbers)), torch.Generator()
    yield "gather", lambda step: pool.gather(numbers)
    yield "vary", lambda step: augment(raw, rig, batches.augmentation, generator)
    yield "scale", lambda step: batches.scaled(raw)
    yield "batch", batches


class Samples(Dataset[tuple[Tensor, int]]):
    """A window at a time, varied and scaled as ours are."""

    def __init__(self, batches: Batches) -> None:
        self.batches = batches
        self.rig = Rig.of(batches.pool.channels, batches.augmentation.mirror)
        self.truth = batches.pool.truth[batches.tasks[0].name]

    def __len__(self) -> int:
        return len(self.batches.pool)

    def __getitem__(self, number: int) -> tuple[Tensor, int]:
        """One view of a window, and its class."""
        raw = torch.from_numpy(self.batches.pool.gather(np.array([number])))
        view = augment(raw, self.rig, self.batches.augmentation, torch.default_generator)
        return self.batches.scaled(view)[0], int(self.truth[number])

    @classmethod
    def loader(cls, batches: Batches, steps: int, workers: int) -> DataLoader[tuple[Tensor, int]]:
        """So many batches, rare classes as often as in ours."""
        samples, size = cls(batches), batches.draw.size
        known = samples.truth >= 0
        often = 1 / np.sqrt(np.maximum(np.bincount(samples.truth[known]), 1))
        chances = np.where(known, often[np.maximum(samples.truth, 0)], 0.0)
        sampler = WeightedRandomSampler(chances.tolist(), steps * size)
        return DataLoader(samples, size, sampler=sampler, num_workers=workers)


def loss_of(net: nn.Module, batch: Batch) -> Tensor:
    """Of labels alone."""
    return batch_loss(net, batch, ALONE)


def whole_run(
    cohort: Cohort, folder: Path, budget: Mapping[str, int], device: DeviceName = "cpu"
) -> dict[str, Any]:
    """One fold of `distride train` on a budget: seconds, and windows that its nets saw."""
    steps: dict[str, int] = {}

    def told(stage: str, done: int, total: int) -> None:
        steps[stage] = total

    recipe = Recipe(device=device)
    teacher = replace(recipe.teacher, windows_seen=budget["teacher"])
    student = replace(recipe.student, windows_seen=budget["student"])
    recipe = replace(recipe, teacher=teacher, student=student)
    run = train(cohort, folder, recipe, folds=1, progress=told)
    trainings = {file.stem for file in folder.glob("folds/*/*.safetensors")} & steps.keys()
    seen = sum(steps[name] for name in trainings) * recipe.student.batch_size
    seconds = run.results["seconds"]
    return {
        "budget": dict(budget),
        "trainings": len(trainings),
        "windows_seen": seen,
        "seconds": {kind: round(value, 2) for kind, value in seconds.items()},
        "windows_per_second": round(seen / seconds["total"], 1),
    }


def asked(predict: Predict, pool: Pool, numbers: np.ndarray) -> np.ndarray:
    """A classic peer's classes."""
    return predict(pool.gather(numbers))


def per_second(windows: int, job: Callable[[], object]) -> float:
    """Windows a second of a job on so many."""
    return windows / clocked(job)


def clocked(job: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
