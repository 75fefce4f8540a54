"""Figures made of rows: models with their intervals, athletes before and after."""

from dataclasses import dataclass

from distride.report.axes import Axis, axis_of
from distride.report.comparisons import (
    Change,
    Difference,
    Results,
    against,
    changes,
    difference_at,
    distillation,
    model_names,
    shipped,
)
from distride.report.results import dig, interval, items, mapping, number, numbers, text

MOST_ATHLETES = 40


@dataclass(frozen=True)
class ModelRow:
    """One model of the figure and the table; None where the run did not measure."""

    name: str
    ships: bool
    macro_f1: float
    interval: tuple[float, float] | None
    worst: tuple[str, float] | None
    versus: Difference | None
    accuracy: float | None
    ece: float | None
    params: float | None
    flops: float | None


@dataclass(frozen=True)
class MemberRow:
    """One member of the teacher: its own score, and by how much the teacher is better with it."""

    name: str
    macro_f1: float
    adds: Difference | None


@dataclass(frozen=True)
class Models:
    """All models that have a score, on one axis, and the names of those that have none."""

    axis: Axis
    rows: tuple[ModelRow, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Athletes:
    """Athletes before and after, on one axis."""

    axis: Axis
    rows: tuple[Change, ...]
    of: int


@dataclass(frozen=True)
class Gain:
    """The gain of distillation in points, on an axis that holds 0."""

    axis: Axis
    difference: Difference


def models(results: Results) -> Models:
    """Rows for the models with a score; the rest is named."""
    names = model_names(results)
    rows = tuple(row for name in names if (row := _model(results, name)) is not None)
    found = {row.name for row in rows}
    values = [value for row in rows for value in _extent(row)]
    return Models(axis_of(values), rows, tuple(name for name in names if name not in found))


def _model(results: Results, name: str) -> ModelRow | None:
    model = dig(results, "models", name)
    macro_f1 = number(model, "macro_f1")
    if macro_f1 is None:
        return None
    ships = name == shipped(results)
    return ModelRow(
        name=name,
        ships=ships,
        macro_f1=macro_f1,
        interval=interval(model, "interval"),
        worst=_worst(model),
        versus=None if ships else against(results, name),
        accuracy=number(model, "accuracy"),
        ece=number(model, "ece"),
        params=number(model, "params"),
        flops=number(model, "flops_per_window"),
    )


def members(results: Results) -> tuple[MemberRow, ...]:
    """The teacher's members with a score, the one that adds most first."""
    rows = []
    for name, member in mapping(results, "teacher_members").items():
        reached = number(member, "macro_f1")
        if reached is not None:
            rows.append(MemberRow(name, reached, difference_at(member, "adds")))
    return tuple(sorted(rows, key=lambda row: -(row.adds.mean if row.adds else row.macro_f1)))


def _worst(model: object) -> tuple[str, float] | None:
    stated = items(model, "worst")
    if len(stated) == 2 and number(stated[1]) is not None:
        return text(stated[0]), float(stated[1])
    scores = numbers(model, "per_athlete")
    return min(scores.items(), key=lambda pair: pair[1]) if scores else None


def _extent(row: ModelRow) -> list[float]:
    worst = [row.worst[1]] if row.worst else []
    return [row.macro_f1, *(row.interval or ()), *worst]


def athletes(results: Results) -> Athletes | None:
    """The athletes' dots; of very many, those who got worse and then the lowest."""
    found = changes(results)
    if not found:
        return None
    urgent = sorted(found, key=lambda change: (change.verdict != "harmed", change.before))
    kept = set(urgent[:MOST_ATHLETES])
    axis = axis_of([value for change in found for value in (change.before, change.after)])
    return Athletes(axis, tuple(change for change in found if change in kept), len(found))


def gain(results: Results) -> Gain | None:
    """The one row of distillation."""
    found = distillation(results)
    if found is None:
        return None
    return Gain(axis_of([0.0, found.mean, *(found.interval or ())], finest=0.002), found)
