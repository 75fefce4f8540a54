"""Many athletes' own heads: those of `guarded`, each found in the space of its windows.

An athlete has far fewer windows than a body has features, so the systems of `personal` and `guard`
are solved where they are small (Woodbury 1950, "Inverting modified matrices"). Let ``P`` hold the
athlete's windows and one row for each movement that is rehearsed, both times the roots of their
counts, and ``R`` the residuals ``T − P·W`` of the shared head, likewise. With ``Q = P·A⁻¹``,

    S = (I + Q·Pᵀ)⁻¹ = I − H        U = W + Qᵀ·S·R        r₋o = S_oo⁻¹ (S·R)_o

``A`` is inverted once for everybody, and what an athlete costs is one product with ``A⁻¹`` and
systems of the size of their windows. A gentler weight multiplies ``Q·Pᵀ``, which stays.
"""

from dataclasses import dataclass, replace

import numpy as np

from distride.heads.guard import (
    STEPS,
    GuardVerdict,
    cells_of,
    groups_of,
    guarded,
    judge,
    losses,
    mean_by,
    score,
)
from distride.heads.linear import Head
from distride.heads.personal import (
    WEIGHT,
    Labels,
    Weight,
    check,
    counts_of,
    extended,
    numbers_of,
    sums_of,
    targets_of,
)
from distride.heads.shared import linear_of, solution_of, with_one


@dataclass(frozen=True)
class Calibration:
    """One athlete's labelled windows, as `guarded` takes them.

    Attributes:
        features: ``(window, feature)``.
        labels: One a window.
        groups: ``(window,)``, what is judged together.
        weight: As in `personalize`.
        near: ``(window, window)``, whether one may not teach the head that judges the other.
    """

    features: np.ndarray
    labels: Labels
    groups: np.ndarray
    weight: Weight = WEIGHT
    near: np.ndarray | None = None


class Guard:
    """`guarded`, for one shared head and many athletes; to float tolerance, some times as fast.

    A live head keeps the shared evidence, as one that is read from its file does.

    Args:
        head: The shared head.
    """

    def __init__(self, head: Head) -> None:
        self.head = head
        self._inverse = np.linalg.inv(head.evidence.astype(np.float64))
        counts = head.sums[:, -1:].astype(np.float64)
        self._means = head.sums / np.where(counts > 0, counts, 1.0)

    def __call__(self, own: Calibration) -> GuardVerdict:
        """What `guarded` says of an athlete.

        Raises:
            TrainingError: As `guarded` does.
        """
        if len(own.labels) > len(self._inverse):  # the space of the features is the smaller one
            verdict = guarded(self.head, own.features, own.labels, own.groups, own.weight, own.near)
            return replace(verdict, head=replace(verdict.head, evidence=self.head.evidence))
        shown = self._shown(own)
        refused = None
        for step in STEPS:
            verdict = shown.verdict(self.head, step)
            if verdict.live:
                return verdict
            refused = refused or verdict
        assert refused is not None
        return refused

    def _shown(self, own: Calibration) -> "_Shown":
        base = extended(self.head, own.labels)
        targets, phi = targets_of(base, own.labels), with_one(own.features)
        check(base, own.features, targets, own.weight)
        truth = numbers_of(base, own.labels) if base.labels else targets[:, 0]
        counts = counts_of(base, own.labels, own.weight)
        rows, scores, often = phi, targets, counts
        absent = self._absent(truth)
        if len(absent):
            rows = np.concatenate([phi, self._means[absent]])
            scores = np.concatenate([targets, base.targets[absent]])
            share = counts.sum() / len(np.unique(truth))
            often = np.concatenate([counts, np.full(len(absent), share)])
        root = np.sqrt(often)[:, None]
        rooted, shared = root * rows, rows @ solution_of(base)
        reach = rooted @ self._inverse
        out = _LeftOut.of(groups_of(base, truth, own.groups), own.near)
        return _Shown(
            base=base,
            truth=truth,
            targets=targets,
            loss=losses(base, shared[: len(phi)], truth),
            score=score(base, shared[: len(phi)], truth),
            root=root,
            residuals=root * (scores - shared),
            reach=reach,
            mixed=reach @ rooted.T,
            out=out,
            cells=cells_of(base, out.group, truth),
            sums=sums_of(base, phi, own.labels, counts),
        )

    def _absent(self, truth: np.ndarray) -> np.ndarray:
        """Numbers of classes that training knew and the athlete did not show."""
        known = self.head.sums[:, -1] > 0
        if not self.head.labels:
            return np.flatnonzero(known)
        known[truth[truth < len(known)].astype(int)] = False
        return np.flatnonzero(known)


@dataclass(frozen=True)
class _LeftOut:
    """Which windows are judged together, and which are left out for that.

    Attributes:
        group: ``(window,)`` numbers from 0.
        rows: ``(group, most)`` rows that are left out; past their number, any others.
        real: ``(group, most)``, which of these are left out.
        place: ``(window,)`` where each window stands in the rows of its group.
    """

    group: np.ndarray
    rows: np.ndarray
    real: np.ndarray
    place: np.ndarray

    @classmethod
    def of(cls, groups: np.ndarray, near: np.ndarray | None) -> "_LeftOut":
        group = np.unique(groups, return_inverse=True)[1]
        judged = group == np.arange(group.max() + 1)[:, None]
        out = judged if near is None else judged | (judged.astype(float) @ near > 0)
        order = np.argsort(~out, axis=1, kind="stable")
        rows = order[:, : out.sum(axis=1).max()]
        place = np.argsort(order, axis=1)[group, np.arange(len(group))]
        return cls(group, rows, np.take_along_axis(out, rows, axis=1), place)

    def residuals(self, inside: np.ndarray, after: np.ndarray) -> np.ndarray:
        """``(window, output)`` ``r₋o``, from ``S`` and ``S·R``."""
        real = self.real[:, :, None] & self.real[:, None, :]
        blocks = inside[self.rows[:, :, None], self.rows[:, None, :]]
        systems = np.where(real, blocks, np.eye(self.rows.shape[1]))
        solved = np.linalg.solve(systems, after[self.rows] * self.real[:, :, None])
        return np.asarray(solved[self.group, self.place])


@dataclass(frozen=True)
class _Shown:
    """All of an athlete that does not depend on the step.

    Attributes:
        base: The shared head with the athlete's own movements.
        truth: ``(window,)``.
        targets: ``(window, output)``.
        loss: ``(window,)`` of the shared head.
        score: Of the shared head.
        root: ``(row, 1)`` of the counts; rows are windows and, after them, what is rehearsed.
        residuals: ``R``, ``(row, output)``.
        reach: ``Q``, ``(row, feature + 1)``.
        mixed: ``Q·Pᵀ``, ``(row, row)``.
        out: Which windows are left out with which.
        cells: ``(window,)`` numbers from 0 of each class in each group.
        sums: As a head has them.
    """

    base: Head
    truth: np.ndarray
    targets: np.ndarray
    loss: np.ndarray
    score: float
    root: np.ndarray
    residuals: np.ndarray
    reach: np.ndarray
    mixed: np.ndarray
    out: _LeftOut
    cells: np.ndarray
    sums: np.ndarray

    def verdict(self, head: Head, step: float) -> GuardVerdict:
        """With a share of the weight."""
        base, truth, windows = self.base, self.truth, len(self.truth)
        inside = np.linalg.inv(np.eye(len(self.mixed)) + step * self.mixed)
        after = inside @ self.residuals
        own = self.targets - self.out.residuals(inside, after) / self.root[:windows]
        gain = mean_by(self.cells, self.loss - losses(base, own, truth))
        scores = self.score, score(base, own, truth)
        live, reason = judge(gain, *scores)
        if not live:
            return GuardVerdict(False, reason, *scores, head, 0.0)
        solution = solution_of(base) + step * self.reach.T @ after
        matrix, bias = linear_of(solution)
        sums = base.sums + np.float32(step) * self.sums
        personal = replace(base, weight=matrix, bias=bias, sums=sums)
        return GuardVerdict(True, reason, *scores, personal, step)
