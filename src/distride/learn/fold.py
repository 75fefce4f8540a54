"""One fold: everything that is learnt from its training athletes, and judged on the held out."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import torch

from distride.data import Fold, Windows, calibration_split
from distride.heads import Head, fit_temperature, softmax
from distride.learn.baselines import BASELINES, MOST_WINDOWS, Windows2D
from distride.learn.batches import UNKNOWN, Pool
from distride.learn.distill import Choice, Squad, choose, soft_labels, student, students
from distride.learn.ground import Ground, Scores, features_of, scores_of
from distride.learn.judged import Judged, judged
from distride.learn.personal import Curves, Own, curves
from distride.learn.shared import shared_head
from distride.learn.teach import Teacher, asked, ensemble_scores, taught
from distride.models.net import Net, Task, flops_per_window, parameter_count

LEAST_SURE = 0.05  # share of the validating athletes' windows on which a device says nothing


@dataclass
class Clock:
    """Seconds spent by kind of work."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        """Add the time of a block."""
        started = time.perf_counter()
        yield
        spent = time.perf_counter() - started
        self.seconds[kind] = self.seconds.get(kind, 0.0) + spent


@dataclass(frozen=True)
class Shipped:
    """What a fold would put on a phone.

    Attributes:
        net: Its body leaves.
        heads: The shared ones, calibrated, by task.
        abstain_below: By task, the confidence under which a device says nothing.
        choice: How it was chosen.
    """

    net: Net
    heads: dict[str, Head]
    abstain_below: dict[str, float]
    choice: Choice


@dataclass(frozen=True)
class Desk:
    """Where a fold is worked on: its athletes, its tools, its clock."""

    ground: Ground
    fold: Fold
    squad: Squad
    channels: tuple[str, ...]
    teacher_channels: tuple[str, ...]
    clock: Clock

    @property
    def task(self) -> Task:
        """The task that is scored."""
        return self.ground.tasks[0]

    @property
    def windows(self) -> Windows:
        """Of the whole cohort."""
        return self.ground.windows

    @cached_property
    def labelled(self) -> Pool:
        """Windows of athletes whose labels may be used, as the student sees them."""
        return Pool(self.windows, self.squad.labelled, self.channels)

    def held_out(self, athlete: str, channels: tuple[str, ...]) -> tuple[Pool, np.ndarray]:
        """One athlete's windows, and the numbers of those with a label."""
        pool = Pool(self.windows, (athlete,), channels)
        return pool, np.flatnonzero(pool.truth[self.task.name] != UNKNOWN)


def learn(desk: Desk, teacher: Teacher | None) -> tuple[dict[str, Net], Shipped]:
    """Distil and train the controls; decide by the validating athletes what ships."""
    ground, squad = desk.ground, desk.squad
    with desk.clock.of("teacher"):
        soft = soft_labels(ground, squad, desk.teacher_channels, teacher)
    with desk.clock.of("student"):
        pool = Pool(desk.windows, squad.everyone, desk.channels)
        choice = choose(ground, squad, pool, soft)
        nets = students(ground, squad, pool, soft, choice)
        shipped = _shipped(desk, nets[choice.ships], choice, soft)
    return nets, shipped


def _shipped(desk: Desk, net: Net, choice: Choice, soft: Scores) -> Shipped:
    heads, abstain_below = {}, {}
    for task in desk.ground.tasks:
        head = shared_head(desk.ground, net, desk.labelled, task)
        heads[task.name], abstain_below[task.name] = head, 0.0
        if task.labels:
            heads[task.name], abstain_below[task.name] = _calibrated(desk, head, choice, task)
    return Shipped(net, heads, abstain_below, choice)


def _calibrated(desk: Desk, head: Head, choice: Choice, task: Task) -> tuple[Head, float]:
    """Temperature and threshold from athletes that the trial's body and head never saw.

    The final net learnt from all training athletes, so none of them could tell how sure it may be
    of strangers; the trial of the same kind stands in for it.
    """
    ground = desk.ground
    fit = Pool(desk.windows, desk.squad.fit, desk.channels)
    trial = student(ground, choice.body, choice.objective, fit)  # read back: it was trained before
    stand_in = shared_head(ground, trial, fit, task)
    judge = Pool(desk.windows, desk.squad.validate, desk.channels)
    known = np.flatnonzero(judge.truth[task.name] != UNKNOWN)
    if len(known) == 0:
        return head, 0.0
    features = features_of(trial.body, ground.batches(judge, "judge", 64), known)
    scores, truth = stand_in.scores(features), judge.truth[task.name][known]
    temperature = fit_temperature(scores, truth)
    confidence = softmax(scores / temperature).max(axis=1)
    return replace(head, temperature=temperature), float(np.quantile(confidence, LEAST_SURE))


def judge_nets(
    desk: Desk, nets: dict[str, Net], shipped: Shipped
) -> tuple[dict[str, dict[str, Judged]], dict[str, np.ndarray]]:
    """Each student on each held-out athlete, all by heads of one kind.

    Returns:
        Judgements by model and athlete, and of the shipped one: features, truth, probabilities
        and athlete, joined over the athletes.
    """
    found: dict[str, dict[str, Judged]] = {name: {} for name in nets}
    joined: dict[str, list[np.ndarray]] = {"features": [], "truth": [], "p": [], "athlete": []}
    temperature = shipped.heads[desk.task.name].temperature
    for name, net in nets.items():
        head = shared_head(desk.ground, net, desk.labelled, desk.task)
        head = replace(head, temperature=temperature)
        for number, athlete in enumerate(desk.fold.held_out):
            pool, known = desk.held_out(athlete, desk.channels)
            if len(known) == 0:
                continue
            features = features_of(net.body, desk.ground.batches(pool, "judge", 64), known)
            truth, p = pool.truth[desk.task.name][known], head.probabilities(features)
            found[name][athlete] = judged(truth, p.argmax(axis=1), desk.task.outputs, p)
            if net is shipped.net:
                parts = (features, truth, p, np.full(len(truth), number))
                for key, part in zip(joined, parts, strict=True):
                    joined[key].append(part)
    return found, {key: np.concatenate(parts) for key, parts in joined.items()}


def judge_teacher(
    desk: Desk, teacher: Teacher | None
) -> tuple[dict[str, Judged], dict[str, int | None]]:
    """The teacher that learnt from all labelled athletes, on each held-out one, and its cost."""
    ground, found = desk.ground, {}
    cost: dict[str, int | None] = {"params": None, "flops_per_window": None}
    nets: list[Net] = []
    if teacher is None:
        nets = taught(
            ground, "teacher", Pool(desk.windows, desk.squad.labelled, desk.teacher_channels)
        )
        costs = [net_cost(net, len(desk.teacher_channels), desk.windows) for net in nets]
        cost = {key: sum(one[key] for one in costs) for key in costs[0]}
    for athlete in desk.fold.held_out:
        pool, known = desk.held_out(athlete, desk.teacher_channels)
        if len(known) == 0:
            continue
        if teacher is None:
            batches = ground.batches(pool, "judge", 64)
            parts = [scores_of(net, batches, known) for net in nets]
            scores = ensemble_scores(parts, ground.tasks)[desk.task.name]
        else:
            scores = asked(ground, teacher, pool)[desk.task.name][known]
        truth, p = pool.truth[desk.task.name][known], softmax(scores)
        found[athlete] = judged(truth, p.argmax(axis=1), desk.task.outputs, p)
    return found, cost


def judge_baselines(desk: Desk) -> dict[str, dict[str, Judged]]:
    """The classic peers, trained on the very windows the student had labels for."""
    truth = desk.labelled.truth[desk.task.name]
    known = np.flatnonzero(truth != UNKNOWN)
    seed = desk.ground.seed("baselines") % 2**31
    if len(known) > MOST_WINDOWS:
        known = np.sort(np.random.default_rng(seed).choice(known, MOST_WINDOWS, replace=False))
    train = Windows2D(desk.labelled.gather(known), truth[known])
    found: dict[str, dict[str, Judged]] = {}
    for number, (name, fit) in enumerate(BASELINES.items()):
        predict = fit(train, seed)
        found[name] = {}
        for athlete in desk.fold.held_out:
            pool, rows = desk.held_out(athlete, desk.channels)
            if len(rows):
                own, answers = pool.truth[desk.task.name][rows], predict(pool.gather(rows))
                found[name][athlete] = judged(own, answers, desk.task.outputs)
        desk.ground.progress("baselines", number + 1, len(BASELINES))
    return found


def judge_personal(desk: Desk, shipped: Shipped) -> dict[str, Curves]:
    """Curves of each held-out athlete; the next one's windows are the placebo.

    A fold that holds out one athlete takes the placebo from a training athlete.
    """
    held_out = desk.fold.held_out
    givers = held_out if len(held_out) > 1 else (*held_out, desk.squad.validate[0])
    owns = {athlete: own for athlete in givers if (own := _own(desk, shipped, athlete))}
    found: dict[str, Curves] = {}
    names = list(owns)
    for number, athlete in enumerate(names):
        other = owns[names[(number + 1) % len(names)]]
        if athlete in held_out and len(names) > 1:
            head = shipped.heads[desk.task.name]
            recipe, seed = desk.ground.recipe.personalization, desk.ground.seed(f"shots/{athlete}")
            found[athlete] = curves(head, shipped.net.body, owns[athlete], other, recipe, seed)
        desk.ground.progress("personal heads", number + 1, len(names))
    return found


def _own(desk: Desk, shipped: Shipped, athlete: str) -> Own | None:
    """An athlete's labelled windows; none where the past or the future is empty."""
    pool, known = desk.held_out(athlete, desk.channels)
    part = desk.windows.of(athlete)
    classes = pool.truth[desk.task.name][known]
    split = calibration_split(
        classes, part.recording[known], part.start_s[known], desk.windows.spec.window_s
    )
    if len(split.calibration) == 0 or len(split.test) == 0:
        return None
    batches = desk.ground.batches(pool, "judge", 64)
    features = features_of(shipped.net.body, batches, known)
    return Own(batches.view(known, None), features, classes, split)


def net_cost(net: torch.nn.Module, channels: int, windows: Windows) -> dict[str, int]:
    """Parameters and operations of one window."""
    samples = windows.spec.window_samples
    return {
        "params": parameter_count(net),
        "flops_per_window": flops_per_window(net, channels, samples),
    }
