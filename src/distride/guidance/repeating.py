"""Finding the repetitions of one set in a stretch of postures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from distride.guidance.cycles import Cycle, cycles, likeness, main_axes
from distride.guidance.posture import RATE_HZ

SPANS_S = (4.0, 8.0, 16.0, 32.0)  # in which a set is looked for, short ones first
FILLED = 0.6  # of a span, before anything is looked for in it
AXES = 2  # of a span; getting ready may move more than the first repetitions
BACK_S = 30.0  # before the first sure repetition, where earlier ones are looked for


@dataclass(frozen=True)
class Counting:
    """What makes a repetition; how it was chosen: docs/repetitions.md.

    Attributes:
        reversal: Share of the range by which a limb must come back.
        confirm: So many alike ones start a set.
        least_rad: Smaller movements are no repetitions.
        alike: Least likeness of neighbours that start a set.
        factor: By which neighbours that start a set may differ in duration and range.
        factor_in_set: By which a later one's duration may differ from the set's.
        shortest_s: Of a repetition.
        longest_s: Of a repetition.
        pause_s: A set ends after this, and `pause_reps`, without a repetition.
        pause_reps: The same in repetitions.
        patience_reps: Longer by so many repetitions while the limb is away from where it rests.
        odd: The first or last one is left out if it is so many times less like the others than they
            are like each other ...
        odd_least: ... and by so much.
    """

    reversal: float = 0.35
    confirm: int = 3
    least_rad: float = 0.15
    alike: float = 0.4
    factor: float = 2.5
    factor_in_set: float = 4.0
    shortest_s: float = 0.45
    longest_s: float = 12.0
    pause_s: float = 3.0
    pause_reps: float = 0.5
    patience_reps: float = 1.5
    odd: float = 6.0
    odd_least: float = 0.1


@dataclass(frozen=True, eq=False)
class Found:
    """A set, as far as it is known.

    Attributes:
        axis: ``(axis,)`` unit vector along which its repetitions go out.
        reps: In order.
    """

    axis: np.ndarray
    reps: tuple[Cycle, ...]
    range: float = field(init=False)
    seconds: float = field(init=False)

    def __post_init__(self) -> None:
        recent = self.reps[-5:]  # an athlete tires
        object.__setattr__(self, "range", float(np.median([one.range for one in recent])))
        object.__setattr__(self, "seconds", float(np.median([one.seconds for one in recent])))

    @property
    def alike(self) -> float:
        """Mean likeness of its repetitions with their mean, −1 to 1."""
        mean = np.mean([one.shape for one in self.reps], axis=0)
        return float(np.mean([likeness(one.shape, mean) for one in self.reps]))

    @property
    def regularity(self) -> float:
        """1 where all take equally long, 0 where they differ as much as they last."""
        seconds = np.array([one.seconds for one in self.reps])
        return max(0.0, 1.0 - float(seconds.std() / seconds.mean()))

    def pause_s(self, counting: Counting, is_away: bool = False) -> float:
        """How long nothing may happen in it."""
        reps = counting.pause_reps + (counting.patience_reps if is_away else 0.0)
        return counting.pause_s + reps * self.seconds


def begun(
    postures: np.ndarray, start: int, counting: Counting, own: np.ndarray | None = None
) -> Found | None:
    """The set that is under way at the end of a stretch; None where nothing repeats.

    Args:
        postures: ``(frame, axis)``, rad.
        start: Number of the first frame in the session.
        counting: What makes a repetition.
        own: ``(axis,)`` the athlete's axis for this movement, if it is known.
    """
    for span_s in SPANS_S:
        frames = round(span_s * RATE_HZ)
        if len(postures) < FILLED * frames:
            return None
        skipped = max(len(postures) - frames, 0)
        tried = _tried(postures[skipped:], start + skipped, counting, own)
        best = max(tried, key=_evidence, default=None)
        if best is not None:
            return best
    return None


def later(postures: np.ndarray, start: int, found: Found, counting: Counting) -> list[Cycle]:
    """Ways out and back after a set's last repetition, finished or not."""
    return cycles(postures, found.axis, counting.reversal * found.range, start)


def fits(cycle: Cycle, found: Found, counting: Counting) -> bool:
    """Whether one more way out and back is a repetition of the set."""
    factor = counting.factor_in_set
    is_whole = counting.shortest_s <= cycle.seconds <= 2 * counting.longest_s
    return is_whole and found.seconds / factor <= cycle.seconds <= found.seconds * factor


def settled(postures: np.ndarray, start: int, found: Found, counting: Counting) -> Found:
    """The set once more when it is over.

    With what came before it was noticed, and without getting ready and putting away; in either
    direction, for what looked like going out may be coming back.
    """
    sides = (_settled(postures, start, found, sign, counting) for sign in (1.0, -1.0))
    return max((side for side in sides if side is not None), key=_number, default=found)


def _settled(
    postures: np.ndarray, start: int, found: Found, sign: float, counting: Counting
) -> Found | None:
    axis, reversal = sign * found.axis, counting.reversal * _median_range(found.reps)
    every = [one for one in cycles(postures, axis, reversal, start) if fits(one, found, counting)]
    inside = [one for one in every if one.end > found.reps[0].begin]
    before = [one for one in every if one.end <= found.reps[0].begin]
    if len(inside) < 2:
        return None
    for one in reversed(before):
        pause_s = (inside[0].begin - one.end) / RATE_HZ
        close = pause_s <= found.pause_s(counting)
        if not close or not _same_size(one, inside, 2.0) or _is_odd(one, inside, counting):
            break
        inside.insert(0, one)
    return Found(axis, tuple(_without_odd_ends(inside, counting)))


def _without_odd_ends(reps: list[Cycle], counting: Counting) -> list[Cycle]:
    for end in (0, -1):
        if len(reps) >= counting.confirm + 2 and _is_odd(reps[end], reps, counting):
            reps = [one for one in reps if one is not reps[end]]
    return reps


def _is_odd(cycle: Cycle, reps: Sequence[Cycle], counting: Counting) -> bool:
    inner = reps[1:-1] or reps
    mean = np.mean([one.shape for one in inner], axis=0)
    usual = float(np.mean([1 - likeness(one.shape, mean) for one in inner]))
    return 1 - likeness(cycle.shape, mean) > counting.odd * usual + counting.odd_least


def _same_size(cycle: Cycle, reps: Sequence[Cycle], factor: float) -> bool:
    seconds = float(np.median([one.seconds for one in reps]))
    return _within(cycle.seconds, seconds, factor) and _within(
        cycle.range, _median_range(reps), factor
    )


def _within(one: float, other: float, factor: float) -> bool:
    return max(one, other) <= factor * min(one, other)


def _median_range(reps: Sequence[Cycle]) -> float:
    return float(np.median([one.range for one in reps]))


def _tried(
    stretch: np.ndarray, start: int, counting: Counting, own: np.ndarray | None
) -> Iterator[Found]:
    candidates = main_axes(stretch, AXES)
    directions = [sign * axis for axis in candidates for sign in (1.0, -1.0)]
    for axis in directions if own is None else [own, *directions]:
        low, high = np.percentile(stretch @ axis, [5, 95])
        if high - low < counting.least_rad:
            continue
        rough = _run(cycles(stretch, axis, counting.reversal * (high - low), start), counting)
        if len(rough) < counting.confirm:
            continue
        among = stretch[rough[0].begin - start : rough[-1].end + 1 - start]
        (main,) = main_axes(among, 1)
        main = main if main @ axis > 0 else -main
        reversal = counting.reversal * _median_range(rough)
        run = _run(cycles(stretch, main, reversal, start), counting)
        if len(run) >= counting.confirm and _median_range(run) >= counting.least_rad:
            yield Found(main, tuple(run))


def _run(every: list[Cycle], counting: Counting) -> list[Cycle]:
    """The last ones that follow each other and are alike."""
    run: list[Cycle] = []
    for one in reversed(every):
        if not one.is_over and not run:
            continue
        is_rep = counting.shortest_s <= one.seconds <= counting.longest_s
        if not is_rep or (run and not _follows(run[0], one, counting)):
            break
        run.insert(0, one)
    return run


def _follows(later_one: Cycle, one: Cycle, counting: Counting) -> bool:
    pause_s = (later_one.begin - one.end) / RATE_HZ
    return (
        _same_size(one, [later_one], counting.factor)
        and pause_s <= 1.5 * max(one.seconds, later_one.seconds)
        and likeness(one.shape, later_one.shape) >= counting.alike
    )


def _evidence(found: Found) -> tuple[int, float]:
    return len(found.reps), found.alike


def _number(found: Found) -> int:
    return len(found.reps)
