"""Sets and repetitions, live: when one starts, each repetition, when it ends and what it was."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from distride.errors import GuidanceError
from distride.guidance.cycles import Cycle
from distride.guidance.frames import Frames
from distride.guidance.posture import RATE_HZ, Postures
from distride.guidance.repeating import (
    BACK_S,
    SPANS_S,
    Counting,
    Found,
    begun,
    fits,
    later,
    settled,
)
from distride.guidance.template import Template, counting_of
from distride.guidance.watched import Heard, Watched
from distride.runtime import Event, Rep, SetEnded, SetStarted
from distride.runtime.clock import Clock

LOOK_EVERY = 12  # frames, about half a second
KEPT_S = max(SPANS_S)  # of postures while nothing repeats
LONGEST_SET_S = 300.0  # of postures; a longer set keeps its live count
PAUSE_S = 5.0  # of the clock; beyond it a session begins anew
STATE_SEES_S = 3.0  # a state is told of so long a time before it


class SetCounter:
    """Counts in one session. How the samples are cut into pushes changes nothing.

    Args:
        channels: Names of the samples' columns.
        source_hz: Typical rate of the samples.
        movements: Sets begin where the stream's states name one of these, go on through doubt and
            end where what is none of these is named; none: whatever repeats.
        own: The athlete's templates by movement.
        counting: What makes a repetition.

    Raises:
        GuidanceError: There is neither an accelerometer nor a gyroscope with all three axes.
    """

    def __init__(
        self,
        channels: tuple[str, ...],
        source_hz: float,
        movements: Iterable[str] = (),
        own: Mapping[str, Template] | None = None,
        counting: Counting | None = None,
    ) -> None:
        self._channels, self._source_hz = channels, source_hz
        self._watched = Watched(frozenset(movements))
        self._own, self._counting = dict(own or {}), counting or Counting()
        self._own_before = self._own
        self._clock = Clock(source_hz, ())  # no channel: its rate is not measured
        self._last_t: float | None = None
        self._sets = 0
        self._ended: tuple[str, np.ndarray, int, Found] | None = None
        self._begin()
        if not self._frames.width:
            raise GuidanceError(
                f"Repetitions cannot be counted in the channels {list(channels)[:12]}: an "
                "accelerometer or a gyroscope with x, y and z is needed, such as wrist_acc_x."
            )

    def _begin(self) -> None:
        self._frames = Frames(Postures(self._channels, self._source_hz))
        self._looked = 0  # frames
        self._free = 0  # frame from which on a set may begin
        self._since = 0  # frame from which on this set may have begun
        self._set: Found | None = None
        self._in_set = self._counting  # of the athlete's template where there is one
        self._names: Counter[str] = Counter()  # looks in this set, by what they heard
        self._movement, self._told = "", 0
        self._quiet = 0  # frame since which nothing goes out and back

    def push(
        self, t: np.ndarray, samples: np.ndarray, states: Iterable[Event] = ()
    ) -> list[SetStarted | Rep | SetEnded]:
        """What the new samples tell, in the order of time.

        Args:
            t: ``(time,)`` seconds; late samples are left out, and a leap of the clock begins anew.
            samples: ``(time, channel)``, NaN where unknown.
            states: What the stream told of the same samples; events of other kinds are not read.

        Raises:
            GuidanceError: The samples are not ``(time, channel)``.
        """
        t, samples = np.asarray(t, np.float64), np.asarray(samples, np.float32)
        if samples.shape != (len(t), len(self._channels)):
            raise GuidanceError(
                f"The samples have the shape {samples.shape} for {len(t)} times: "
                f"({len(t)}, {len(self._channels)}) is needed."
            )
        self._watched.push(states := list(states))
        told = []
        for rows in self._parts(t):
            step_s = 0.0 if self._last_t is None else t[rows[0]] - self._last_t
            if step_s < 0:
                self._watched.begin(one for one in states if one.t_s <= t[rows[-1]])
            if not 0 <= step_s <= PAUSE_S:
                told += self.close()
                self._begin()
            told += self._taken(t[rows], samples[rows])
            self._last_t = float(t[rows[-1]])
        return told

    def close(self) -> list[SetStarted | Rep | SetEnded]:
        """The end of a set that is still under way when the session ends."""
        return [] if self._last_t is None else list(self._end(self._last_t))

    def corrected(self, repetitions: int) -> Template | None:
        """What the athlete's own count of the last set teaches; None where it fits no reading.

        A set too long to be kept whole teaches nothing. The template is used from now on for this
        movement, and may be kept for other sessions. Of several counts of one set the last holds:
        what others taught is forgotten.
        """
        if self._ended is None:
            return None
        template = Template.of_count(*self._ended, repetitions)
        self._own = self._own_before | ({template.movement: template} if template else {})
        return template

    def _parts(self, t: np.ndarray) -> Iterator[np.ndarray]:
        """Rows whose time rises, parted where it pauses, leaps or is set back."""
        for stretch in self._clock.push(t):
            pauses = np.flatnonzero(np.diff(t[stretch.rows]) > PAUSE_S) + 1
            yield from filter(len, np.split(stretch.rows, pauses))

    def _taken(self, t: np.ndarray, samples: np.ndarray) -> Iterator[SetStarted | Rep | SetEnded]:
        self._frames.push(t, samples)
        late = self._watched.late_s
        while self._looked + LOOK_EVERY <= self._frames.end:
            now_s = self._frames.at_s(self._looked + LOOK_EVERY - 1)
            if now_s + late > t[-1]:
                return
            self._looked += LOOK_EVERY
            yield from self._look(now_s + late, self._watched.at(now_s))
            self._forget()

    def _look(self, told_s: float, heard: Heard) -> Iterator[SetStarted | Rep | SetEnded]:
        if heard.movement is None:
            yield from self._end(told_s)
            self._free = max(self._free, self._looked - round(STATE_SEES_S * RATE_HZ))
        elif self._set is not None:
            self._names[heard.movement] += heard.is_now
            self._movement = max(self._names, key=self._names.__getitem__)
            yield from self._go_on(told_s, self._set)
        elif heard.is_now:
            yield from self._start(told_s, heard.movement)

    def _start(self, told_s: float, named: str) -> Iterator[SetStarted | Rep]:
        own = self._own.get(named)
        self._in_set = counting_of(own, self._counting)
        first = max(self._free, self._frames.first, self._looked - round(KEPT_S * RATE_HZ))
        axis = own.axis_of(self._frames.width) if own else None
        found = begun(self._stretch(first), first, self._in_set, axis)
        if found is None:
            return
        self._set, self._names = found, Counter([named])
        self._movement, self._told = named, 0
        self._since = self._free
        self._sets += 1
        self._quiet = found.reps[-1].last
        yield SetStarted(told_s, self._frames.at_s(found.reps[0].begin), self._sets, named)
        for rep in found.reps:
            yield self._rep(told_s, rep)

    def _go_on(self, told_s: float, found: Found) -> Iterator[Rep | SetEnded]:
        last = self._quiet
        stretch = self._stretch(last)
        under_way = False
        for one in later(stretch, last, found, self._in_set):
            if not one.is_over:
                under_way = True
                continue
            self._quiet = one.last
            if fits(one, found, self._in_set):
                found = Found(found.axis, (*found.reps, one))
                yield self._rep(told_s, one)
        self._set = found
        quiet_s = (self._looked - self._quiet) / RATE_HZ
        trace = self._stretch(self._quiet) @ found.axis
        is_out = trace[-1] - trace.min() > self._in_set.reversal * found.range
        if quiet_s > found.pause_s(self._in_set, under_way or bool(is_out)):
            yield from self._end(told_s)

    def _end(self, told_s: float) -> Iterator[SetEnded]:
        if self._set is None:
            return
        found, first = self._set, max(self._frames.first, self._since)
        kept = self._stretch(first)
        self._ended = None  # the last set is this one, whatever may be learnt of it
        if found.reps[0].low >= first:
            found = settled(kept, first, found, self._in_set)
            self._ended = self._movement, kept, first, found
            self._own_before = self._own
        self._free = max(self._quiet, found.reps[-1].last)
        self._set = None
        yield self._summary(told_s, found)

    def _summary(self, told_s: float, found: Found) -> SetEnded:
        kept = [one for one in found.reps if one.low >= self._frames.first]
        ranges = [self._frames.range_deg(one.begin, one.far) for one in kept]
        return SetEnded(
            t_s=told_s,
            began_s=self._frames.at_s(found.reps[0].begin),
            ended_s=self._frames.at_s(found.reps[-1].end),
            number=self._sets,
            movement=self._movement,
            repetitions=len(found.reps),
            seconds_a_rep=float(np.median([one.seconds for one in found.reps])),
            range_deg=float(np.median(ranges)),
            regularity=found.regularity,
            confidence=min(max(found.alike, 0.0), 1.0),
        )

    def _rep(self, told_s: float, cycle: Cycle) -> Rep:
        self._told += 1
        return Rep(
            t_s=told_s,
            began_s=self._frames.at_s(cycle.begin),
            set=self._sets,
            number=self._told,
            movement=self._movement,
            duration_s=cycle.seconds,
            out_s=cycle.out / RATE_HZ,
            back_s=cycle.back / RATE_HZ,
            range_deg=self._frames.range_deg(cycle.begin, cycle.far),
        )

    def _stretch(self, first: int) -> np.ndarray:
        return self._frames.between(first, self._looked)

    def _forget(self) -> None:
        first = self._looked - round(KEPT_S * RATE_HZ)
        if self._set is not None:
            in_set = self._set.reps[0].low - round(BACK_S * RATE_HZ)
            if self._looked - in_set <= LONGEST_SET_S * RATE_HZ:
                first = min(first, in_set)
            first = min(first, self._set.reps[-1].low, self._quiet)
        self._frames.forget(first)
