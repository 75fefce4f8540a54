"""Is the signal fit to be read? Told when trouble begins, and when a lost sensor is back."""

import numpy as np

from distride.runtime.events import Quality
from distride.signals import (
    HEART_RATE,
    HOLD_S,
    SignalSpec,
    longest_gap_s,
    placement_of,
    sensor_of,
    sensors,
    triads,
)
from distride.signals.spec import MOTION

FLAT = 1e-6  # range of a channel, SI units; a worn sensor is never this still
MOVES = {"acc": 1.0, "gyr": 0.5, "mag": 5.0}  # range of an axis beside which none can be still
CLOCK_ERROR_S = 1e-6  # sums of steps round otherwise when they are cut otherwise
NAMES = {
    "acc": "accelerometer",
    "gyr": "gyroscope",
    "mag": "magnetometer",
    HEART_RATE: "heart rate sensor",
}


class QualityWatch:
    """Watches the clock, the sensors and the windows of one stream.

    Args:
        spec: What a window is.
        source_hz: Typical rate of the samples.
    """

    def __init__(self, spec: SignalSpec, source_hz: float) -> None:
        self.spec = spec
        self._triads = triads(spec.channels)
        self._sensors = sensors(spec.channels)
        self._moving = [bool(MOTION.match(spec.channels[first])) for first, *_ in self._sensors]
        self.expect(source_hz)
        self._last_s: float | None = None
        self._heard_s = 0.0  # time without gaps: a pause of the clock is no sensor's fault
        self._heard_of_s = np.zeros(len(self._sensors))  # on that clock, each sensor's last sample
        self._silent_at_s = np.full(len(self._sensors), -np.inf)  # its last silence
        self._missing = np.zeros(len(self._sensors), bool)
        self._flat: frozenset[int] = frozenset()

    def expect(self, source_hz: float) -> None:
        """From now on samples come at another rate."""
        self._gap_s = longest_gap_s(source_hz)
        self._patience_s = np.where(self._moving, self._gap_s, HOLD_S)

    def push(self, t: np.ndarray, samples: np.ndarray) -> list[Quality]:
        """Gaps between samples, and sensors that fell silent or are back.

        A sensor is missing as soon as windows can no longer be filled: a motion sensor after the
        longest gap that is bridged, any other one after the time for which it is held. It is back
        after a whole window without such a silence.

        Args:
            t: ``(time,)`` seconds.
            samples: ``(time, channel)``, NaN where unknown.
        """
        if len(t) == 0:
            return []
        steps = np.diff(t, prepend=t[0] if self._last_s is None else self._last_s)
        self._last_s = float(t[-1])
        is_gap = steps > self._gap_s
        heard_s = self._heard_s + np.cumsum(np.where((steps > 0) & ~is_gap, steps, 0.0))
        self._heard_s = float(heard_s[-1])
        gaps = [self._gap(float(t[at]), float(steps[at])) for at in np.flatnonzero(is_gap)]
        return gaps + self._changes(t, heard_s, samples)

    @property
    def is_calm(self) -> bool:
        """Whether no sensor is missing."""
        return self._last_s is not None and not self._missing.any()

    @property
    def is_flat(self) -> bool:
        """Whether a channel does not move."""
        return bool(self._flat)

    def run_on(self, last_s: float) -> None:
        """Samples came up to a time, without a gap and of every sensor."""
        self._heard_s += last_s - (self._last_s or 0.0)
        self._heard_of_s[:] = self._heard_s
        self._last_s = last_s

    def window(self, end_s: float, samples: np.ndarray) -> tuple[list[Quality], list[int]]:
        """Motion sensors and axes that went flat, and all that are.

        A sensor is flat if none of its axes moves, an axis if another one of its sensor moves as
        only a moving device does.

        Args:
            end_s: End of the window.
            samples: ``(channel, time)``, NaN where absent.
        """
        spans = spans_of(samples)
        still = spans <= FLAT  # false where nothing is known
        flat = frozenset(at for triad in self._triads for at in self._flat_of(triad, spans, still))
        names = tuple(self.spec.channels[at] for at in sorted(flat - self._flat))
        self._flat = flat
        text = f"{', '.join(names)} does not move at all."
        return [Quality(end_s, "flat", names, text)] if names else [], sorted(flat)

    def _flat_of(
        self, triad: tuple[int, int, int], spans: np.ndarray, still: np.ndarray
    ) -> list[int]:
        axes = [at for at in triad if still[at]]
        least = MOVES[sensor_of(self.spec.channels[triad[0]])]
        others_move = any(spans[at] > least for at in triad)
        return axes if len(axes) == len(triad) or others_move else []

    def _gap(self, t_s: float, seconds: float) -> Quality:
        text = f"No samples for {seconds:.1f} s."
        return Quality(t_s, "gap", self.spec.channels, text, seconds)

    def _changes(self, t: np.ndarray, heard_s: np.ndarray, samples: np.ndarray) -> list[Quality]:
        """Each sensor's turns from heard to missing and back."""
        if not self._missing.any() and np.isfinite(samples).all():  # as nearly always
            self._heard_of_s[:] = heard_s[-1]
            return []
        told = []
        for number, sensor in enumerate(self._sensors):
            there = np.isfinite(samples[:, sensor]).all(axis=1)
            last_s = _latest(heard_s, there, self._heard_of_s[number])
            silent = heard_s - last_s > self._patience_s[number] + CLOCK_ERROR_S
            silent_at_s = _latest(heard_s, silent, self._silent_at_s[number])
            missing = heard_s - silent_at_s < self.spec.window_s - CLOCK_ERROR_S
            for at in np.flatnonzero(np.diff(missing, prepend=self._missing[number])):
                lost = [one for one in sensor if missing[at] and not np.isfinite(samples[at, one])]
                told.append(self._turn(float(t[at]), number, lost))
            self._heard_of_s[number], self._silent_at_s[number] = last_s[-1], silent_at_s[-1]
            self._missing[number] = missing[-1]
        return told

    def _turn(self, t_s: float, number: int, lost: list[int]) -> Quality:
        """A sensor, or some of its axes, is lost; or all of it is back."""
        names = self.spec.channels
        channels = tuple(names[at] for at in self._sensors[number])
        sensor, place = sensor_of(channels[0]), placement_of(channels[0])
        told = f"The {NAMES.get(sensor, sensor)}{f' ({place})' if place else ''} gives"
        if not lost:
            return Quality(t_s, "back", channels, f"{told} samples again.")
        part = tuple(names[at] for at in lost)
        which = "no samples" if part == channels else f"no samples of {', '.join(part)}"
        return Quality(t_s, "missing", part, f"{told} {which}: answers are less certain.")


def _latest(t: np.ndarray, when: np.ndarray, before: float) -> np.ndarray:
    """For each time, the last one at which something was so."""
    return np.asarray(np.maximum.accumulate(np.where(when, t, before)))


def spans_of(samples: np.ndarray) -> np.ndarray:
    """Range of each channel over what is there, ``(…, channel)`` of ``(…, channel, time)``.

    NaN where nothing is.
    """
    return np.asarray(np.fmax.reduce(samples, axis=-1) - np.fmin.reduce(samples, axis=-1))
