"""Samples in, events out, as they come."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from distride.errors import DataError
from distride.runtime.clock import FASTEST_HZ, Clock
from distride.runtime.drift import DriftWatch
from distride.runtime.events import Drift, Event, Quality, State
from distride.runtime.predictor import Prediction, Predictor
from distride.runtime.quality import QualityWatch
from distride.runtime.smoothing import Smoothing
from distride.runtime.steady import Steady
from distride.signals import Window, Windower, is_waveform

NO_SIGNAL = "no signal"
LARGEST = 1e12  # in any unit; what is larger, no sensor measured
SLOWEST = 0.5  # of the bundle's rate: slower samples do not hold the movement that the body knows


@dataclass(frozen=True)
class Passage:
    """What samples brought that belong together, before the body is asked.

    Attributes:
        is_new: Whether what came before has nothing to do with it.
        unreadable: Why no window of it can be read; empty where they can.
        quality: What there is to say about the signal.
        windows: In the order of time.
    """

    is_new: bool
    unreadable: str
    quality: list[Quality]
    windows: list[Window]


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
        self._waves = np.array([is_waveform(name) for name in self.spec.channels])
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
        return self.tell(passages, self.predictor.predict(np.stack(windows)) if windows else None)

    def take(self, t: np.ndarray, samples: np.ndarray) -> list[Passage]:
        """The first half of a push: all but asking the body."""
        t, samples = self.checked(t, samples)
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

    def tell(
        self, passages: list[Passage], prediction: Prediction | None, first: int = 0
    ) -> list[Event]:
        """The second half of a push: what the body's answers mean.

        Args:
            passages: As `take` gave them.
            prediction: For their windows; None where they have none.
            first: Number of their first window in the prediction.
        """
        told: list[Event] = []
        for passage in passages:
            if passage.is_new:
                self._last_start_s = None
            events: list[Event] = [*passage.quality]
            for number, window in enumerate(passage.windows, first):
                assert prediction is not None
                events += self._told(window, prediction, number, passage.unreadable)
            first += len(passage.windows)
            told += sorted(events, key=lambda event: event.t_s)
        return told

    def checked(self, t: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Times and samples as arrays of numbers; a value that cannot be measured is unknown.

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
        return t, np.where(np.abs(samples) <= LARGEST, samples, np.nan).astype(np.float32)

    def _passage(self, is_new: bool, quality: list[Quality], windows: list[Window]) -> Passage:
        """With flat channels taken out of the windows: they tell nothing of movement."""
        unreadable = ""
        if self._waves.any() and self._source_hz < SLOWEST * self.spec.rate_hz:
            needed_hz = SLOWEST * self.spec.rate_hz
            unreadable = f"samples come at {self._source_hz:.1f} Hz, {needed_hz:.1f} Hz are needed"
        for window in windows:
            told, flat = self._watch.window(window.start_s + self.spec.window_s, window.samples)
            quality = [*quality, *told]
            window.samples[flat] = np.nan
            if self._waves.any() and np.isnan(window.samples[self._waves]).all():
                window.samples[:] = np.nan
        return Passage(is_new, unreadable, quality, windows)

    def _told(
        self, window: Window, prediction: Prediction, number: int, unreadable: str
    ) -> list[Event]:
        start_s, samples = window.start_s, window.samples
        end_s = start_s + self.spec.window_s
        if self._last_start_s is None or start_s - self._last_start_s > 1.5 * self.spec.hop_s:
            for steady in self._steady.values():
                steady.reset()
        self._last_start_s = start_s
        lost = np.isnan(samples).all(axis=1)
        unreadable = NO_SIGNAL if lost.all() else unreadable
        if unreadable:
            return [*self._silence(end_s, prediction, unreadable)]
        return [
            *self._drifts(end_s, samples, prediction, number),
            *(self._state(end_s, task, prediction, number, lost) for task in self._steady),
            *(
                State(end_s, task, "", None, value=float(values[number]), unit=self._unit(task))
                for task, values in prediction.values.items()
            ),
        ]

    def _silence(self, end_s: float, prediction: Prediction, reason: str) -> Iterator[State]:
        for steady in self._steady.values():
            yield steady.silence(end_s, reason)
        for task in prediction.values:
            yield State(end_s, task, "", None, True, "no_signal", reason, None, self._unit(task))

    def _unit(self, task: str) -> str:
        return self.predictor.bundle.manifest.task(task).unit

    def _drifts(
        self, end_s: float, samples: np.ndarray, prediction: Prediction, number: int
    ) -> list[Drift]:
        return [
            drift
            for task, watch in self._drift.items()
            for drift in watch.push(
                end_s,
                samples,
                float(prediction.familiarity[task][number]),
                float(prediction.probabilities[task][number].max()),
            )
        ]

    def _state(
        self, end_s: float, task: str, prediction: Prediction, number: int, lost: np.ndarray
    ) -> State:
        familiarity = None if lost.any() else float(prediction.familiarity[task][number])
        probabilities = prediction.probabilities[task][number]
        return self._steady[task].push(end_s, prediction.labels[task], probabilities, familiarity)
