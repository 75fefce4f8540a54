"""From what the folds found to `results.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from distride.heads import bin_of, error_of_bins
from distride.learn.distill import WITHOUT_BASE
from distride.learn.metrics import TENTHS, f1_by_class, score_of
from distride.models.saved import SavedStudent
from distride.report.comparisons import AS_SHIPPED, COACH_SHOTS, HARM, MODELS
from distride.runs.scoring import gain_of, model_of, sums_of_athletes, yardstick_of_folds

CURVES = ("student", "placebo", "full_finetune", "guarded")


def models_of(folds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Each model over all held-out athletes: folds first, so that each weighs the same."""
    told = [_with_shipped(fold) for fold in folds]
    names = dict.fromkeys(
        (AS_SHIPPED, *MODELS, *(name for fold in told for name in fold["models"]))
    )
    return {name: _beside_shipped(name, told) for name in names}


def _beside_shipped(name: str, folds: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """A model, and by how much what ships is better on the same people."""
    model = model_of(name, folds)
    both = [fold for fold in folds if fold["models"].get(name) and fold["models"][AS_SHIPPED]]
    if model is None or name == AS_SHIPPED or not both:
        return model
    gain, interval = gain_of(AS_SHIPPED, name, both)
    return {**model, "shipped_gain": {"gain": gain, "interval": interval}}


def posture_of_folds(folds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """In how many folds nets saw the means of channels, and what trees said of them."""
    told = [fold["posture"] for fold in folds]
    asked = [one for one in told if one["seen"] is not None]
    means = {
        name: float(np.mean([one[name] for one in asked])) if asked else None
        for name in ("seen", "unseen")
    }
    return {"folds": len(told), "folds_that_see": sum(one["helps"] for one in told), **means}


def started_from(
    base: SavedStudent | None, folds: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """What starting from a base was worth, teacher or not; None where students did not."""
    if base is None:
        return None
    gain, interval = gain_of("student_alone", WITHOUT_BASE, folds)
    origins = [asdict(origin) for origin in base.origins]
    told = [{key: one[key] for key in ("cohort", "licence", "citation")} for one in origins]
    return {"name": base.name, "gain": gain, "interval": interval, "origins": told}


def other_task_of(
    name: str, folds: Sequence[Mapping[str, Any]], labels: tuple[str, ...]
) -> dict[str, Any]:
    """A task beside the first: its models, and its pictures."""
    own = [{**fold, **fold["other_tasks"][name]} for fold in folds]
    return {
        "models": models_of(own),
        "teacher_members": members_of(own),
        "detail": detail_of(own, labels),
        "doubt": doubt_of(own),
    }


def distillation_of(folds: Sequence[Mapping[str, Any]], final: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the teacher helped; what ships was chosen by validating athletes."""
    gain, interval = gain_of("student", "student_alone", folds)
    choice, trials = final["choice"], final["choice"]["trials"]
    controls = {name: score for name, score in trials.items() if name.startswith("trial-student")}
    taught = {name: score for name, score in trials.items() if name not in controls}
    kept = sum(fold["choice"]["ships"] == "student" for fold in folds)
    sign = yardstick_of_folds(folds).sign
    return {
        "gain": gain,
        "interval": interval,
        "shipped": choice["ships"],
        "alpha": choice["alpha"],
        "temperature": choice["temperature"],
        "reason": (
            f"On the validating athletes the best distilled trial reached "
            f"{sign * max(taught.values()):.3f} and the best control "
            f"{sign * max(controls.values()):.3f}. "
            "The distilled student is expected to be best, and another ships only where it is "
            f"better beyond chance. Distillation was kept in {kept} of {len(folds)} fold(s)."
        ),
    }


def _with_shipped(fold: Mapping[str, Any]) -> dict[str, Any]:
    """A fold with one model more: the one that it would have shipped."""
    ships = fold["choice"]["ships"]
    told = {
        kind: {**fold[kind], AS_SHIPPED: fold[kind].get(ships, {})} for kind in ("models", "costs")
    }
    return {**fold, **told}


def personalization_of(
    folds: Sequence[Mapping[str, Any]], shots: tuple[int, ...]
) -> dict[str, Any] | None:
    """Curves over the number of shots, and who was harmed."""
    per_athlete = {name: one for fold in folds for name, one in fold["personal"].items()}
    if not per_athlete:
        return None
    means = {
        name: np.mean([one[name] for one in per_athlete.values()], axis=0).tolist()
        for name in CURVES
    }
    at = shots.index(COACH_SHOTS) if COACH_SHOTS in shots else len(shots) - 1
    return {
        "shots": list(shots),
        **means,
        "per_athlete": {
            name: {key: one[key] for key in (*CURVES, "live")} for name, one in per_athlete.items()
        },
        "harmed_without_guard": _harmed(per_athlete, "student", at),
        "harmed_with_guard": _harmed(per_athlete, "guarded", at),
        "milliseconds_per_athlete": _median(per_athlete, "milliseconds"),
        "full_finetune_milliseconds": _median(per_athlete, "finetune_milliseconds"),
    }


def detail_of(folds: Sequence[Mapping[str, Any]], labels: tuple[str, ...]) -> dict[str, Any]:
    """Pictures of the student that each fold would ship."""
    folds = [fold for fold in folds if fold["detail"]]
    if not labels or not folds:
        return {"values": _joined([fold["detail"]["values"] for fold in folds])} if folds else {}
    counts = np.sum(
        [sums_of_athletes(fold["models"][fold["choice"]["ships"]]).sum(axis=0) for fold in folds],
        axis=0,
    )
    f1 = f1_by_class(counts)
    return {
        "labels": list(labels),
        "confusion": counts.tolist(),
        "reliability": _pooled([fold["detail"]["reliability"] for fold in folds]),
        "embedding": folds[0]["detail"]["embedding"],
        "per_class_f1": {
            name: None if np.isnan(score) else float(score)
            for name, score in zip(labels, f1, strict=True)
        },
    }


def doubt_of(folds: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """How sure what each fold would ship is of unseen athletes; None of a regression.

    Calibration errors are over all windows together, shares too; macro-F1 is the mean over folds.
    """
    found = [fold["doubt"] for fold in folds if fold["doubt"]]
    if not found:
        return None
    before, after = (np.sum([one[key] for one in found], axis=0) for key in ("before", "after"))
    windows = float(after[:, 0].sum())
    unsure, unknown = (sum(one[key] for one in found) / windows for key in ("unsure", "unknown"))
    answered = [np.array(one["answered"])[None] for one in found if np.any(one["answered"])]
    return {
        "ece_before": error_of_bins(before),
        "ece": error_of_bins(after),
        "coverage": 1.0 - unsure - unknown,
        "unsure": unsure,
        "unknown": unknown,
        "macro_f1_answered": score_of(answered) if answered else None,
    }


def seconds_of(folds: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Work of all folds by kind."""
    kinds = ("teacher", "student", "baselines", "personalization")
    return {kind: sum(fold["seconds"].get(kind, 0.0) for fold in folds) for kind in kinds}


def members_of(folds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Each member of the teacher by itself, and what it adds to the others."""
    return {
        name: {**(model_of(name, folds, "members") or {}), "adds": _added(name, folds)}
        for name in folds[0]["members"]
    }


def _added(name: str, folds: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """By how much the teacher is better than without a member; None where nothing tells."""
    pairs = [
        {"models": {"teacher": fold["models"]["teacher"], name: fold["without"][name]}}
        for fold in folds
        if fold["without"].get(name)
    ]
    if not pairs:
        return None
    gain, interval = gain_of("teacher", name, pairs)
    return {"gain": gain, "interval": interval}


def _harmed(per_athlete: Mapping[str, Any], curve: str, at: int) -> int:
    return sum(one[curve][at] < one[curve][0] - HARM for one in per_athlete.values())


def _median(per_athlete: Mapping[str, Any], key: str) -> float:
    return float(np.median([one[key] for one in per_athlete.values()]))


def _joined(columns: list[dict[str, list[Any]]]) -> dict[str, list[Any]]:
    """Columns of several folds, one below the other."""
    return {name: [value for one in columns for value in one[name]] for name in columns[0]}


def _pooled(tables: list[list[dict[str, float]]]) -> list[dict[str, float]]:
    """Bins of several folds in the same tenth of confidence, weighted by their windows."""
    pooled: dict[int, list[dict[str, float]]] = {}
    for row in (row for table in tables for row in table):
        pooled.setdefault(int(bin_of(np.array(row["confidence"]), TENTHS)), []).append(row)
    return [
        {
            "confidence": _weighted(rows, "confidence"),
            "accuracy": _weighted(rows, "accuracy"),
            "count": int(sum(row["count"] for row in rows)),
        }
        for _, rows in sorted(pooled.items())
    ]


def _weighted(rows: list[dict[str, float]], key: str) -> float:
    return float(np.average([row[key] for row in rows], weights=[row["count"] for row in rows]))
