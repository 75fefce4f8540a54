"""What a model of a number said against the truth, athlete by athlete.

The figure has a point a window; the table beside it the limits of agreement of Bland and Altman
(1986, Lancet 327:307).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from distride.report.axes import WIDTH, Axis, Frame, axis_of
from distride.report.results import items, mapping, number

LIMITS = 1.96  # standard deviations of the difference
FEWEST = 2  # windows of an athlete for a deviation


@dataclass(frozen=True)
class Agreement:
    """One athlete's differences, predicted minus true: mean and limits of agreement."""

    athlete: str
    mae: float | None
    bias: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Scatter:
    """Predicted against true: one path of points an athlete, colours by number."""

    frame: Frame
    axis: Axis
    clouds: tuple[tuple[int, str], ...]


Points = dict[str, list[tuple[float, float]]]


def points_of(found: Mapping[str, Any]) -> Points:
    """By athlete, pairs of true and predicted."""
    drawn = mapping(found, "detail", "values")
    columns = (items(drawn, "athlete"), items(drawn, "true"), items(drawn, "predicted"))
    points: Points = {}
    for athlete, true, told in zip(*columns, strict=False):
        y, p = number(true), number(told)
        if y is not None and p is not None:
            points.setdefault(str(athlete), []).append((y, p))
    return points


def scatter_of(points: Points) -> Scatter | None:
    """The figure; None without a point."""
    if not points:
        return None
    axis = axis_of([value for own in points.values() for pair in own for value in pair])
    frame = Frame(46, 8, WIDTH - 10, 282)
    clouds = (
        (n, "".join(f"M{frame.x(axis, y):g} {frame.y(axis, p):g}h0" for y, p in own))
        for n, own in enumerate(points.values())
    )
    return Scatter(frame, axis, tuple(clouds))


def agreement_of(points: Points, scores: Mapping[str, float]) -> tuple[Agreement, ...]:
    """A row for each athlete, with their mean absolute error where the run tells it."""
    found = []
    for athlete, own in points.items():
        gaps = [p - y for y, p in own]
        bias, reach = fmean(gaps), None
        if len(gaps) >= FEWEST:
            reach = LIMITS * stdev(gaps)
        ends = (None, None) if reach is None else (bias - reach, bias + reach)
        found.append(Agreement(athlete, scores.get(athlete), bias, *ends))
    return tuple(found)
