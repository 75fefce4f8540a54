"""Figures in a drawing: curves, reliability, confusion and embedding."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from distride.report import formatting
from distride.report.axes import WIDTH, Axis, Frame, axis_of, columns_of, shortened
from distride.report.comparisons import Results, classes
from distride.report.results import dig, items, mapping, number, numbers

THIN = "guarded"
SERIES = ("guarded", "student", "full_finetune", "placebo")
MOST_CLASSES = 30
MOST_POINTS = 2000
Places = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Curve:
    """One series: places of its points and their values by position of the shots."""

    name: str
    points: Places
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Curves:
    """Score against shots."""

    frame: Frame
    x: Axis
    y: Axis
    shots: tuple[int, ...]
    curves: tuple[Curve, ...]
    athletes: tuple[Places, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Bin:
    """Windows of similar confidence; the radius grows with their number."""

    confidence: float
    accuracy: float
    count: float
    radius: float


@dataclass(frozen=True)
class Reliability:
    """Accuracy against confidence."""

    frame: Frame
    axis: Axis
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Movement:
    """One class: a row of the confusion matrix and of the table beside it."""

    number: int
    label: str
    windows: int
    f1: float | None
    found: float | None
    taken_for: tuple[str, float] | None
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Confusion:
    """The matrix, at most 30 classes of it; the table has all."""

    movements: tuple[Movement, ...]
    drawn: tuple[Movement, ...]
    left: float
    cell: tuple[float, float]


@dataclass(frozen=True)
class Cloud:
    """One class of the embedding: its points as one path, and its middle."""

    number: int
    label: str
    path: str
    middle: tuple[float, float]


@dataclass(frozen=True)
class Embedding:
    """Windows in two dimensions."""

    clouds: tuple[Cloud, ...]
    height: float
    drawn: int
    of: int


def curves(results: Results) -> Curves | None:
    """Score against shots, or None where no series was measured."""
    found = mapping(results, "personalization")
    shots = [number(value) for value in items(found, "shots")]
    known = {index: int(value) for index, value in enumerate(shots) if value is not None}
    series = {name: _picked(found.get(name), known) for name in SERIES}
    own = [_picked(dig(one, THIN), known) for one in mapping(found, "per_athlete").values()]
    if not any(value is not None for one in series.values() for value in one):
        return None
    values = [value for one in (*series.values(), *own) for value in one if value is not None]
    ticks = tuple(known.values())
    frame, y = Frame(42, 8, WIDTH - 10, 190), axis_of(values)
    x = Axis(min(ticks), max(*ticks, min(ticks) + 1), ticks)

    def placed(one: list[float | None]) -> Places:
        pairs = zip(ticks, one, strict=True)
        return tuple((frame.x(x, k), frame.y(y, value)) for k, value in pairs if value is not None)

    drawn = [Curve(name, placed(one), tuple(one)) for name, one in series.items()]
    have = tuple(curve for curve in drawn if curve.points)
    missing = tuple(curve.name for curve in drawn if not curve.points)
    thin = tuple(places for places in map(placed, own) if len(places) > 1)
    return Curves(frame, x, y, ticks, have, thin, missing)


def _picked(one: Any, known: dict[int, int]) -> list[float | None]:
    return [number(one, index) for index in known]


def reliability(results: Results) -> Reliability | None:
    """The bins of what ships."""
    read = [
        tuple(number(one, key) for key in ("confidence", "accuracy", "count"))
        for one in items(results, "detail", "reliability")
    ]
    known = [(c, a, n) for c, a, n in read if c is not None and a is not None and n]
    if not known:
        return None
    most = max(n for _, _, n in known)
    return Reliability(
        Frame(38, 8, WIDTH - 10, 250),
        Axis(0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        tuple(Bin(c, a, n, round(3 + 7 * math.sqrt(max(0.0, n) / most), 1)) for c, a, n in known),
    )


def confusion(results: Results) -> Confusion | None:
    """The matrix of what ships, row by row as shares."""
    labels, rows = classes(results), items(results, "detail", "confusion")
    if not labels or len(rows) < len(labels):
        return None
    scores = numbers(results, "detail", "per_class_f1")
    counts = [[number(row, column) or 0.0 for column in range(len(labels))] for row in rows]
    movements = tuple(
        _movement(index, labels, counts[index], scores.get(label))
        for index, label in enumerate(labels)
    )
    ranked = sorted(movements, key=lambda movement: -movement.windows)[:MOST_CLASSES]
    drawn = tuple(movement for movement in movements if movement in ranked)
    longest = max(columns_of(movement.label) for movement in drawn)
    left = min(140.0, 26 + 6.0 * longest)
    width = (WIDTH - left) / len(drawn)
    return Confusion(movements, drawn, left, (round(width, 2), min(34.0, max(13.0, width))))


def _movement(index: int, labels: Sequence[str], counts: list[float], f1: float | None) -> Movement:
    total = sum(counts)
    wrong = {other: count for other, count in enumerate(counts) if other != index and count > 0}
    worst = max(wrong, key=lambda other: wrong[other], default=None)
    taken_for = None if worst is None else (formatting.pretty(labels[worst]), wrong[worst] / total)
    return Movement(
        number=index + 1,
        label=formatting.pretty(labels[index]),
        windows=int(total),
        f1=f1,
        found=counts[index] / total if total else None,
        taken_for=taken_for,
        shares=tuple(count / total if total else 0.0 for count in counts),
    )


def embedding(results: Results) -> Embedding | None:
    """The scatter, evenly thinned to at most 2,000 windows."""
    given = mapping(results, "detail", "embedding")
    columns = (items(given, "x"), items(given, "y"), items(given, "label"))
    read = [(number(x), number(y), str(label)) for x, y, label in zip(*columns, strict=False)]
    known = [(x, y, label) for x, y, label in read if x is not None and y is not None]
    if not known:
        return None
    kept = known[:: stride(len(known))]
    xs, ys = [x for x, _, _ in kept], [y for _, y, _ in kept]
    scale = (WIDTH - 16) / (max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0)
    by_label: dict[str, list[tuple[float, float]]] = {}
    for x, y, label in kept:
        place = (round(8 + scale * (x - min(xs)), 1), round(8 + scale * (max(ys) - y), 1))
        by_label.setdefault(label, []).append(place)
    order = list(dict.fromkeys([*classes(results), *by_label]))
    clouds = tuple(
        _cloud(order.index(label), label, by_label[label]) for label in order if label in by_label
    )
    return Embedding(clouds, round(16 + scale * (max(ys) - min(ys)), 1), len(kept), len(known))


def stride(windows: int) -> int:
    """Every how many windows one is kept, so that 2,000 at most are.

    >>> stride(900), stride(60_000)
    (1, 30)
    """
    return max(1, math.ceil(windows / MOST_POINTS))


def _cloud(index: int, label: str, places: list[tuple[float, float]]) -> Cloud:
    path = "".join(f"M{x:g} {y:g}h0" for x, y in places)
    middle = (median(x for x, _ in places), median(y for _, y in places))
    return Cloud(index + 1, formatting.pretty(label), path, middle)


def shorten(label: str, left: float) -> str:
    """A movement's name as it fits beside the matrix."""
    return shortened(label, int((left - 24) / 5.6))
