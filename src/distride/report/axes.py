"""Where the marks of a figure stand; how they look is the style sheet's matter.

Rows of dots are placed in percent of a width that the page decides; the other figures live in a
drawing 330 units wide, the width of a phone, so that their letters stay legible there.
"""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

WIDTH = 330
MOST_STEPS = 5


@dataclass(frozen=True)
class Axis:
    """A range of values and where its grid lines are."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def percent(self, value: float) -> float:
        """Place of a value in percent of the axis; what lies outside stands at the end.

        >>> axis_of([0.52, 0.88]).percent(0.7)
        50.0
        """
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)


@dataclass(frozen=True)
class Frame:
    """The inside of a drawing, in its units; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def x(self, axis: Axis, value: float) -> float:
        """Horizontal place of a value."""
        return round(self.left + (self.right - self.left) * axis.percent(value) / 100, 1)

    def y(self, axis: Axis, value: float) -> float:
        """Vertical place of a value."""
        return round(self.bottom - (self.bottom - self.top) * axis.percent(value) / 100, 1)


def axis_of(values: Iterable[float], finest: float = 0.02) -> Axis:
    """An axis around values, its ends on multiples of a round step, at most five steps long.

    >>> axis_of([0.52, 0.88]).ticks
    (0.5, 0.6, 0.7, 0.8, 0.9)
    """
    known = list(values) or [0.0, 1.0]
    for step in (finest * factor * 10**power for power in count() for factor in (1.0, 2.5, 5.0)):
        first = math.floor(min(known) / step + 1e-9)
        last = max(math.ceil(max(known) / step - 1e-9), first + 1)
        if last - first <= MOST_STEPS:
            break
    ticks = tuple(round(number * step, 6) for number in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks)


def columns_of(label: str) -> int:
    """How many columns of type a label takes; a Chinese sign takes two.

    >>> columns_of("run"), columns_of("自由泳")
    (3, 6)
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in label)


def shortened(label: str, columns: int) -> str:
    """A label cut to so many columns of type.

    >>> shortened("walking upstairs", 10), shortened("自由泳", 6)
    ('walking u…', '自由泳')
    """
    used = 0
    for index, sign in enumerate(label):
        used += columns_of(sign)
        if used > columns - (index < len(label) - 1):
            return label[:index].rstrip() + "…"
    return label
