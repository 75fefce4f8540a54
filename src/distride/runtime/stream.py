"""Samples in, events out, as they come."""

import numpy as np

from distride.bundle import TaskCard
from distride.errors import DataError
from distride.runtime.drift import DriftWatch
from distride.runtime.events import Cause, Drift, Event, State
from distride.runtime.predictor import Prediction, Predictor
from distride.runtime.quality import QualityWatch
from distride.runtime.smoothing import Average, Smoother, Smoothing
from distride.signals import Windower

NO_SIGNAL = "no signal"


class Stream:
    """One athlete, live. How the samples are cut into pushes changes nothing.

    Args:
        predictor: A bundle, with the athlete's own heads where there are some.
        source_hz: Rate at which samples come; the bundle's own if not given.
        smoothing: How steady the answers are.
    """

    def __init__(
        self,
        predictor: Predictor,
        source_hz: float | None = None,
        smoothing: Smoothing | None = None,
    ) -> None:
        self.predictor = predictor
        self.spec = predictor.bundle.manifest.spec
        source_hz = source_hz or self.spec.rate_hz
        self._windower = Windower(self.spec, source_hz)
        self._watch = QualityWatch(self.spec, source_hz)
        smoothing, hop_s = smoothing or Smoothing(), self.spec.hop_s
        named = [task for task, head in predictor.heads.items() if head.labels]
        self._smoothers = {task: Smoother(smoothing, hop_s) for task in named}
        self._familiarity = {task: Average(smoothing.kept(hop_s)) for task in named}
        manifest = predictor.bundle.manifest
        self._drift = {task: DriftWatch(manifest, manifest.task(task)) for task in named[:1]}
        self._last_start_s: float | None = None

    def push(self, t: np.ndarray, samples: np.ndarray) -> list[Event]:
        """What the new samples tell, in the order of time.

        Args:
            t: ``(time,)`` seconds, rising; also from one push to the next.
            samples: ``(time, channel)`` in SI units, in the bundle's order of channels; NaN where
                unknown.
        """
        t, samples = np.asarray(t, np.float64), np.asarray(samples, np.float32)
        if samples.shape != (len(t), len(self.spec.channels)):
            raise DataError(
                f"The samples have the shape {samples.shape} for {len(t)} times: "
                f"({len(t)}, {len(self.spec.channels)}) is needed, one column for each of "
                f"{', '.join(self.spec.channels)}."
            )
        events: list[Event] = [*self._watch.push(t, samples)]
        windows = self._windower.push(t, samples)
        if windows:
            prediction = self.predictor.predict(np.stack([window.samples for window in windows]))
            for number, window in enumerate(windows):
                events += self._told(window.start_s, window.samples, prediction, number)
        return sorted(events, key=lambda event: event.t_s)

    def _told(
        self, start_s: float, samples: np.ndarray, prediction: Prediction, number: int
    ) -> list[Event]:
        end_s = start_s + self.spec.window_s
        if self._last_start_s is None or start_s - self._last_start_s > 1.5 * self.spec.hop_s:
            for task, smoother in self._smoothers.items():
                smoother.reset()
                self._familiarity[task].reset()
        self._last_start_s = start_s
        lost = np.isnan(samples).all(axis=1)
        silent = bool(lost.all())
        return [
            *self._watch.window(end_s, samples),
            *self._drifts(end_s, samples, prediction, number),
            *(self._state(end_s, task, prediction, number, lost) for task in self._smoothers),
            *(
                self._value(end_s, task, float(values[number]), silent)
                for task, values in prediction.values.items()
            ),
        ]

    def _drifts(
        self, end_s: float, samples: np.ndarray, prediction: Prediction, number: int
    ) -> list[Drift]:
        if np.isnan(samples).all():
            return []
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
        if lost.all():
            return State(end_s, task, "", 0.0, True, "no_signal", NO_SIGNAL)
        held, average = self._smoothers[task].push(prediction.probabilities[task][number])
        confidence = float(average[held])
        familiarity = 1.0  # training's windows had all sensors: without one, all would be strange
        if not lost.any():
            familiarity = float(self._familiarity[task].push(prediction.familiarity[task][number]))
        cause, reason = _doubt(self.predictor.bundle.manifest.task(task), confidence, familiarity)
        movement = "" if cause else prediction.labels[task][held]
        return State(end_s, task, movement, confidence, bool(cause), cause, reason)

    def _value(self, end_s: float, task: str, value: float, silent: bool) -> State:
        unit = self.predictor.bundle.manifest.task(task).unit
        if silent:
            return State(end_s, task, "", None, True, "no_signal", NO_SIGNAL, None, unit)
        return State(end_s, task, "", None, value=value, unit=unit)


def _doubt(card: TaskCard, confidence: float, familiarity: float) -> tuple[Cause, str]:
    """Why a device says nothing, and the same with numbers; both empty where it answers."""
    if familiarity < card.unknown_below:
        numbers = f"familiarity {familiarity:.2g} is below {card.unknown_below:.2g}"
        return "unknown", f"none of the movements: {numbers}"
    if confidence < card.abstain_below:
        return "unsure", f"confidence {confidence:.2f} is below {card.abstain_below:.2f}"
    return "", ""
