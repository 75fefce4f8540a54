"""Clocks: rates that are not the stated one, gaps, repeated times, uneven steps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from distride.data.athlete_file import CLOCK as T
from distride.data.audit.check import Check
from distride.data.audit.finding import Finding, Kind, Severity, Where, number_of
from distride.data.cohort import Cohort
from distride.data.recording import MOTION_SENSORS, SLOWEST_MOTION_HZ, Recording
from distride.signals import sensor_of
from distride.signals.resample import GAP_SAMPLES, MAX_GAP_S

IRREGULAR = "time_is_irregular"  # in meta.json: one row an event, such as a breath
RATE_OFF = 0.05  # of the stated rate
UNEVEN = 0.5  # of a step, between the 5th and the 95th percentile of the steps
FEWEST_ROWS = 8  # to tell a rate
LATE_START_S = 1.0


@dataclass(frozen=True)
class Ticks:
    """A recording's clock in numbers.

    Attributes:
        name: Of the recording.
        seconds: Its length.
        rate_hz: Of its fastest column.
        motion_hz: Of its fastest accelerometer or gyroscope; NaN where it has none.
        gaps: Pauses too long to bridge.
        lost_s: Their sum.
        longest: From and to of the longest step, seconds.
        repeated: Rows with the time of the row before.
        step_s: 5th, 50th and 95th percentile of the steps.
        start_s: Time of the first row.
    """

    name: str
    seconds: float
    rate_hz: float
    motion_hz: float
    gaps: int
    lost_s: float
    longest: tuple[float, float]
    repeated: int
    step_s: tuple[float, float, float]
    start_s: float


def _summarise(cohort: Cohort, recordings: list[Recording]) -> tuple[Ticks, ...]:
    return tuple(_ticks(one) for one in recordings if len(one.t) >= FEWEST_ROWS)


def _ticks(recording: Recording) -> Ticks:
    steps = np.diff(recording.t)
    gap = np.flatnonzero(steps > _longest_step_s(steps))
    longest = int(steps.argmax())
    low, middle, high = np.percentile(steps, [5, 50, 95]).tolist()
    moving = [name for name in recording.channels if sensor_of(name) in MOTION_SENSORS]
    return Ticks(
        recording.name,
        recording.seconds,
        _fastest_hz(recording, recording.channels, _mean_hz(recording.t)),
        _fastest_hz(recording, moving, np.nan),
        len(gap),
        float(steps[gap].sum()),
        (float(recording.t[longest]), float(recording.t[longest + 1])),
        int((steps == 0).sum()),
        (low, middle, high),
        float(recording.t[0]),
    )


def _fastest_hz(recording: Recording, names: Iterable[str], otherwise: float) -> float:
    """Streams of different rates share the rows; the fastest one's rate is the stated one."""
    finite = [np.isfinite(recording.channels[name]) for name in names]
    known = {rows.tobytes(): rows for rows in finite}.values()
    rates = [_mean_hz(recording.t[rows]) for rows in known if rows.sum() >= FEWEST_ROWS]
    return max(rates, default=otherwise)


def _mean_hz(t: np.ndarray) -> float:
    """Samples a second, gaps left out; the mean, for lost samples leave the typical step as is."""
    steps = np.diff(t)
    run = steps[steps <= _longest_step_s(steps)]
    return len(run) / float(run.sum()) if run.sum() > 0 else 0.0


def _longest_step_s(steps: np.ndarray) -> float:
    return max(MAX_GAP_S, GAP_SAMPLES * float(np.median(steps)))


def _judge(cohort: Cohort, clocks: Mapping[str, tuple[Ticks, ...]]) -> Iterator[Finding]:
    regular = not cohort.meta.get(IRREGULAR)
    if regular:
        yield from _mixed(clocks)
    for athlete, ticks in clocks.items():
        if regular:
            yield from _rates(cohort.sampling_hz, athlete, ticks)
            yield from _slow(athlete, ticks)
            yield from _gaps(athlete, ticks)
            yield from _uneven(athlete, ticks)
        yield from _repeated(athlete, ticks)
        yield from _late(athlete, ticks)


CLOCKS = Check(_summarise, _judge)


def _mixed(clocks: Mapping[str, tuple[Ticks, ...]]) -> Iterator[Finding]:
    every = [tick.rate_hz for ticks in clocks.values() for tick in ticks]
    if every and max(every) > (1 + 2 * RATE_OFF) * min(every):
        common = Counter(f"{rate_hz:.2g}" for rate_hz in every).most_common(4)
        told = ", ".join(f"{rate} Hz in {count}" for rate, count in common)
        yield Finding(
            "mixed-rates",
            "warning",
            f"recordings differ in rate, from {min(every):.3g} to {max(every):.3g} Hz: {told}",
            "Set rate_hz in the recipe to the lowest of them, so that no class or athlete is known "
            "by its bandwidth",
            Where(columns=(T,)),
            basis=f"measured in {number_of(len(every), 'recording')}",
        )


def _rates(stated_hz: float, athlete: str, ticks: tuple[Ticks, ...]) -> Iterator[Finding]:
    off = [tick for tick in ticks if abs(tick.rate_hz / stated_hz - 1) > RATE_OFF]
    if off:
        worst = max(off, key=lambda tick: abs(tick.rate_hz - stated_hz))
        yield _finding(
            "wrong-rate",
            athlete,
            off,
            f"'{worst.name}' runs at {worst.rate_hz:.3g} Hz where meta.json states {stated_hz:g}",
            "Correct sampling_hz in meta.json, or the clock",
        )


def _slow(athlete: str, ticks: tuple[Ticks, ...]) -> Iterator[Finding]:
    slow = [tick for tick in ticks if tick.motion_hz < SLOWEST_MOTION_HZ]
    if slow:
        slowest = min(slow, key=lambda tick: tick.motion_hz)
        told = f"samples of movement come at {slowest.motion_hz:.2g} Hz in '{slowest.name}'"
        todo = "Is 't' in seconds? Import times in another unit with a mapping that tells it"
        yield _finding("low-rate", athlete, slow, told, todo)


def _gaps(athlete: str, ticks: tuple[Ticks, ...]) -> Iterator[Finding]:
    holed = [tick for tick in ticks if tick.gaps]
    if holed:
        worst = max(holed, key=lambda tick: tick.longest[1] - tick.longest[0])
        lost_s = sum(tick.lost_s for tick in holed)
        share = lost_s / max(sum(tick.seconds for tick in ticks), lost_s)
        start_s, stop_s = worst.longest
        yield _finding(
            "gap",
            athlete,
            holed,
            f"{number_of(sum(tick.gaps for tick in holed), 'gap')}, {lost_s:.1f} s in all "
            f"({share:.1%}), the longest {stop_s - start_s:.1f} s in '{worst.name}' at "
            f"{start_s:.1f} s",
            "Nothing bridges a gap, and windows across one are left out; where it is a new "
            "session, split the recording",
        )


def _uneven(athlete: str, ticks: tuple[Ticks, ...]) -> Iterator[Finding]:
    uneven = [tick for tick in ticks if _unevenness(tick) > UNEVEN]
    if uneven:
        low, middle, high = max(uneven, key=_unevenness).step_s
        told = (
            f"the steps are uneven: {1000 * middle:.0f} ms in the middle, {1000 * low:.0f} to "
            f"{1000 * high:.0f} ms in nine of ten"
        )
        todo = "Windows are resampled by the clock: ask whether it can be trusted, or rows are lost"
        yield _finding("uneven-steps", athlete, uneven, told, todo)


def _unevenness(tick: Ticks) -> float:
    low, middle, high = tick.step_s
    return (high - low) / middle if middle > 0 else np.inf


def _repeated(athlete: str, ticks: tuple[Ticks, ...]) -> Iterator[Finding]:
    repeated = [tick for tick in ticks if tick.repeated]
    if repeated:
        count = sum(tick.repeated for tick in repeated)
        told = f"{number_of(count, 'row')} with the time of the row before"
        todo = "Windows take the first and drop the others: is the clock too coarse?"
        yield _finding("repeated-time", athlete, repeated, told, todo)


def _late(athlete: str, ticks: tuple[Ticks, ...]) -> Iterator[Finding]:
    late = [tick for tick in ticks if abs(tick.start_s) > LATE_START_S]
    if late:
        told = f"the clock of '{late[0].name}' starts at {late[0].start_s:.1f} s, not at 0"
        yield _finding("late-start", athlete, late, told, "Let each recording start at 0", "note")


def _finding(
    check: Kind,
    athlete: str,
    ticks: list[Ticks],
    seen: str,
    todo: str,
    severity: Severity = "warning",
) -> Finding:
    names = tuple(f"{athlete}/{tick.name}" for tick in ticks)
    basis = f"measured in {number_of(len(ticks), 'recording')}"
    return Finding(check, severity, seen, todo, Where((athlete,), names, (T,)), basis=basis)
