"""Draw what students and classic peers know against what they cost, as SVG.

Drawn by hand like the figures of the report: the same results give the same bytes on every machine,
so a test can tell whether the picture is that of the results.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from distride.report.axes import Axis, Frame, axis_of

WIDTH, HEIGHT = 860, 400
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444")
STUDENT, SIZES = "student", ("small", "medium", "large")
MARKERS = {  # about the origin
    STUDENT: "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0",
    "minirocket_ridge": "M-4 -4h8v8h-8z",
    "extra_trees": "M0 -5l5 9h-10z",
}
KEYS = {
    STUDENT: "student, small to large, int8",
    "minirocket_ridge": "MiniRocket + ridge",
    "extra_trees": "extra trees",
}

Costs = Mapping[str, Mapping[str, float]]
"""By model, what was measured of it."""


@dataclass(frozen=True)
class Panel:
    """F1 against one cost.

    Attributes:
        title: Below it.
        student: Which cost of a student.
        peer: Which cost of a classic peer.
        units: Names of units and how much each holds, the largest first.
        frame: Where it stands.
    """

    title: str
    student: str
    peer: str
    units: Mapping[str, float]
    frame: Frame

    def cost(self, model: str, of: Mapping[str, float]) -> float:
        """Decimal logarithm of a model's cost."""
        return math.log10(of[self.student if model in SIZES else self.peer])

    def told(self, power: float) -> str:
        """A power of ten of the cost.

        >>> PANELS[0].told(4), PANELS[1].told(3)
        ('10 kB', '1 ms')
        """
        unit = next(name for name, size in self.units.items() if 10**power >= size)
        return f"{10**power / self.units[unit]:g} {unit}"


PANELS = (
    Panel(
        "macro-F1 against size",
        "bytes_int8",
        "bytes",
        {"MB": 1e6, "kB": 1e3, "B": 1},
        Frame(44, 14, 306, 340),
    ),
    Panel(
        "macro-F1 against time of one window",
        "latency_us_int8",
        "latency_us",
        {"ms": 1e3, "µs": 1},
        Frame(362, 14, 624, 340),
    ),
)


def plot(cohorts: Mapping[str, Costs]) -> str:
    """Both panels, a line and two points each cohort, and the key."""
    models = [(model, of) for one in cohorts.values() for model, of in one.items()]
    y = axis_of(f1(model, of) for model, of in models)
    parts = [part for panel in PANELS for part in drawn(panel, y, cohorts)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *parts,
            *key(cohorts),
            "</svg>\n",
        ]
    )


def drawn(panel: Panel, y: Axis, cohorts: Mapping[str, Costs]) -> Iterator[str]:
    """One panel."""
    frame = panel.frame
    x = decades(panel.cost(model, of) for one in cohorts.values() for model, of in one.items())
    for tick in y.ticks:
        at = frame.y(y, tick)
        yield line((frame.left, at), (frame.right, at))
        yield text(frame.left - 6, at + 4, f"{tick:g}", "end")
    for tick in x.ticks:
        at = frame.x(x, tick)
        yield line((at, frame.top), (at, frame.bottom))
        yield text(at, frame.bottom + 16, panel.told(tick), "middle")
    yield text((frame.left + frame.right) / 2, frame.bottom + 38, panel.title, "middle")
    for colour, costs in zip(colours(len(cohorts)), cohorts.values(), strict=True):
        places = {
            model: (frame.x(x, panel.cost(model, of)), frame.y(y, f1(model, of)))
            for model, of in costs.items()
        }
        path = "L".join(f"{left:g} {top:g}" for left, top in (places[size] for size in SIZES))
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for model, place in places.items():
            yield marker(model, place, colour)


def key(cohorts: Iterable[str]) -> Iterator[str]:
    """Which colour is which cohort, and which mark which model."""
    names, left = list(cohorts), PANELS[-1].frame.right + 24
    for row, (name, colour) in enumerate(zip(names, colours(len(names)), strict=True)):
        top = 24 + 20 * row
        yield f'<path d="M{left:g} {top}h18" stroke="{colour}" stroke-width="3"/>'
        yield text(left + 26, top + 4, name)
    for row, (model, name) in enumerate(KEYS.items(), len(names) + 1):
        top = 24 + 20 * row
        yield marker(model, (left + 9, top), "#222222")
        yield text(left + 26, top + 4, name)


def f1(model: str, of: Mapping[str, float]) -> float:
    """Of a student as the device answers."""
    return of["f1_int8" if model in SIZES else "f1"]


def decades(powers: Iterable[float]) -> Axis:
    """An axis of whole powers of ten around some."""
    known = list(powers)
    first, last = math.floor(min(known)), math.ceil(max(known))
    ticks = range(first, max(last, first + 1) + 1)
    return Axis(ticks[0], ticks[-1], tuple(map(float, ticks)))


def colours(count: int) -> list[str]:
    """One for each cohort."""
    return [COLOURS[number % len(COLOURS)] for number in range(count)]


def line(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Of the grid."""
    return f'<path d="M{start[0]:g} {start[1]:g}L{end[0]:g} {end[1]:g}" stroke="#dddddd"/>'


def marker(model: str, place: tuple[float, float], colour: str) -> str:
    """A model's point; peers are hollow."""
    kind = STUDENT if model in SIZES else model
    fill = colour if kind == STUDENT else "#ffffff"
    at = f"translate({place[0]:g} {place[1]:g})"
    return f'<path d="{MARKERS[kind]}" transform="{at}" fill="{fill}" stroke="{colour}"/>'


def text(left: float, top: float, words: str, anchor: str = "start") -> str:
    """Words at a place."""
    return f'<text x="{left:g}" y="{top:g}" text-anchor="{anchor}">{escape(words)}</text>'
