"""Is the signal fit to be read? Told once, when trouble begins."""

import numpy as np

from distride.runtime.events import Quality
from distride.signals import SignalSpec, triads

GAP_S = 0.5  # a pause that no sensor makes by itself
FLAT = 1e-6  # range of a channel, SI units; a worn sensor is never this still


class QualityWatch:
    """Watches the clock and the windows of one stream."""

    def __init__(self, spec: SignalSpec) -> None:
        self.spec = spec
        self._triads = triads(spec.channels)
        self._last_s: float | None = None
        self._missing: frozenset[int] = frozenset()
        self._flat: frozenset[int] = frozenset()

    def clock(self, t: np.ndarray) -> list[Quality]:
        """Gaps between samples, and between this push and the last one.

        Args:
            t: ``(time,)`` seconds.
        """
        before = [] if self._last_s is None else [self._last_s]
        times = np.concatenate([before, t])
        if len(times):
            self._last_s = float(times[-1])
        return [
            Quality(
                t_s=float(times[at + 1]),
                kind="gap",
                channels=self.spec.channels,
                text=f"No samples for {times[at + 1] - times[at]:.1f} s.",
                seconds=float(times[at + 1] - times[at]),
            )
            for at in np.flatnonzero(np.diff(times) > GAP_S)
        ]

    def window(self, end_s: float, samples: np.ndarray) -> list[Quality]:
        """Channels that went missing or flat.

        Args:
            end_s: End of the window.
            samples: ``(channel, time)``, NaN where absent.
        """
        absent = np.isnan(samples).all(axis=1)
        still = ~absent & (_spans(samples) <= FLAT)
        missing = frozenset(np.flatnonzero(absent).tolist())
        flat = frozenset(at for triad in self._triads if still[list(triad)].all() for at in triad)
        told = [
            *self._told(end_s, "missing", missing - self._missing, "gives no samples"),
            *self._told(end_s, "flat", flat - self._flat, "does not move at all"),
        ]
        self._missing, self._flat = missing, flat
        return told

    def _told(self, t_s: float, kind: str, new: frozenset[int], what: str) -> list[Quality]:
        names = tuple(self.spec.channels[at] for at in sorted(new))
        return [Quality(t_s, kind, names, f"{', '.join(names)} {what}.")] if names else []


def _spans(samples: np.ndarray) -> np.ndarray:
    """Range of each channel over what is there; 0 where nothing is."""
    top = np.where(np.isnan(samples), -np.inf, samples).max(axis=1)
    bottom = np.where(np.isnan(samples), np.inf, samples).min(axis=1)
    return np.asarray(np.where(top >= bottom, top - bottom, 0.0))
