"""How much of a window was measured, and not bridged between samples or missing."""

import numpy as np

from distride.signals.spec import SignalSpec, is_waveform

JITTER = 1.5  # of the window's step: samples further apart than this leave a hole


def heard_shares(
    t: np.ndarray, samples: np.ndarray, starts_s: np.ndarray, spec: SignalSpec
) -> np.ndarray:
    """``(window,)``: the share of each window's time that samples of motion tell of, 0 to 1.

    Of a pause longer than a step of the window's rate (give or take half) only one step is known.
    So gaps, lost samples, and a sensor slower than the window's rate all count.

    Args:
        t: ``(time,)`` seconds, never falling.
        samples: ``(time, channel)``, NaN where unknown.
        starts_s: ``(window,)`` when each window starts, on the same clock.
        spec: What a window is.

    >>> spec = SignalSpec(("acc_x",), rate_hz=10.0, window_s=1.1)
    >>> t = np.arange(0, 2.01, 0.2)  # half the rate
    >>> heard_shares(t, np.ones((len(t), 1)), np.array([0.0]), spec).round(2).tolist()
    [0.5]
    """
    motion = [is_waveform(name) for name in spec.channels]
    there = np.isfinite(samples[:, motion] if any(motion) else samples).any(axis=1)
    clock, step_s = t[there], 1 / spec.rate_hz
    if len(clock) == 0:
        return np.zeros(len(starts_s))
    pauses_s = np.diff(clock, prepend=clock[0])
    heard_s = np.cumsum(np.where(pauses_s > JITTER * step_s, step_s, pauses_s))
    spans_s = spec.window_s - step_s  # from the first sample of a window to its last
    until_s = np.interp(starts_s + spans_s, clock, heard_s)
    return np.asarray(np.clip((until_s - np.interp(starts_s, clock, heard_s)) / spans_s, 0, 1))
