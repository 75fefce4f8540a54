"""Resampling: from the sensor's own clock to an even one, the same in batch and live.

A sensor's clock jitters, its streams may have several rates, and it may fall silent. So:

1. Each motion channel is interpolated linearly between its own samples onto a fine even grid of
   ``L = ceil(source / rate)`` points an output sample. Where its samples are further apart than a
   gap may be, the grid is NaN: a gap is never bridged. Slow channels (heart rate …) are held for
   at most `HOLD_S`. A pulse or muscle sensor's wave is treated as motion is.
2. If the source is faster than the output, motion channels pass a low-pass filter (a
   Kaiser-windowed sinc, cut off at 0.45 of the output's rate), because what is above half the
   rate would come back as slow movement that never was (Oppenheim and Schafer, Discrete-Time
   Signal Processing, 4.6). Beside an edge or a gap its weights are normalised over what is known.
3. Every L-th point is given out.
"""

import math

import numpy as np

from distride.signals.grid import TOLERANCE, Grid, Held
from distride.signals.spec import is_waveform

HOLD_S = 5.0  # a heart rate older than this is unknown
MAX_GAP_S = 0.5  # a pause that no motion sensor makes by itself
GAP_SAMPLES = 2.5  # of a slow source: one lost sample is not a gap


class Resampler:
    """Samples of an uneven clock in, frames of an even one out.

    The first frame lies at the first sample's time. How the samples are cut into pushes changes
    nothing.

    Args:
        channels: Names; they tell motion from slow channels.
        source_hz: Typical rate of the source.
        rate_hz: Rate of the frames.

    Attributes:
        grid: Between samples and frames.
        origin_s: Time of frame 0; None before the first sample.
    """

    def __init__(self, channels: tuple[str, ...], source_hz: float, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.max_gap_s = longest_gap_s(source_hz)
        self._motion = np.array([is_waveform(name) for name in channels])
        self.grid = Grid.between(source_hz, rate_hz)
        self._reset()

    def _reset(self) -> None:
        self.origin_s: float | None = None
        width = len(self._motion)
        self._t = np.empty(0)
        self._x = np.empty((0, width), np.float32)
        self._made = 0  # points of the fine grid so far
        self._last_s = np.full(width, -np.inf)  # of each channel's last known sample
        pad = len(self.grid.taps) // 2
        self._fine = np.full((pad, width), np.nan, np.float32)  # `pad` before the next frame

    def push(self, t: np.ndarray, samples: np.ndarray) -> np.ndarray:
        """Frames ``(frame, channel)`` float32 that the new samples complete.

        Args:
            t: ``(time,)`` seconds; a sample whose clock does not rise is left out.
            samples: ``(time, channel)`` in SI units, NaN where unknown.
        """
        rising = self._rising(t)
        t, samples = t[rising], samples[rising]
        if len(t) == 0:
            return np.empty((0, len(self._motion)), np.float32)
        if self.origin_s is None:
            self.origin_s = float(t[0])
        self._t = np.concatenate([self._t, t])
        self._x = np.concatenate([self._x, samples])
        self._remember(t, samples)
        late = float(t[-1]) - self._last_s <= self.max_gap_s
        settled = np.where(late & self._motion, self._last_s, t[-1])
        return self._frames(float(settled.min()), final=False)

    def flush(self) -> np.ndarray:
        """The last frames, which waited for samples that will not come; then start anew."""
        frames = np.empty((0, len(self._motion)), np.float32)
        if len(self._t):
            frames = self._frames(float(self._t[-1]), final=True)
        self._reset()
        return frames

    @property
    def is_calm(self) -> bool:
        """Whether nothing of the past that it needs is unknown: then `held` is all of it."""
        held = (self._motion, np.isfinite(self._x), np.isfinite(self._fine))
        return len(self._t) == 1 and all(bool(one.all()) for one in held)

    @property
    def held(self) -> Held:
        """What it needs of the past, where it is calm."""
        assert self.origin_s is not None
        return Held(self.origin_s, float(self._t[0]), self._x[0], self._made, self._fine)

    def hold(self, held: Held) -> None:
        """Go on from a later moment of the same clock; it stays calm."""
        self._t, self._x = np.array([held.t_s]), held.sample[None]
        self._last_s[:] = held.t_s
        self._made, self._fine = held.made, held.points

    def _rising(self, t: np.ndarray) -> np.ndarray:
        before = self._t[-1] if len(self._t) else -np.inf
        known = np.where(np.isfinite(t), t, -np.inf)
        highest = np.maximum.accumulate(np.concatenate([[before], known]))
        return np.asarray(known > highest[:-1])

    def _remember(self, t: np.ndarray, samples: np.ndarray) -> None:
        known = np.isfinite(samples)
        last = len(t) - 1 - known[::-1].argmax(axis=0)
        self._last_s = np.where(known.any(axis=0), t[last], self._last_s)

    def _frames(self, until_s: float, final: bool) -> np.ndarray:
        """Extend the fine grid up to a time, and give the frames it completes."""
        assert self.origin_s is not None
        count = math.floor((until_s - self.origin_s) * self.grid.hz + TOLERANCE) + 1
        if count > self._made:
            times = self.origin_s + np.arange(self._made, count) / self.grid.hz
            self._fine = np.concatenate([self._fine, self._on_grid(times)])
            self._made = count
            is_whole = bool((self._last_s == self._t[-1]).all())  # then no older one is needed
            oldest_s = until_s if is_whole else until_s - max(self.max_gap_s, HOLD_S)
            keep = self._t >= oldest_s
            self._t, self._x = self._t[keep], self._x[keep]
        pad = len(self.grid.taps) // 2
        if final:
            tail = np.full((pad, len(self._motion)), np.nan, np.float32)
            self._fine = np.concatenate([self._fine, tail])
        ready = (len(self._fine) - len(self.grid.taps)) // self.grid.factor + 1
        if ready <= 0:
            return np.empty((0, len(self._motion)), np.float32)
        used = self._fine[: (ready - 1) * self.grid.factor + len(self.grid.taps)]
        self._fine = self._fine[ready * self.grid.factor :]
        return self._filtered(used)

    def _on_grid(self, times: np.ndarray) -> np.ndarray:
        """``(time, channel)``: motion interpolated, the rest held."""
        known = np.isfinite(self._x)
        grid = np.full((len(times), len(self._motion)), np.nan, np.float32)
        tolerance_s = TOLERANCE / self.grid.hz
        for alike in _alike(known):
            pattern = known[:, alike.argmax()]
            t, x = self._t[pattern], self._x[pattern]
            for move, kept in ((True, alike & self._motion), (False, alike & ~self._motion)):
                if len(t) and kept.any():
                    make = self._interpolated if move else _held
                    grid[:, kept] = make(times, t, x[:, kept], tolerance_s)
        return grid

    def _interpolated(
        self, times: np.ndarray, t: np.ndarray, x: np.ndarray, tolerance_s: float
    ) -> np.ndarray:
        after = np.clip(np.searchsorted(t, times), 1, max(len(t) - 1, 1))
        left, right = t[after - 1], t[np.minimum(after, len(t) - 1)]
        span = right - left
        share = np.clip((times - left) / np.where(span > 0, span, 1.0), 0.0, 1.0)[:, None]
        x_left, x_right = x[after - 1], x[np.minimum(after, len(t) - 1)]
        values = x_left + share * (x_right - x_left)
        inside = (times >= left - tolerance_s) & (times <= right + tolerance_s)
        beside = (times - left <= tolerance_s) | (right - times <= tolerance_s)
        values[~(inside & ((span <= self.max_gap_s) | beside))] = np.nan
        return np.asarray(values)

    def _filtered(self, fine: np.ndarray) -> np.ndarray:
        if len(self.grid.taps) == 1:
            return fine
        pad = len(self.grid.taps) // 2
        centre = fine[pad : len(fine) - pad : self.grid.factor]
        known = np.isfinite(fine)
        cut = np.lib.stride_tricks.sliding_window_view
        values = cut(np.where(known, fine, 0.0), len(self.grid.taps), axis=0)[:: self.grid.factor]
        weights = cut(known.astype(np.float32), len(self.grid.taps), axis=0)[:: self.grid.factor]
        smooth = values @ self.grid.taps / np.maximum(weights @ self.grid.taps, 0.1)
        smooth = np.where(self._motion, smooth, centre)
        known = np.isfinite(centre)
        return np.asarray(np.where(known, smooth, np.nan), np.float32)


def longest_gap_s(source_hz: float) -> float:
    """How far apart samples of a motion sensor may be: a longer pause is never bridged.

    >>> longest_gap_s(100.0), longest_gap_s(1.0)
    (0.5, 2.5)
    """
    return max(MAX_GAP_S, GAP_SAMPLES / source_hz)


def measured_hz(t: np.ndarray) -> float:
    """Typical rate of a clock that may jitter and have gaps; 1 where it cannot be told.

    The mean of the middle steps, because whole milliseconds would make a median wrong.

    >>> round(measured_hz(np.array([0.0, 0.033, 0.067, 0.1, 9.0])))
    30
    """
    steps = np.diff(t)
    steps = steps[steps > 0]
    if len(steps) == 0:
        return 1.0
    middle = steps[steps <= 2 * np.median(steps)]
    return float(1 / middle.mean())


def _alike(known: np.ndarray) -> list[np.ndarray]:
    """Of ``(time, channel)``, which channels are known at the same times, group by group."""
    groups: dict[bytes, np.ndarray] = {}
    for channel, when in enumerate(known.T):
        members = groups.setdefault(when.tobytes(), np.zeros(known.shape[1], bool))
        members[channel] = True
    return list(groups.values())


def _held(times: np.ndarray, t: np.ndarray, x: np.ndarray, tolerance_s: float) -> np.ndarray:
    before = np.searchsorted(t, times + tolerance_s, side="right") - 1
    values = x[np.maximum(before, 0)]
    old = times - t[np.maximum(before, 0)] > HOLD_S
    values[(before < 0) | old] = np.nan
    return np.asarray(values)
