"""Short stretches of a recording, each as the mean and the deviation of its columns."""

from dataclasses import dataclass

import numpy as np

from distride.data.recording import Recording


@dataclass(frozen=True)
class Blocks:
    """Stretches of one recording.

    Attributes:
        start: ``(block,)`` first row.
        count: ``(block,)`` rows.
        mean: ``(block, column)``; NaN where nothing is known.
        deviation: ``(block, column)``; NaN where nothing is known.
    """

    start: np.ndarray
    count: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


def blocks_of(recording: Recording, columns: tuple[str, ...], seconds: float) -> Blocks:
    """Cut by the clock; a stretch without a sample is no block.

    Args:
        recording: With at least one row.
        columns: Names; one the recording lacks is NaN.
        seconds: Of a block.
    """
    number = np.floor((recording.t - recording.t[0]) / seconds)
    start = np.concatenate([[0], np.flatnonzero(np.diff(number)) + 1])
    x = recording.samples(columns).astype(np.float64)
    known = np.isfinite(x)
    count = np.add.reduceat(known, start, axis=0, dtype=np.int64)
    told = np.maximum(count, 1)
    rough = np.where(known, x, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, x - rough, 0.0)  # so that squares do not drown in a large offset
    mean = np.add.reduceat(centred, start, axis=0) / told
    square = np.add.reduceat(centred**2, start, axis=0) / told
    deviation = np.sqrt(np.maximum(square - mean**2, 0.0))
    empty = count == 0
    mean[empty], deviation[empty] = np.nan, np.nan
    rows = np.diff(np.concatenate([start, [len(recording.t)]]))
    return Blocks(start, rows, mean + rough, deviation)


def label_of(labels: np.ndarray, blocks: Blocks) -> np.ndarray:
    """``(block,)`` texts: the label where it does not change within the block, else empty."""
    run = np.concatenate([[0], np.cumsum(labels[1:] != labels[:-1])])
    pure = run[blocks.start] == run[blocks.start + blocks.count - 1]
    return np.where(pure, labels[blocks.start].astype(str), "")
