"""A task that is a number: its errors, its figure, and what a coach should know of it.

The score is the mean absolute error in the task's unit, so less is better.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from distride.report import comparisons, formatting
from distride.report.agreement import Agreement, Scatter, agreement_of, points_of, scatter_of
from distride.report.comparisons import (
    FIRM,
    MODELS,
    SMOOTHED,
    Difference,
    Results,
    against,
    model_names,
    shipped,
    values_lead,
)
from distride.report.languages import Say, say
from distride.report.results import interval, items, mapping, number, numbers, text, texts

TRIVIAL = "training_mean"
PEERS = (*comparisons.PEERS, "pulse_peak")


@dataclass(frozen=True)
class ValueRow:
    """One model's errors; None where the run did not measure."""

    name: str
    ships: bool
    mae: float
    interval: tuple[float, float] | None
    versus: Difference | None
    worst: tuple[str, float] | None
    rmse: float | None
    bias: float | None
    r2: float | None
    correlation: float | None


@dataclass(frozen=True)
class ValueTask:
    """All the page says of one regression."""

    name: str
    unit: str
    rows: tuple[ValueRow, ...]
    missing: tuple[str, ...]
    scatter: Scatter | None
    agreement: tuple[Agreement, ...]


def value_task(results: Results, task: str) -> ValueTask:
    """Errors, figure and agreement of a task, which is the first or another one."""
    found = {**results, **_part(results, task)}
    rows = tuple(row for name in model_names(found) if (row := _row(found, name)) is not None)
    have = {row.name for row in rows}
    expected = (name for name in (TRIVIAL, *MODELS) if name not in (SMOOTHED, FIRM))
    points = points_of(found)
    return ValueTask(
        formatting.pretty(task),
        _unit(results, task),
        rows,
        tuple(name for name in expected if name not in have),
        scatter_of(points),
        agreement_of(points, numbers(found, "models", shipped(found), "per_athlete")),
    )


def headline(results: Results) -> Say | None:
    """One sentence on how far off the model is on somebody new; None without a score."""
    mae = _mae(results, shipped(results))
    return None if mae is None else say("headline_values", mae=_quantity(results, mae))


def unseen(results: Results) -> list[Say]:
    """How far off it is, beside what anybody could say, and for whom most."""
    mae, trivial = (_mae(results, name) for name in (shipped(results), TRIVIAL))
    if mae is None:
        return [say("missing_model")]
    said = [say("values_error", task=_name(results), mae=_quantity(results, mae))]
    if trivial is not None:
        key = "values_trivial" if mae < trivial else "values_no_better"
        said.append(say(key, mae=_quantity(results, trivial)))
    scores = numbers(results, "models", shipped(results), "per_athlete")
    if len(scores) > 1:
        athlete = max(scores, key=lambda name: scores[name])
        worst = _quantity(results, scores[athlete])
        said.append(say("values_worst", athlete=athlete, mae=worst))
    return said


def does(results: Results, sensors: object) -> Say:
    """What goes in and what comes out."""
    seconds = number(results, "protocol", "window_s")
    return say(
        "does_values",
        sensors=sensors,
        seconds=formatting.plain(seconds),
        task=_name(results),
    )


def gain(results: Results, gap: Difference) -> Say:
    """What the teacher did to the error; the gain is positive where it fell."""
    change = formatting.signed(-gap.mean)
    if gap.interval is None:
        return say("gain_values", change=change, unit=unit(results))
    low, high = (formatting.signed(-end) for end in reversed(gap.interval))
    return say("gain_values_interval", change=change, unit=unit(results), low=low, high=high)


def beats_the_trivial(results: Results) -> bool | None:
    """Whether what ships is surely better than the mean of training; None where nobody can say."""
    gap = against(results, TRIVIAL)
    return None if gap is None or gap.interval is None else gap.sign > 0


def best_peer(results: Results) -> tuple[str, Difference] | None:
    """The classic method that is least off, and by how much what ships is less off."""
    off = {name: mae for name in PEERS if (mae := _mae(results, name)) is not None}
    if not off:
        return None
    peer = min(off, key=lambda name: off[name])
    gap = against(results, peer)
    return None if gap is None else (peer, gap)


def error(results: Results) -> tuple[str, tuple[float, float] | None] | None:
    """The error of what ships with its unit, and its interval."""
    mae = _mae(results, shipped(results))
    if mae is None:
        return None
    return _quantity(results, mae), interval(results, "models", shipped(results), "interval")


def _first(results: Results) -> str:
    return next(iter(texts(results, "protocol", "tasks")), "")


def _name(results: Results) -> str:
    return formatting.pretty(_first(results))


def unit(results: Results) -> str:
    """Of the first task; empty where the recipe names none."""
    return _unit(results, _first(results))


def _unit(results: Results, task: str) -> str:
    return text(results, "protocol", "units", task)


def _quantity(results: Results, value: float) -> str:
    return formatting.quantity(value, unit(results))


def _mae(results: Results, name: str) -> float | None:
    return number(results, "models", name, "mae")


def _part(results: Results, task: str) -> Mapping[str, Any]:
    own = mapping(results, "other_tasks", task)
    return results if values_lead(results) and task == _first(results) else own


def _row(found: Results, name: str) -> ValueRow | None:
    model = mapping(found, "models", name)
    mae = number(model, "mae")
    if mae is None:
        return None
    ships, worst = name == shipped(found), items(model, "worst")
    named = len(worst) == 2 and number(worst[1]) is not None
    return ValueRow(
        name=name,
        ships=ships,
        mae=mae,
        interval=interval(model, "interval"),
        versus=None if ships else against(found, name),
        worst=(text(worst[0]), float(worst[1])) if named else None,
        rmse=number(model, "rmse"),
        bias=number(model, "bias"),
        r2=number(model, "r2"),
        correlation=number(model, "correlation"),
    )
