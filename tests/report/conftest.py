"""Made-up results as a run writes them; between them they use every part of the page."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

SHOTS = [0, 1, 3, 5, 10]
SWIMMING = ["backstroke", "breaststroke", "butterfly", "freestyle", "turn"]
DAILY = [
    *("sitting", "standing", "lying_back", "lying_right", "ascending_stairs", "descending_stairs"),
    *("standing_elevator", "moving_elevator", "walking_parking_lot", "walking_treadmill_flat"),
    *("walking_treadmill_incline", "running_treadmill", "stepper", "cross_trainer"),
    *("cycling_horizontal", "cycling_vertical", "rowing", "jumping", "basketball"),
]
LEVELS = {
    "teacher": 0.915,
    "student": 0.903,
    "student_alone": 0.902,
    "student_label_smoothing": 0.899,
    "student_hard_labels": 0.9,
    "minirocket_ridge": 0.888,
    "extra_trees": 0.896,
}
COSTS = {
    "teacher": (291_432, 18_400_000),
    "student": (21_432, 1_240_000),
    "student_alone": (21_432, 1_240_000),
    "student_label_smoothing": (21_432, 1_240_000),
    "student_hard_labels": (21_432, 1_240_000),
}


@pytest.fixture(scope="session")
def examples() -> dict[str, Callable[[], dict[str, Any]]]:
    """Makers of results by name; each call gives a fresh copy."""
    return {"swimming": swimming, "daily": daily, "speed_run": speed_run, "effort": effort}


def swimming() -> dict[str, Any]:
    """31 athletes, 5 movements, the full protocol, distillation without clear effect."""
    return example("swimming_watch", [f"swimmer_{n:02}" for n in range(31)], SWIMMING, seed=3)


def daily() -> dict[str, Any]:
    """8 athletes, 19 movements; the student alone ships, one control was not run."""
    results = example("dsads", [f"subject_{n}" for n in range(1, 9)], DAILY, seed=5)
    results["distillation"] |= {
        "gain": -0.011,
        "interval": [-0.019, -0.004],
        "shipped": "student_alone",
        "reason": "Alone 0.881, best distilled 0.874 on the validating athletes.",
    }
    results["models"]["student_label_smoothing"] = None
    results["personalization"]["full_finetune"] = None
    results["warnings"] = ["subject_3 has no window of class 'rowing' in the later half."]
    return results


def speed_run() -> dict[str, Any]:
    """One fold, one athlete: no intervals, controls not run, much of it null."""
    results = example("utd_mhad", ["person_1"], [f"action_{n}" for n in range(27)], seed=7)
    results["protocol"] |= {"folds": 8, "folds_run": 1, "athletes": 8}
    for name in ("student_label_smoothing", "minirocket_ridge", "extra_trees"):
        results["models"][name] = None
    results["distillation"]["interval"] = None
    results["personalization"] |= {
        "full_finetune": None,
        "harmed_without_guard": 0,
        "harmed_with_guard": 0,
    }
    results["bundle"] |= {"bytes_int8": None, "int8_agreement": None}
    results["detail"]["embedding"] = None
    return results


def example(cohort: str, athletes: list[str], labels: list[str], seed: int) -> dict[str, Any]:
    """A whole run with plausible numbers."""
    rng = np.random.default_rng(seed)
    ease = np.sort(np.clip(rng.beta(7, 1.2, len(athletes)) - 0.86, -0.45, 0.09))
    models = {name: _model(name, athletes, ease, rng) for name in LEVELS}
    for name in set(models) - {"student"}:
        models[name]["shipped_gain"] = _gain(models, "student", name)
    channels = [f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz"]
    return {
        "schema": 1,
        "cohort": cohort,
        "citation": "A. Author, B. Author, “A Set of Recordings”, Journal of Examples, 2020.",
        "licence": "CC BY 4.0",
        "command": f"distride train {cohort} --out runs/{cohort} --seed 0",
        "created": "2026-08-14T09:30:12+00:00",
        "protocol": {
            "folds": min(10, len(athletes)),
            "folds_run": min(10, len(athletes)),
            "held_out": athletes,
            "athletes": len(athletes),
            "window_s": 3.0,
            "hop_s": 1.5,
            "rate_hz": 30.0,
            "channels": channels,
            "teacher_channels": channels,
            "tasks": ["label"],
            "labels": {"label": labels},
            "windows": 8252,
            "metric": "macro_f1",
            "labelled_athletes": "all",
        },
        "seed": 0,
        "versions": {"distride": "0.1.0", "python": "3.11.9", "numpy": "2.3.1", "torch": "2.13.0"},
        "seconds": {
            "teacher": 192.4,
            "student": 141.0,
            "baselines": 61.2,
            "personalization": 8.2,
            "total": 421.7,
        },
        "models": models,
        "teacher_members": {
            "conv_lstm": {"macro_f1": 0.871, "adds": {"gain": 0.012, "interval": [0.004, 0.02]}},
            "minirocket": {"macro_f1": 0.89, "adds": {"gain": -0.003, "interval": None}},
        },
        "distillation": {
            **_gain(models, "student", "student_alone"),
            "shipped": "student",
            "alpha": 0.5,
            "temperature": 2.0,
            "labelled_athletes": "all",
            "reason": "Distilled 0.903, alone 0.897 on the validating athletes.",
        },
        "personalization": _personalization(athletes, ease, rng),
        "bundle": {
            "path": f"runs/{cohort}/student.distride",
            "bytes": 312_480,
            "bytes_int8": 84_213,
            "params": 21_432,
            "latency_us_p50": 152.3,
            "latency_us_p99": 241.8,
            "parity_max_abs_error": 3.1e-6,
            "parity_windows": 1000,
            "quantised": "int8",
            "int8_agreement": 0.9962,
            "int8_f1_points": -0.12,
        },
        "detail": _detail(athletes, labels, rng),
        "doubt": {
            "ece_before": 0.061,
            "ece": 0.021,
            "coverage": 0.913,
            "unsure": 0.042,
            "unknown": 0.045,
            "macro_f1_answered": 0.934,
        },
        "warnings": [],
    }


def _model(
    name: str, athletes: list[str], ease: np.ndarray, rng: np.random.Generator
) -> dict[str, Any]:
    scores = np.clip(LEVELS[name] + ease + rng.normal(0, 0.015, len(athletes)), 0, 1)
    half = 1.96 * scores.std() / np.sqrt(len(athletes))
    mean = float(scores.mean())
    params, flops = COSTS.get(name, (None, None))
    return {
        "macro_f1": mean,
        "interval": [mean - half, mean + half] if len(athletes) > 2 else None,
        "per_athlete": dict(zip(athletes, map(float, scores), strict=True)),
        "worst": [athletes[int(scores.argmin())], float(scores.min())],
        "accuracy": mean + 0.021,
        "ece": None if name in ("minirocket_ridge", "extra_trees") else 0.034,
        "params": params,
        "flops_per_window": flops,
    }


def _gain(models: dict[str, Any], better: str, worse: str) -> dict[str, Any]:
    pairs = [list(models[name]["per_athlete"].values()) for name in (better, worse)]
    gains = np.subtract(*pairs)
    half = 1.96 * float(gains.std()) / len(gains) ** 0.5
    mean = float(gains.mean())
    return {"gain": mean, "interval": [mean - half, mean + half]}


def _personalization(
    athletes: list[str], ease: np.ndarray, rng: np.random.Generator
) -> dict[str, Any]:
    rise = np.array([0.0, 0.02, 0.045, 0.055, 0.06])
    per_athlete = {}
    for athlete, own in zip(athletes, ease, strict=True):
        start = 0.9 + own
        room = min(2.0, (1 - start) * 8)
        student = np.clip(start + rise * room + rng.normal(0, 0.02, 5) * (rise > 0), 0, 1)
        live = student + rng.normal(0, 0.015, 5) >= student[0]
        per_athlete[athlete] = {
            "student": student.tolist(),
            "placebo": np.clip(start + rng.normal(0, 0.008, 5) * (rise > 0), 0, 1).tolist(),
            "guarded": np.where(live, student, student[0]).tolist(),
            "full_finetune": np.clip(student - 0.01 * (rise > 0), 0, 1).tolist(),
            "live": live.tolist(),
        }
    means = {
        name: np.mean([series[name] for series in per_athlete.values()], axis=0).tolist()
        for name in ("student", "placebo", "guarded", "full_finetune")
    }
    return {
        "shots": SHOTS,
        **means,
        "per_athlete": per_athlete,
        "harmed_without_guard": 5,
        "harmed_with_guard": 1,
        "milliseconds_per_athlete": 4.2,
        "full_finetune_milliseconds": 2140.0,
    }


def _detail(athletes: list[str], labels: list[str], rng: np.random.Generator) -> dict[str, Any]:
    n = len(labels)
    counts = rng.poisson(1.5 * rng.random((n, n)) ** 4, (n, n)) * 4
    counts[np.arange(n), np.arange(n)] = rng.integers(80, 700, n)
    counts[n - 1, 0] += counts[n - 1, n - 1]
    f1 = 2 * np.diag(counts) / (counts.sum(axis=0) + counts.sum(axis=1))
    confidence = np.linspace(0.35, 0.98, 8)
    which = rng.integers(0, n, 900)
    angle = 2 * np.pi * which / n
    spread = rng.normal(0, 0.7, (2, 900))
    return {
        "confusion": counts.tolist(),
        "labels": labels,
        "reliability": [
            {"confidence": float(c), "accuracy": float(c**1.25), "count": int(40 + 900 * c**6)}
            for c in confidence
        ],
        "embedding": {
            "x": (3 * np.cos(angle) + spread[0]).round(3).tolist(),
            "y": (3 * np.sin(angle) + spread[1]).round(3).tolist(),
            "label": [labels[index] for index in which],
            "athlete": [athletes[index % len(athletes)] for index in which],
        },
        "per_class_f1": dict(zip(labels, map(float, f1), strict=True)),
    }


def effort() -> dict[str, Any]:
    """21 athletes; the first task is a number, the second one classes."""
    athletes = [f"runner_{n:02}" for n in range(21)]
    results = example("yoyo", athletes, ["before", "test", "after"], seed=11)
    rng = np.random.default_rng(11)
    true = rng.uniform(5, 60, 21 * 20)
    results["other_tasks"] = {"label": {"models": results["models"], "detail": results["detail"]}}
    del results["models"]["student_label_smoothing"]
    levels = {**LEVELS, "training_mean": 0.0, "student_one_task": 0.89}
    results["models"] = {name: _errors(athletes, 17 * (1.2 - f1)) for name, f1 in levels.items()}
    for name in set(levels) - {"student"}:
        gain = results["models"][name]["mae"] - results["models"]["student"]["mae"]
        told = {"gain": gain, "interval": [gain - 0.1, gain + 0.1]}
        results["models"][name]["shipped_gain"] = told
    results["models"]["student_label_smoothing"] = None
    results["distillation"] |= {"gain": 0.31, "interval": [0.12, 0.55]}
    results["protocol"] |= {
        "metric": "mae",
        "tasks": ["vo2_ml_min_kg", "label"],
        "labels": {"vo2_ml_min_kg": [], "label": ["before", "test", "after"]},
        "units": {"vo2_ml_min_kg": "mL/min/kg"},
    }
    results["personalization"] = None
    results["detail"] = {
        "values": {
            "true": true.round(2).tolist(),
            "predicted": (true + rng.normal(1, 4, len(true))).round(2).tolist(),
            "athlete": [athletes[index % 21] for index in range(len(true))],
        }
    }
    return results


def _errors(athletes: list[str], mae: float) -> dict[str, Any]:
    scores = {athlete: mae + 0.1 * (n - 10) for n, athlete in enumerate(athletes)}
    return {
        "mae": mae,
        "interval": [mae - 0.5, mae + 0.5],
        "per_athlete": scores,
        "worst": [athletes[-1], scores[athletes[-1]]],
        "rmse": 1.3 * mae,
        "bias": -0.42,
        "r2": 0.81,
        "correlation": 0.93,
        "params": None,
        "flops_per_window": None,
    }
