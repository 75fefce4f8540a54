"""One model over all held-out athletes, and one beside another."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from distride.learn.judged import sums_of
from distride.learn.metrics import (
    MACRO_F1,
    Yardstick,
    errors_of,
    resampled_scores,
    score_of,
    spread,
    units_in,
)


def model_of(
    name: str, folds: Sequence[Mapping[str, Any]], kind: str = "models"
) -> dict[str, Any] | None:
    """One model, or member, over all held-out athletes; None where no fold has it."""
    per_fold = [fold[kind][name] for fold in folds if fold[kind].get(name)]
    if not per_fold:
        return None
    yardstick, counts = yardstick_of_folds(folds), [sums_of_athletes(fold) for fold in per_fold]
    everyone = [(athlete, sums_of(one)[1]) for fold in per_fold for athlete, one in fold.items()]
    scores = {athlete: float(yardstick.of(sums)) for athlete, sums in everyone}
    worst = min(scores, key=lambda athlete: yardstick.sign * scores[athlete])
    cost = folds[0]["costs"].get(name, {})
    rest = _of_classes(per_fold, counts) if yardstick is MACRO_F1 else _of_values(counts)
    reached = score_of(counts, yardstick)
    ends = spread(reached, resampled_scores(counts, yardstick), units_in(counts))
    return {
        yardstick.name: reached,
        "interval": ends and [min(max(end, 0.0), yardstick.most) for end in ends],
        "per_athlete": scores,
        "worst": [worst, scores[worst]],
        **rest,
        "params": cost.get("params"),
        "flops_per_window": cost.get("flops_per_window"),
    }


def _of_classes(
    per_fold: Sequence[Mapping[str, Any]], counts: Sequence[np.ndarray]
) -> dict[str, Any]:
    unsure = any(one["ece"] is None for fold in per_fold for one in fold.values())
    return {
        "accuracy": float(np.mean([_accuracy(fold.sum(axis=0)) for fold in counts])),
        "ece": None if unsure else _mean_of_folds(per_fold, "ece"),
    }


def _of_values(moments: Sequence[np.ndarray]) -> dict[str, Any]:
    """The other errors, means over folds; None where a fold does not have one."""
    folds = [errors_of(fold.sum(axis=0)) for fold in moments]
    found: dict[str, Any] = {}
    for name in ("rmse", "bias", "r2", "correlation"):
        values = [one[name] for one in folds]
        found[name] = None if None in values else float(np.mean(values))  # type: ignore[arg-type]
    return found


def yardstick_of_folds(folds: Sequence[Mapping[str, Any]]) -> Yardstick:
    """What these folds' models were judged by."""
    judged = (one for fold in folds for model in fold["models"].values() for one in model.values())
    return sums_of(next(judged))[0]


def _mean_of_folds(per_fold: Sequence[Mapping[str, Any]], key: str) -> float:
    return float(np.mean([np.mean([one[key] for one in fold.values()]) for fold in per_fold]))


def gain_of(
    better: str, worse: str, folds: Sequence[Mapping[str, Any]]
) -> tuple[float, list[float] | None]:
    """By how much one model is better than another, with its interval, paired by athlete."""
    yardstick = yardstick_of_folds(folds)
    one, other = (
        [sums_of_athletes(fold["models"][name]) for fold in folds] for name in (better, worse)
    )
    differences = resampled_scores(one, yardstick) - resampled_scores(other, yardstick)
    gain = yardstick.sign * (score_of(one, yardstick) - score_of(other, yardstick)) + 0.0
    return gain, spread(gain, yardstick.sign * differences, units_in(one))


def sums_of_athletes(fold: Mapping[str, Any]) -> np.ndarray:
    """Sums over windows of one model, for each of a fold's athletes."""
    return np.stack([sums_of(one)[1] for one in fold.values()])


def _accuracy(counts: np.ndarray) -> float:
    return float(np.trace(counts) / counts.sum())
