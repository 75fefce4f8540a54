"""The clock of a stream: what comes late is left out, and where it leaps all starts anew."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from distride.runtime.events import Quality
from distride.signals import is_waveform, measured_hz

SAME_S = 1e-5  # a sample this much newer than the last one is that one again, rounded otherwise
FASTEST_HZ = 1e4  # of any sensor
FAR_S = 1e11  # no clock of a device is further from its zero: that is no time
LATE_S = 2.0  # a sample this much older than the last one is late; an older one means a new clock
LEAP_S = 60.0  # after a longer pause nothing of before matters
CALM_S = 10.0  # without a late sample, until the next one is told again
RATE_S, RATE_SAMPLES, MOST_SAMPLES = 10.0, 20, 5000  # what a rate is measured on, and no more
RATE_CHANGE = 1.25  # times as fast, or as slow; jitter and single lost samples make less


@dataclass(frozen=True)
class Stretch:
    """Samples of a push whose clock runs on, at one rate.

    Attributes:
        rows: ``(sample,)`` their numbers in the push; those left out are not among them.
        source_hz: Typical rate.
        is_new: Whether what came before has nothing to do with it.
        told: What the clock tells.
    """

    rows: np.ndarray
    source_hz: float
    is_new: bool
    told: tuple[Quality, ...]


@dataclass
class _Run:
    """Samples between two leaps."""

    rows: list[int]
    is_new: bool = False
    told: list[Quality] = field(default_factory=list)


class Clock:
    """Puts the samples of one stream in order. How they are cut into pushes changes nothing.

    Args:
        source_hz: Typical rate, until another one is measured.
        channels: Named in what is told. Values that are held, such as a heart rate, come when they
            change: without a wave among them there is no rate to measure.
    """

    def __init__(self, source_hz: float, channels: tuple[str, ...]) -> None:
        self._source_hz = source_hz
        self._channels = channels
        self._has_rate = any(map(is_waveform, channels))
        self._last_s: float | None = None
        self._late_s: float | None = None  # when the last late sample came
        self._block = [np.empty(0)]  # times on which the rate is being measured, push by push
        self._held = 0  # how many they are

    def push(self, t: np.ndarray) -> list[Stretch]:
        """The stretches of a push, in the order of their coming.

        Args:
            t: ``(time,)`` seconds, as the device says.
        """
        return [stretch for run in self._runs(t) for stretch in self._at_one_rate(run, t)]

    def runs_on(self, t: np.ndarray) -> bool:
        """Take times that rise without a leap from the last one; none where their rate is another.

        For many streams at once, that are looked at together; `push` asks for nothing beforehand.
        """
        held = self._held + len(t)
        first_s = float(self._block[0][0] if self._held else t[0])
        if held < RATE_SAMPLES or (held < MOST_SAMPLES and t[-1] - first_s < RATE_S):
            self._hold([*self._block, t] if self._held else [t])
        elif (rest := self._measured(np.concatenate([*self._block, t]))) is not None:
            self._hold([rest])
        else:
            return False
        self._last_s = float(t[-1])
        return True

    def _measured(self, times: np.ndarray) -> np.ndarray | None:
        """What is left of times that tell the same rate; None if they tell another one."""
        while size := _measurable(times):
            if _another_hz(times[:size], self._source_hz) is not None:
                return None
            times = times[size:]
        return times

    def _hold(self, block: list[np.ndarray]) -> None:
        self._block, self._held = block, sum(map(len, block))

    def _runs(self, t: np.ndarray) -> list[_Run]:
        if len(t) and self._last_s is not None:
            with np.errstate(all="ignore"):  # a time may be no number
                steps = np.diff(t, prepend=self._last_s)
            rises = bool(((steps > SAME_S) & (steps <= LEAP_S)).all())
            if rises and t[-1] <= FAR_S:  # as nearly always; else one by one
                self._last_s = float(t[-1])
                return [_Run(list(range(len(t))))]
        runs = [_Run([])]
        for row, now_s in enumerate(t.tolist()):
            self._place(row, now_s, runs)
        return runs

    def _place(self, row: int, now_s: float, runs: list[_Run]) -> None:
        """Leave a sample out, add it to the last run, or begin another with it."""
        last_s = self._last_s
        step_s = np.inf if last_s is None else now_s - last_s
        if not abs(now_s) <= FAR_S or -LATE_S <= step_s <= SAME_S:
            runs[-1].told += self._late()
            return
        if not SAME_S < step_s <= LEAP_S:
            self._late_s = None
            if last_s is not None:
                told = [self._set_back(now_s, -step_s)] if step_s < 0 else []
                runs.append(_Run([], True, told))
        runs[-1].rows.append(row)
        self._last_s = now_s

    def _at_one_rate(self, run: _Run, t: np.ndarray) -> Iterator[Stretch]:
        """A run, cut where its rate turns out to be another one."""
        if run.is_new:
            self._hold([np.empty(0)])
        rows, is_new, told = np.asarray(run.rows, int), run.is_new, tuple(run.told)
        begin = at = 0
        while self._has_rate and at < len(rows):
            times = np.concatenate([*self._block, t[rows[at:]]])
            size = _measurable(times)
            at += (size or len(times)) - self._held
            self._hold([np.empty(0) if size else times])
            rate_hz = _another_hz(times[:size], self._source_hz) if size else None
            if rate_hz is not None:
                yield Stretch(rows[begin:at], self._source_hz, is_new, told)
                told = (self._changed(float(times[size - 1]), rate_hz),)
                begin, is_new, self._source_hz = at, True, rate_hz
        yield Stretch(rows[begin:], self._source_hz, is_new, told)

    def _late(self) -> list[Quality]:
        """As of the last sample that had a time; of 0 where none had."""
        at_s = self._last_s or 0.0
        is_first = self._late_s is None or at_s - self._late_s > CALM_S
        self._late_s = at_s
        text = "Samples come late, twice or without a time: they are left out."
        return [Quality(at_s, "late", self._channels, text)] if is_first else []

    def _set_back(self, now_s: float, seconds: float) -> Quality:
        text = f"The clock was set back by {seconds:.1f} s: windows start anew."
        return Quality(now_s, "clock", self._channels, text, seconds)

    def _changed(self, now_s: float, rate_hz: float) -> Quality:
        text = f"Samples come at {rate_hz:.1f} Hz instead of {self._source_hz:.1f} Hz."
        return Quality(now_s, "rate", self._channels, text)


def _measurable(times: np.ndarray) -> int:
    """How many of the first times tell a rate; 0 if they are too few."""
    if len(times) < RATE_SAMPLES:
        return 0
    spans = int(np.searchsorted(times - times[0], RATE_S))  # the first after so long
    size = max(RATE_SAMPLES, min(spans + 1, MOST_SAMPLES))
    return size if size <= len(times) else 0


def _another_hz(times: np.ndarray, source_hz: float) -> float | None:
    """The rate, where it is another one: by the usual step, steadily, and by how many there are.

    Two streams that take turns have two usual steps, and a stream that loses samples has few.
    """
    counted_hz = min((len(times) - 1) / float(times[-1] - times[0]), FASTEST_HZ)
    if not _differ(counted_hz, source_hz):  # as nearly always
        return None
    first, second = (measured_hz(half) for half in np.array_split(times, 2))
    usual_hz = min(measured_hz(times), FASTEST_HZ)
    is_another = _differ(usual_hz, source_hz) and not _differ(first, second)
    same_way = (usual_hz > source_hz) == (counted_hz > source_hz)
    return usual_hz if is_another and same_way else None


def _differ(one_hz: float, other_hz: float) -> bool:
    return max(one_hz, other_hz) > RATE_CHANGE * min(one_hz, other_hz)
