"""What a fold learnt, judged on its held-out athletes, beside controls and classic peers."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch

from distride.data import Windows, calibration_split
from distride.learn.baselines import MOST_WINDOWS, LabelledWindows, peers_for, undisturbed
from distride.learn.batches import Pool
from distride.learn.fold import Desk, Shipped
from distride.learn.ground import Scores, features_of, scores_of
from distride.learn.judged import Judged, JudgedValues, judged, judged_scores, judged_values
from distride.learn.members import Member, taught
from distride.learn.personal import Curves, Own, curves
from distride.learn.teach import Teacher, asked, ensemble_scores
from distride.models.net import Net, Task, flops_per_window, parameter_count

Judgement = Judged | JudgedValues
ByAthlete = dict[str, Judgement]


def judge_nets(
    desk: Desk, nets: Mapping[str, Net], temperature: float = 1.0
) -> dict[str, ByAthlete]:
    """Each net on each held-out athlete, all as sure of themselves as the one that ships."""
    found: dict[str, ByAthlete] = {name: {} for name in nets}
    for athlete in desk.fold.held_out:
        pool, known = desk.held_out(athlete, desk.channels)
        if len(known) == 0:
            continue
        batches, truth = desk.ground.batches(pool, "judge", 64), pool.truth[desk.task.name][known]
        for name, net in nets.items():
            scores = scores_of(net, batches, known)[desk.task.name]
            found[name][athlete] = judged_scores(desk.task, truth, scores, temperature)
    return found


@dataclass(frozen=True)
class Seen:
    """What the shipped net saw in the held-out athletes' windows, joined over athletes.

    Attributes:
        features: ``(window, feature)``.
        truth: ``(window,)`` class numbers, or values.
        answers: ``(window, class)`` probabilities, or ``(window, 1)`` values in the task's unit.
        athlete: ``(window,)`` numbers in the order of the fold.
    """

    features: np.ndarray
    truth: np.ndarray
    answers: np.ndarray
    athlete: np.ndarray


def seen_by(desk: Desk, shipped: Shipped) -> Seen | None:
    """Features and answers of what ships, for the report's pictures; None without any truth."""
    features, truth, athlete = [], [], []
    for number, name in enumerate(desk.fold.held_out):
        pool, known = desk.held_out(name, desk.channels)
        if len(known) == 0:
            continue
        batches = desk.ground.batches(pool, "judge", 64)
        features.append(features_of(shipped.net.body, batches, known))
        truth.append(pool.truth[desk.task.name][known])
        athlete.append(np.full(len(known), number))
    if not features:
        return None
    joined = np.concatenate(features)
    head = shipped.heads[desk.task.name]
    answers = head.probabilities(joined) if head.labels else head.scores(joined)
    return Seen(joined, np.concatenate(truth), answers, np.concatenate(athlete))


@dataclass(frozen=True)
class TeacherJudged:
    """The teacher on unseen athletes.

    Attributes:
        together: By athlete.
        members: By member and athlete; empty for somebody's own teacher.
        without: By member and athlete, the others without that member; empty if it is alone.
        cost: Of its nets, for one window.
    """

    together: ByAthlete
    members: dict[str, ByAthlete]
    without: dict[str, ByAthlete]
    cost: dict[str, int | None]


def judge_teacher(desk: Desk, teacher: Teacher | None) -> dict[str, TeacherJudged]:
    """By task, the teacher that learnt from all labelled athletes, on each held-out one."""
    if teacher is not None:
        return _judge_own_teacher(desk, teacher)
    pool = Pool(desk.windows, desk.squad.labelled, desk.teacher_channels)
    members = taught(desk.ground, "teacher", pool)
    width = len(desk.teacher_channels)
    costs = [net_cost(one.net, width, desk.windows) for one in members if one.net]
    cost = {key: sum(one[key] for one in costs) for key in ("params", "flops_per_window")}
    found = {task.name: _unjudged(members, cost) for task in desk.ground.tasks}
    for athlete in desk.fold.held_out:
        own = Pool(desk.windows, (athlete,), desk.teacher_channels)
        batches, every = desk.ground.batches(own, "judge", 64), np.arange(len(own))
        parts = {one.name: one.scores(batches.views(every)) for one in members}
        tasks = tuple(task for task in desk.ground.tasks if own.known(task).any())
        together = ensemble_scores(list(parts.values()), tasks)
        without = _without_each(parts, tasks)
        for task in tasks:
            here = found[task.name]
            here.together[athlete] = _judged(task, own, together)
            for name, part in parts.items():
                here.members[name][athlete] = _judged(task, own, part)
            for name, rest in without.items():
                here.without[name][athlete] = _judged(task, own, rest)
    return found


def _unjudged(members: list[Member], cost: Mapping[str, int | None]) -> TeacherJudged:
    alone = {one.name: ByAthlete() for one in members}
    rest = {one.name: ByAthlete() for one in members if len(members) > 1}
    return TeacherJudged({}, alone, rest, {**cost})


def _without_each(parts: Mapping[str, Scores], tasks: tuple[Task, ...]) -> dict[str, Scores]:
    """By member, what the others say together; nothing where there are no others."""
    return {
        name: ensemble_scores([part for other, part in parts.items() if other != name], tasks)
        for name in (parts if len(parts) > 1 else ())
    }


def _judge_own_teacher(desk: Desk, teacher: Teacher) -> dict[str, TeacherJudged]:
    unknown: dict[str, int | None] = {"params": None, "flops_per_window": None}
    found = {task.name: TeacherJudged({}, {}, {}, unknown) for task in desk.ground.tasks}
    for athlete in desk.fold.held_out:
        pool = Pool(desk.windows, (athlete,), desk.teacher_channels)
        scores = asked(desk.ground.tasks, teacher, pool.gathered(np.arange(len(pool))))
        for task in filter(lambda task: _answered(task, pool, scores).any(), desk.ground.tasks):
            found[task.name].together[athlete] = _judged(task, pool, scores)
    return found


def _judged(task: Task, pool: Pool, scores: Scores) -> Judgement:
    """Scores of all of a pool's windows, where there is a truth and an opinion."""
    rows = _answered(task, pool, scores)
    return judged_scores(task, pool.truth[task.name][rows], scores[task.name][rows])


def _answered(task: Task, pool: Pool, scores: Scores) -> np.ndarray:
    return np.asarray(pool.known(task) & np.isfinite(scores[task.name]).all(axis=1))


def judge_baselines(desk: Desk) -> dict[str, ByAthlete]:
    """The classic peers, on the very windows that the student had labels for, as it sees them."""
    seed, train, shown = baselines_seed(desk), baselines_windows(desk), desk.ground.posture.shown
    peers = peers_for(desk.task, desk.channels, desk.windows.spec.rate_hz)
    found: dict[str, ByAthlete] = {}
    with undisturbed():
        for number, (name, fit) in enumerate(peers.items()):
            predict = fit(train, seed)
            found[name] = {}
            for athlete in desk.fold.held_out:
                pool, rows = desk.held_out(athlete, desk.channels)
                if len(rows):
                    answers = predict(shown(pool.gather(rows)))
                    truth = pool.truth[desk.task.name][rows]
                    found[name][athlete] = _compared(desk.task, truth, answers)
            desk.ground.progress("baselines", number + 1, len(peers))
    return found


def baselines_seed(desk: Desk) -> int:
    """Of all that the classic peers draw."""
    return desk.ground.seed("baselines") % 2**31


def baselines_windows(desk: Desk) -> LabelledWindows:
    """What the classic peers learn from: the labelled windows, or as many as fit into memory."""
    known = np.flatnonzero(desk.labelled.known(desk.task))
    if len(known) > MOST_WINDOWS:
        rng = np.random.default_rng(baselines_seed(desk))
        known = np.sort(rng.choice(known, MOST_WINDOWS, replace=False))
    x, y = desk.labelled.gather(known), desk.labelled.truth[desk.task.name][known]
    return LabelledWindows(desk.ground.posture.shown(x), y)


def _compared(task: Task, truth: np.ndarray, answers: np.ndarray) -> Judgement:
    if task.labels:
        return judged(truth, answers, task.outputs)
    return judged_values(truth, answers)


def judge_personal(desk: Desk, shipped: Shipped) -> dict[str, Curves]:
    """Curves of each held-out athlete; the next one's windows are the placebo.

    Where one athlete alone has enough of them, the placebo comes from a training athlete. Only
    classes have shots, so there are none of a regression.
    """
    if not desk.task.labels:
        return {}
    held_out = desk.fold.held_out
    body = shipped.net.body
    owns = {athlete: own for athlete in held_out if (own := own_windows(desk, body, athlete))}
    if len(owns) == 1:
        strangers = (*desk.squad.validate, *desk.squad.fit)
        givers = ((name, own) for name in strangers if (own := own_windows(desk, body, name)))
        owns |= dict(islice(givers, 1))
    found: dict[str, Curves] = {}
    names = list(owns)
    for number, athlete in enumerate(names):
        other = owns[names[(number + 1) % len(names)]]
        if athlete in held_out and len(names) > 1:
            head = shipped.heads[desk.task.name]
            recipe, seed = desk.ground.recipe.personalization, desk.ground.seed(f"shots/{athlete}")
            found[athlete] = curves(head, body, owns[athlete], other, recipe, seed)
        desk.ground.progress("personal heads", number + 1, len(names))
    return found


def own_windows(desk: Desk, body: torch.nn.Module, athlete: str) -> Own | None:
    """An athlete's labelled windows; none where the past or the future is empty.

    Nor for somebody with one class in the future: to say it always would score 1.
    """
    pool, known = desk.held_out(athlete, desk.channels)
    part = desk.windows.of(athlete)
    classes = pool.truth[desk.task.name][known]
    split = calibration_split(
        classes, part.recording[known], part.start_s[known], desk.windows.spec.window_s
    )
    if len(split.calibration) == 0 or len(np.unique(classes[split.test])) < 2:
        return None
    batches = desk.ground.batches(pool, "judge", 64)
    features = features_of(body, batches, known)
    start = part.start_s[known] / desk.windows.spec.window_s
    [view] = batches.views(known, len(known))
    return Own(view, features, classes, split, part.recording[known], start)


def net_cost(net: torch.nn.Module, channels: int, windows: Windows) -> dict[str, int]:
    """Parameters and operations of one window."""
    samples = windows.spec.window_samples
    return {
        "params": parameter_count(net),
        "flops_per_window": flops_per_window(net, channels, samples),
    }
