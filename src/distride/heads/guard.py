"""The guard: an athlete's own head goes live only if their own data say that it helps.

Personal windows sometimes harm: they may be few, faulty or mislabelled, and what is true of a
minute may not be true of the next. So before a personal head replaces the shared one, both are
compared on the athlete's calibration windows, each judged by a head that saw neither its group (a
recording, or a stretch of time) nor any window near it: neighbours look so alike that one tells
nothing of the other's future (López de Prado 2018, "Advances in financial machine learning",
chapter 7, purges them likewise). The strongest of a few weights whose head is surely better goes
live; if there is none, the shared head stays.

Leaving windows ``o`` out needs no refit. The prior (shared head, evidence and rehearsal) stays as
it is, and for ridge regression the residuals of the left-out rows follow from those of the full fit
(PRESS; Allen 1974, Technometrics 16:125). With the rows of ``P`` and ``T`` times the roots of their
counts,

    r₋o = (I − H_oo)⁻¹ r_o        with  H = P (A + PᵀP)⁻¹ Pᵀ
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from distride.heads.calibration import log_loss
from distride.heads.linear import Head, softmax
from distride.heads.personal import (
    WEIGHT,
    Belief,
    Labels,
    Weight,
    check,
    counts_of,
    extended,
    numbers_of,
    personalize,
    rehearsed,
    targets_of,
)
from distride.heads.shared import solution_of, with_one

FEWEST_GROUPS = 3  # below, no standard error deserves the name
SURE = 1.64  # standard errors: chance gets so far once in twenty
ROUNDING = 1e-9  # of a score: where neighbours leave nothing to learn from, both are the same
STEPS = (1.0, 0.3, 0.1)  # of the weight, tried in this order: gentler heads pass more easily


@dataclass(frozen=True)
class GuardVerdict:
    """Whether a personal head goes live, and why.

    Attributes:
        live: Whether it does.
        reason: One sentence with the numbers.
        shared_score: Accuracy of the shared head on the calibration windows; of a regression,
            minus the root mean square error.
        personal_score: The same of the personal head, each window judged by one that saw neither
            it nor its group.
        head: What to use: the personal head if live, else the shared one.
        step: The share of the weight with which the personal head learnt; 0 if none is live.
    """

    live: bool
    reason: str
    shared_score: float
    personal_score: float
    head: Head
    step: float


def guarded(
    head: Head,
    features: np.ndarray,
    labels: Labels,
    groups: np.ndarray,
    weight: Weight = WEIGHT,
    near: np.ndarray | None = None,
) -> GuardVerdict:
    """Personalise, and let it go live if it is better beyond chance.

    The loss of a window is minus the log of its true class's probability, or a regression's
    squared error; its mean fall over each class's share of each group must exceed 1.64 standard
    errors of that mean. The score must rise too, for modesty alone lowers a loss. One window a
    class can hardly pass, because leaving it out leaves nothing of its class.

    Args:
        head: The shared head.
        features: ``(window, feature)`` of the athlete's calibration windows.
        labels: One a window.
        groups: ``(window,)``, what is judged together: recordings or stretches of time. If a class
            would vanish with its group, each of its windows is a group of its own.
        weight: As in `personalize`; gentler ones are tried too.
        near: ``(window, window)``, whether one may not teach the head that judges the other.

    Raises:
        TrainingError: As in `personalize`.
    """
    base = extended(head, labels)
    targets = targets_of(base, labels)
    check(base, features, targets, weight)
    truth = numbers_of(base, labels) if base.labels else targets[:, 0]
    groups = groups_of(base, truth, groups)
    cells = cells_of(base, groups, truth)
    shared = with_one(features) @ solution_of(base)
    refused = None
    for step in STEPS:
        counts = counts_of(base, labels, step * np.asarray(weight))
        own = held_out(rehearsed(base, labels, counts), features, targets, groups, counts, near)
        gain = mean_by(cells, losses(base, shared, truth) - losses(base, own, truth))
        scores = score(base, shared, truth), score(base, own, truth)
        live, reason = judge(gain, *scores)
        if live:
            personal = personalize(head, features, labels, step * np.asarray(weight))
            return GuardVerdict(True, reason, *scores, personal, step)
        refused = refused or GuardVerdict(False, reason, *scores, head, 0.0)
    assert refused is not None
    return refused


def held_out(
    prior: Belief,
    features: np.ndarray,
    targets: np.ndarray,
    groups: np.ndarray,
    counts: np.ndarray,
    near: np.ndarray | None = None,
) -> np.ndarray:
    """Raw scores ``(window, output)`` of each window by a head that saw not its group.

    Args:
        prior: What the athlete's windows change.
        features: ``(window, feature)``.
        targets: ``(window, output)``.
        groups: ``(window,)``.
        counts: ``(window,)``, as how many windows of training each counts.
        near: As in `guarded`.
    """
    root = np.sqrt(counts)[:, None]
    phi = root * with_one(features)
    hat = phi @ np.linalg.solve(prior.evidence + phi.T @ phi, phi.T)  # (window, window)
    before = root * targets - phi @ prior.solution
    after = before - hat @ before
    scores = np.empty_like(targets)
    for judged, out in _left_out(groups, near):
        inside = np.eye(len(out)) - hat[np.ix_(out, out)]
        residual = np.linalg.solve(inside, after[out])[np.isin(out, judged)]
        scores[judged] = targets[judged] - residual / root[judged]
    return scores


def _left_out(
    groups: np.ndarray, near: np.ndarray | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of each group, and those rows with all that are near them; both rise."""
    for group in np.unique(groups):
        judged = groups == group
        out = judged if near is None else judged | near[judged].any(axis=0)
        yield np.flatnonzero(judged), np.flatnonzero(out)


def groups_of(base: Head, truth: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The groups as given, but single windows for a class that lives in one group only."""
    numbers = np.unique(groups, return_inverse=True)[1]
    if not base.labels:
        return np.asarray(numbers)
    elsewhere = (numbers[:, None] != numbers) & (truth[:, None] == truth)
    return np.where(elsewhere.any(axis=1), numbers, len(numbers) + np.arange(len(numbers)))


def cells_of(base: Head, groups: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Numbers from 0 of each group, or of each class in each group."""
    pairs = groups * len(base.labels) + truth if base.labels else groups
    return np.asarray(np.unique(pairs, return_inverse=True)[1])


def losses(base: Head, scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """``(window,)`` of raw scores: log-loss, or the squared error of a regression."""
    if not base.labels:
        return np.asarray((scores[:, 0] - truth) ** 2)
    return log_loss(softmax(scores / base.temperature), truth)


def score(base: Head, scores: np.ndarray, truth: np.ndarray) -> float:
    """Accuracy by raw scores; of a regression, minus the root mean square error."""
    if not base.labels:
        return -float(np.sqrt(losses(base, scores, truth).mean()))
    return float((scores.argmax(axis=1) == truth).mean())


def mean_by(cells: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean of the values of each cell, numbered from 0."""
    return np.asarray(np.bincount(cells, values) / np.bincount(cells))


def judge(gain: np.ndarray, before: float, after: float) -> tuple[bool, str]:
    """Whether a personal head goes live, and why: by each cell's fall in loss, and both scores."""
    if len(gain) < FEWEST_GROUPS:
        return False, f"{len(gain)} groups of windows are too few to judge by: record more."
    mean, error = float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain)))
    numbers = (
        f"held out, its loss is {abs(mean):.3f} ± {error:.3f} {'lower' if mean > 0 else 'higher'}, "
        f"its score {after:.3f} against {before:.3f}"
    )
    if mean > SURE * error and after - before > ROUNDING * max(1.0, abs(before)):
        return True, f"The personal head is better: {numbers}."
    return False, f"The personal head is not surely better, so the shared one stays: {numbers}."
