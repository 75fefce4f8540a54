"""A forearm that swings out and back while the hand carries a watch."""

import numpy as np

RATE_HZ = 50.0
CHANNELS = tuple(f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz")


def session(*parts, seed=0):
    """Times and samples of parts one after the other, with a sensor's noise.

    Args:
        parts: Pairs of seconds a repetition, and how many; ``(0, seconds)`` is standing still.
        seed: Of the noise.
    """
    angle = [np.zeros(1)]
    for seconds, count in parts:
        if seconds == 0:
            angle.append(np.zeros(round(count * RATE_HZ)))
        else:
            phase = 2 * np.pi * np.arange(round(seconds * RATE_HZ)) / round(seconds * RATE_HZ)
            angle += [(1 - np.cos(phase)) / 2 * 1.2] * count
    return sensed(np.concatenate(angle), seed)


def sensed(angle, seed=0):
    """What a watch measures of a forearm at such angles to the horizon, rad."""
    rng = np.random.default_rng(seed)
    t = np.arange(len(angle)) / RATE_HZ
    acc = 9.81 * np.stack([np.sin(angle), np.cos(angle), np.zeros(len(angle))], axis=1)
    gyr = np.stack([np.zeros(len(angle))] * 2 + [np.gradient(angle, 1 / RATE_HZ)], axis=1)
    samples = np.concatenate([acc + rng.normal(0, 0.1, acc.shape), gyr], axis=1)
    return t, samples.astype(np.float32)
