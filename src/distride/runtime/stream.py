"""Samples in, events out, as they come."""

from collections.abc import Iterator

import numpy as np

from distride.errors import DataError
from distride.runtime.clock import FASTEST_HZ, Clock
from distride.runtime.drift import DriftWatch, Gravity
from distride.runtime.events import Drift, Event, Quality, State
from distride.runtime.passages import Calm, Passage, Seen, seen
from distride.runtime.predictor import Prediction, Predictor
from distride.runtime.quality import QualityWatch
from distride.runtime.smoothing import Smoothing
from distride.runtime.steady import Steady
from distride.signals import Held, Window, Windower, is_waveform

NO_SIGNAL = "no signal"
LARGEST = 1e12  # in any unit; what is larger, no sensor measured
SLOWEST = 0.5  # of the bundle's rate: slower samples do not hold the movement that the body knows


class Stream:
    """One athlete, live. How the samples are cut into pushes changes nothing.

    Whatever is wrong with the samples, each kind of it is met by one rule: `docs/stream.md`.

    Args:
        predictor: A bundle, with the athlete's own heads where there are some.
        source_hz: Rate at which samples come; the bundle's own if not given. One that turns out to
            be another is told, and windows start anew.
        smoothing: How steady the answers are.

    Raises:
        DataError: No sensor has such a rate.
    """

    def __init__(
        self,
        predictor: Predictor,
        source_hz: float | None = None,
        smoothing: Smoothing | None = None,
    ) -> None:
        self.predictor = predictor
        self.spec = predictor.bundle.manifest.spec
        source_hz = self.spec.rate_hz if source_hz is None else source_hz
        if not 0 < source_hz <= FASTEST_HZ:
            raise DataError(
                f"Samples come at {source_hz} Hz: a rate above 0 and up to {FASTEST_HZ:g} Hz is "
                "needed; are the times in seconds?"
            )
        self._clock = Clock(source_hz, self.spec.channels)
        self._windower = Windower(self.spec, source_hz)
        self._watch = QualityWatch(self.spec, source_hz)
        self._gravity = Gravity(predictor.bundle.manifest)
        self._waves = np.array([is_waveform(name) for name in self.spec.channels])
        self._has_waves = bool(self._waves.any())
        self._is_calm = False
        named = [task for task, head in predictor.heads.items() if head.labels]
        manifest, smoothing = predictor.bundle.manifest, smoothing or Smoothing()
        self._steady = {
            task: Steady(manifest.task(task), smoothing, self.spec.hop_s) for task in named
        }
        self._drift = {task: DriftWatch(manifest, manifest.task(task)) for task in named[:1]}
        self._source_hz = source_hz
        self._last_start_s: float | None = None

    def push(self, t: np.ndarray, samples: np.ndarray) -> list[Event]:
        """What the new samples tell, in the order of time, between two leaps of the clock.

        Args:
            t: ``(time,)`` seconds, rising; also from one push to the next.
            samples: ``(time, channel)`` in SI units, in the bundle's order of channels; NaN where
                unknown.

        Raises:
            DataError: The samples have another shape; then nothing of them is taken.
        """
        return self._read(self.take(t, samples))

    def flush(self) -> list[Event]:
        """What waited for a sample that will not come, at the end; then windows start anew."""
        return self._read([self._passage(False, [], self._windower.flush())])

    def _read(self, passages: list[Passage]) -> list[Event]:
        windows = [window.samples for passage in passages for window in passage.windows]
        if not windows:
            return self.tell(passages, None)
        x = np.stack(windows)
        return self.tell(passages, seen(x, self.predictor.predict(x), self._gravity))

    def take(self, t: np.ndarray, samples: np.ndarray) -> list[Passage]:
        """The first half of a push: all but asking the body."""
        t, samples = self.checked(t, samples)
        samples = np.where(np.abs(samples) <= LARGEST, samples, np.nan).astype(np.float32)
        self._is_calm = False
        passages = []
        for stretch in self._clock.push(t):
            if stretch.is_new:
                last = self._windower.flush()  # what waited for a sample that will not come
                passages.append(self._passage(False, [], last))
                self._windower = Windower(self.spec, stretch.source_hz)
                self._watch.expect(stretch.source_hz)
            self._source_hz = stretch.source_hz
            times, rows = t[stretch.rows], samples[stretch.rows]
            quality = [*stretch.told, *self._watch.push(times, rows)]
            windows = self._windower.push(times, rows)
            passages.append(self._passage(stretch.is_new, quality, windows))
        return passages

    @property
    def calm(self) -> Calm | None:
        """From where it may `go_on` beside others; None where it must `take` alone."""
        if not self._is_calm:
            self._is_calm = self._watch.is_calm and self._windower.is_calm
        resampler = self._windower.resampler
        return Calm(self._source_hz, resampler.grid, resampler.held) if self._is_calm else None

    def runs_on(self, t: np.ndarray) -> bool:
        """Take times without a gap, as the first step of going on; false where it must not."""
        return self._clock.runs_on(t)

    def go_on(self, frames: np.ndarray, held: Held) -> list[Window]:
        """Take samples without a gap, all known, of a stream that has a pace.

        Args:
            frames: ``(frame, channel)`` that they complete.
            held: By the resampler, from now on.
        """
        self._watch.run_on(held.t_s)
        return self._windower.go_on(frames, held)

    def passage(self, windows: list[Window], may_be_flat: bool) -> Passage:
        """Of windows that `go_on` gave.

        Args:
            windows: In the order of time.
            may_be_flat: Whether a channel of them does not move.
        """
        if may_be_flat or self._watch.is_flat:
            return self._passage(False, [], windows)
        return Passage(False, self._unreadable(), [], windows)

    def tell(self, passages: list[Passage], found: Seen | None, first: int = 0) -> list[Event]:
        """The second half of a push: what the body's answers mean.

        Args:
            passages: As `take` gave them.
            found: Of their windows; None where they have none.
            first: Number of their first window in what was found.
        """
        told: list[Event] = []
        for passage in passages:
            if passage.is_new:
                self._last_start_s = None
            events: list[Event] = [*passage.quality]
            for number, window in enumerate(passage.windows, first):
                assert found is not None
                events += self._told(window.start_s, found, number, passage.unreadable)
            first += len(passage.windows)
            told += sorted(events, key=_time) if len(events) > 1 else events
        return told

    def checked(self, t: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Times and samples as arrays of numbers.

        Raises:
            DataError: They are no numbers, or their shapes do not belong together.
        """
        try:
            t, samples = np.asarray(t, np.float64), np.asarray(samples, np.float64)
        except (TypeError, ValueError):
            raise DataError(
                "Times or samples are no arrays of numbers: seconds (time,) and SI units "
                "(time, channel) are needed."
            ) from None
        if t.ndim != 1 or samples.shape != (len(t), len(self.spec.channels)):
            raise DataError(
                f"The samples have the shape {samples.shape} for {t.size} times: "
                f"({t.size}, {len(self.spec.channels)}) is needed, one column for each of "
                f"{', '.join(self.spec.channels)}."
            )
        return t, samples

    def _passage(self, is_new: bool, quality: list[Quality], windows: list[Window]) -> Passage:
        """With flat channels taken out of the windows: they tell nothing of movement."""
        for window in windows:
            told, flat = self._watch.window(window.start_s + self.spec.window_s, window.samples)
            quality = [*quality, *told]
            window.samples[flat] = np.nan
            if self._has_waves and np.isnan(window.samples[self._waves]).all():
                window.samples[:] = np.nan
        return Passage(is_new, self._unreadable(), quality, windows)

    def _unreadable(self) -> str:
        needed_hz = SLOWEST * self.spec.rate_hz
        if not self._has_waves or self._source_hz >= needed_hz:
            return ""
        return f"samples come at {self._source_hz:.1f} Hz, {needed_hz:.1f} Hz are needed"

    def _told(self, start_s: float, found: Seen, number: int, unreadable: str) -> list[Event]:
        end_s, prediction = start_s + self.spec.window_s, found.prediction
        if self._last_start_s is None or start_s - self._last_start_s > 1.5 * self.spec.hop_s:
            for steady in self._steady.values():
                steady.reset()
        self._last_start_s = start_s
        unreadable = NO_SIGNAL if found.is_silent[number] else unreadable
        if unreadable:
            return [*self._silence(end_s, prediction, unreadable)]
        states: list[Event] = [*self._drifts(end_s, found, number)]
        for task, steady in self._steady.items():
            familiarity = found.familiarity(task, number)
            probabilities = prediction.probabilities[task][number]
            states.append(steady.push(end_s, prediction.labels[task], probabilities, familiarity))
        for task, values in prediction.values.items():
            value = float(values[number])
            states.append(State(end_s, task, "", None, value=value, unit=self._unit(task)))
        return states

    def _silence(self, end_s: float, prediction: Prediction, reason: str) -> Iterator[State]:
        for steady in self._steady.values():
            yield steady.silence(end_s, reason)
        for task in prediction.values:
            yield State(end_s, task, "", None, True, "no_signal", reason, None, self._unit(task))

    def _unit(self, task: str) -> str:
        return self.predictor.bundle.manifest.task(task).unit

    def _drifts(self, end_s: float, found: Seen, number: int) -> list[Drift]:
        weight = float(found.weight[number])
        return [
            drift
            for task, watch in self._drift.items()
            for drift in watch.push(
                end_s,
                found.familiarity(task, number),
                float(found.prediction.confidence[task][number]),
                weight,
            )
        ]


def _time(event: Event) -> float:
    return event.t_s
