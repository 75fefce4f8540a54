"""Ways out and back of a limb: a zigzag over its posture along one axis."""

from dataclasses import dataclass

import numpy as np

from distride.guidance.posture import RATE_HZ

LEVEL = 0.15  # of the range: so near to where it rests, a limb rests
SETTLED_S = 0.4  # without a new low, a limb has come back
POINTS = 32  # of a cycle's shape


@dataclass(frozen=True, eq=False)
class Cycle:
    """Once out and back; frames are counted from the start of the session.

    Attributes:
        low: The lowest frame before.
        begin: Where the limb left.
        far: The turning point.
        end: Where the limb was back.
        last: The lowest frame after.
        out: Frames from leaving until it was as good as there.
        back: Frames from leaving the far end until it was back.
        range: From low to far along the axis, rad.
        shape: ``(point, axis)`` postures from begin to end, less their mean.
        is_over: Whether it has come back for good.
    """

    low: int
    begin: int
    far: int
    end: int
    last: int
    out: int
    back: int
    range: float
    shape: np.ndarray
    is_over: bool

    @property
    def seconds(self) -> float:
        """From leaving until it was back."""
        return (self.end - self.begin) / RATE_HZ


def cycles(postures: np.ndarray, axis: np.ndarray, reversal: float, start: int) -> list[Cycle]:
    """All ways out and back, in order.

    Args:
        postures: ``(frame, axis)``, rad.
        axis: ``(axis,)`` unit vector; out is where it points.
        reversal: How far the limb must come back before it has turned, rad.
        start: Number of the first frame in the session.
    """
    trace = postures @ axis
    turns, is_out = turning_points(trace, reversal)
    found = []
    for number, (low, far, last) in enumerate(turns):
        rise, fall = trace[low : far + 1], trace[far : last + 1]
        leaves = _last(rise <= _near(trace, low, far))
        arrives = _first(rise >= _near(trace, far, low))
        returns = _last(fall >= _near(trace, far, last))
        ends = _first(fall <= _near(trace, last, far))
        is_last = number == len(turns) - 1
        waited = len(trace) - 1 - last >= SETTLED_S * RATE_HZ
        is_home = trace[last] <= _near(trace, low, far)
        found.append(
            Cycle(
                low=start + low,
                begin=start + low + leaves,
                far=start + far,
                end=start + far + ends,
                last=start + last,
                out=max(arrives - leaves, 1),
                back=max(ends - returns, 1),
                range=float(trace[far] - (trace[low] + trace[last]) / 2),
                shape=_shape(postures[low + leaves : far + ends + 1]),
                is_over=not is_last or is_out or waited or bool(is_home),
            )
        )
    return found


def turning_points(trace: np.ndarray, reversal: float) -> tuple[list[tuple[int, int, int]], bool]:
    """Low, high and following low of each rise and fall by `reversal`, and whether one is open.

    >>> turning_points(np.array([0.0, 2, 0, 3, 0, 2]), 1.0)
    ([(0, 1, 2), (2, 3, 4)], True)
    """
    tops: list[tuple[int, int]] = []
    is_out, low, high = False, 0, 0
    values = trace.tolist()
    for now, value in enumerate(values):
        if is_out:
            if value > values[high]:
                high = now
            elif values[high] - value > reversal:
                tops.append((low, high))
                is_out, low = False, now
        elif value < values[low]:
            low = now
        elif value - values[low] > reversal:
            is_out, high = True, now
    lows = [first for first, _ in tops[1:]] + [low]
    return [(first, top, last) for (first, top), last in zip(tops, lows, strict=False)], is_out


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of two shapes ``(point, axis)``, −1 to 1."""
    size = np.sqrt((one * one).sum() * (other * other).sum())
    return float((one * other).sum() / max(size, 1e-12))


def main_axes(postures: np.ndarray, count: int) -> list[np.ndarray]:
    """Unit vectors along which a limb moves most, the first most (principal components)."""
    centred = postures - postures.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return [vectors[:, -1 - number] for number in range(min(count, vectors.shape[1]))]


def _near(trace: np.ndarray, here: int, there: int) -> float:
    return float(trace[here] + LEVEL * (trace[there] - trace[here]))


def _first(met: np.ndarray) -> int:
    return int(met.argmax())


def _last(met: np.ndarray) -> int:
    return int(len(met) - 1 - met[::-1].argmax())


def _shape(postures: np.ndarray) -> np.ndarray:
    at = np.linspace(0, len(postures) - 1, POINTS)
    left = at.astype(np.int64)
    right = np.minimum(left + 1, len(postures) - 1)
    share = (at - left)[:, None]
    points = (1 - share) * postures[left] + share * postures[right]
    return np.asarray(points - points.mean(axis=0))
