"""Frames of many calm streams at once: what `Resampler.push` gives each, in a few large operations.

A stream is calm while nothing of the past that it needs is unknown and no channel is a held value.
So points of the grid are interpolated without asking for gaps, and the filter is one product.
"""

from collections.abc import Sequence

import numpy as np

from distride.signals.grid import TOLERANCE, Grid, Held


def frames_together(
    grid: Grid, held: Sequence[Held], t: np.ndarray, samples: np.ndarray
) -> list[tuple[np.ndarray, Held]]:
    """Of each stream, the frames ``(frame, channel)`` that its samples complete, and what is held.

    Args:
        grid: Of all of them.
        held: Before; as many points of each.
        t: ``(stream, time)`` seconds; each goes on without a gap.
        samples: ``(stream, time, channel)`` float32, all known.
    """
    clocks = np.concatenate([[[one.t_s] for one in held], t], axis=1)
    values = np.concatenate([[[one.sample] for one in held], samples], axis=1)
    origin_s = np.array([[one.origin_s] for one in held])
    before = np.array([[one.made] for one in held])
    made = np.floor((t[:, -1:] - origin_s) * grid.hz + TOLERANCE).astype(int) + 1
    times = origin_s + (before + np.arange((made - before).max())) / grid.hz
    points = np.concatenate(
        [np.stack([one.points for one in held]), _interpolated(times, clocks, values)], axis=1
    )
    frames = _filtered(points, grid)
    known = (len(held[0].points) + made - before).ravel().tolist()
    ready = [max(0, (count - len(grid.taps)) // grid.factor + 1) for count in known]
    last_s, last = t[:, -1].tolist(), samples[:, -1].copy()
    return [
        (
            frames[at, : ready[at]],
            Held(
                one.origin_s,
                last_s[at],
                last[at],
                int(made[at, 0]),
                points[at, ready[at] * grid.factor : known[at]].copy(),
            ),
        )
        for at, one in enumerate(held)
    ]


def _interpolated(times: np.ndarray, t: np.ndarray, x: np.ndarray) -> np.ndarray:
    """``(stream, point, channel)``: between the two samples that each time lies between."""
    streams, length, channels = x.shape
    row = np.arange(streams)[:, None]
    shift_s = row * ((t[:, -1] - t[:, 0]).max() + 1.0) - t[:, :1]  # one clock after the other
    found = np.searchsorted((t + shift_s).ravel(), (times + shift_s).ravel())
    after = np.clip(found.reshape(times.shape), row * length + 1, (row + 1) * length - 1).ravel()
    left, right = t.ravel()[after - 1], t.ravel()[after]
    share = np.clip((times.ravel() - left) / (right - left), 0.0, 1.0).astype(np.float32)
    flat = x.reshape(-1, channels)
    x_left = flat[after - 1]
    between = x_left + share[:, None] * (flat[after] - x_left)
    return np.asarray(between.reshape(streams, -1, channels))


def _filtered(points: np.ndarray, grid: Grid) -> np.ndarray:
    """``(stream, frame, channel)``; rows of the matrix hold the filter, a frame further each."""
    taps = grid.taps
    if len(taps) == 1:
        return points
    count = max(0, (points.shape[1] - len(taps)) // grid.factor + 1)
    weights = np.zeros((count, points.shape[1]), np.float32)
    for frame in range(count):
        weights[frame, frame * grid.factor : frame * grid.factor + len(taps)] = taps
    return np.asarray(weights @ points)
