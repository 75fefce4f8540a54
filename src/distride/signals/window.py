"""Windows: fixed stretches of an even clock; what a model sees."""

from dataclasses import dataclass

import numpy as np

from distride.signals.grid import Held
from distride.signals.resample import Resampler
from distride.signals.spec import SignalSpec, is_waveform


@dataclass(frozen=True)
class Window:
    """One window.

    Attributes:
        start_s: Time of its first sample, on the recording's clock.
        samples: ``(channel, time)`` float32 in SI units. A motion channel is wholly there or
            wholly NaN; a held one (heart rate) may be NaN in part.
    """

    start_s: float
    samples: np.ndarray


class Windower:
    """Samples in, windows out. How the samples are cut into pushes changes nothing.

    Windows start every hop from the first sample on. One that a gap cuts is left out; one without
    any motion is given, all NaN, so that the listener hears the silence.

    Args:
        spec: What a window is.
        source_hz: Typical rate of the samples.

    Attributes:
        resampler: Onto the windows' clock.
    """

    def __init__(self, spec: SignalSpec, source_hz: float) -> None:
        self.spec = spec
        self.resampler = Resampler(spec.channels, source_hz, spec.rate_hz)
        self._motion = np.array([is_waveform(name) for name in spec.channels])
        self._size, self._hop = spec.window_samples, spec.hop_samples
        self._reset()

    def _reset(self) -> None:
        self._frames = np.empty((0, len(self.spec.channels)), np.float32)
        self._first = 0  # number of the first frame held
        self._skip = 0  # frames to pass over before the next window, where a hop is a long one

    def push(self, t: np.ndarray, samples: np.ndarray) -> list[Window]:
        """Windows that the new samples complete.

        Args:
            t: ``(time,)`` seconds.
            samples: ``(time, channel)`` in SI units, in the spec's order; NaN where unknown.
        """
        origin_s = self.resampler.origin_s
        frames = self.resampler.push(t, samples)
        origin_s = self.resampler.origin_s if origin_s is None else origin_s
        return self._cut(frames, origin_s)

    def flush(self) -> list[Window]:
        """The windows that waited for the next sample, at the end; then start anew."""
        origin_s = self.resampler.origin_s
        windows = self._cut(self.resampler.flush(), origin_s)
        self._reset()
        return windows

    @property
    def is_calm(self) -> bool:
        """Whether nothing of the past that it needs is unknown."""
        return self.resampler.is_calm and bool(np.isfinite(self._frames).all())

    def go_on(self, frames: np.ndarray, held: Held) -> list[Window]:
        """Windows that frames complete which were computed elsewhere; it stays calm.

        Args:
            frames: ``(frame, channel)``, all known.
            held: By the resampler, from now on.
        """
        self.resampler.hold(held)
        return self._next(frames, held.origin_s)

    def _cut(self, frames: np.ndarray, origin_s: float | None) -> list[Window]:
        """Windows that no gap cuts."""
        windows = [one for one in self._next(frames, origin_s or 0.0) if self._whole(one.samples)]
        for one in windows:
            if np.isnan(one.samples[self._motion]).all() and self._motion.any():
                one.samples[:] = np.nan  # a held heart rate is no signal of a silent device
        return windows

    def _next(self, frames: np.ndarray, origin_s: float) -> list[Window]:
        self._frames = np.concatenate([self._frames, frames])
        windows = []
        start = self._skip
        while start + self._size <= len(self._frames):
            start_s = origin_s + (self._first + start) / self.spec.rate_hz
            windows.append(Window(start_s, self._frames[start : start + self._size].T.copy()))
            start += self._hop
        used = min(start, len(self._frames))
        self._frames, self._first = self._frames[used:], self._first + used
        self._skip = start - used
        return windows

    def _whole(self, samples: np.ndarray) -> bool:
        known = np.isfinite(samples[self._motion]).mean(axis=1)
        return bool(((known == 0.0) | (known == 1.0)).all())
