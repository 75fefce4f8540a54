"""What the checks on columns keep of an athlete: a few short stretches of each class."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from distride.data.athlete_file import CLOCK
from distride.data.audit.blocks import blocks_of, label_of
from distride.data.audit.tasks import tasks_of
from distride.data.recording import Recording

BLOCK_S = 2.0
MOST_BLOCKS = 24  # of a class; evenly spread over the recordings
STEP = "step of t"  # how fast the clock runs, as a column


@dataclass(frozen=True)
class Samples:
    """Some blocks of one athlete, or of all.

    Attributes:
        columns: The channels, then the clock and its step.
        mean: ``(block, column)`` float32, NaN where nothing is known.
        deviation: ``(block, column)`` float32, NaN where nothing is known.
        labels: By task ``(block,)`` texts, empty where unknown.
        athlete: ``(block,)`` number.
    """

    columns: tuple[str, ...]
    mean: np.ndarray
    deviation: np.ndarray
    labels: Mapping[str, np.ndarray]
    athlete: np.ndarray


def samples_of(recordings: list[Recording]) -> Samples:
    """At most `MOST_BLOCKS` blocks of each class of each task."""
    channels = tuple(dict.fromkeys(name for one in recordings for name in one.channels))
    tasks = tasks_of(recordings)
    means, deviations = [np.empty((0, len(channels) + 2))], [np.empty((0, len(channels) + 2))]
    labels: dict[str, list[np.ndarray]] = {task: [] for task in tasks}
    for recording in recordings:
        if len(recording.t) == 0 or not channels:
            continue
        blocks = blocks_of(recording, channels, BLOCK_S)
        clock = _clock(recording, blocks.start, blocks.count)
        means.append(np.concatenate([blocks.mean, clock], axis=1))
        deviations.append(np.concatenate([blocks.deviation, np.full_like(clock, np.nan)], axis=1))
        for task in tasks:
            texts = recording.labels.get(task, np.full(len(recording.t), "", object))
            labels[task].append(label_of(texts, blocks))
    told = {task: np.concatenate(parts) for task, parts in labels.items() if parts}
    kept = _some_of_each(told)
    return Samples(
        (*channels, CLOCK, STEP),
        np.concatenate(means)[kept].astype(np.float32),
        np.concatenate(deviations)[kept].astype(np.float32),
        {task: texts[kept] for task, texts in told.items()},
        np.zeros(len(kept), np.int64),
    )


def gathered(samples: Mapping[str, Samples]) -> Samples:
    """Of all athletes, numbered in their order, over all columns that any of them has."""
    columns = tuple(dict.fromkeys(name for one in samples.values() for name in one.columns))
    tasks = dict.fromkeys(task for one in samples.values() for task in one.labels)
    sizes = [len(one.mean) for one in samples.values()]
    return Samples(
        columns,
        np.concatenate([_aligned(one.mean, one.columns, columns) for one in samples.values()]),
        np.concatenate([_aligned(one.deviation, one.columns, columns) for one in samples.values()]),
        {
            task: np.concatenate(
                [
                    one.labels.get(task, np.full(size, ""))
                    for one, size in zip(samples.values(), sizes, strict=True)
                ]
            )
            for task in tasks
        },
        np.repeat(np.arange(len(sizes)), sizes),
    )


def _clock(recording: Recording, start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """``(block, 2)``: time since the start, and the mean step; a lone sample has no step."""
    first, last = recording.t[start], recording.t[start + count - 1]
    step = np.where(count > 1, (last - first) / np.maximum(count - 1, 1), np.nan)
    return np.stack([(first + last) / 2, step], axis=1)


def _some_of_each(labels: Mapping[str, np.ndarray]) -> np.ndarray:
    chosen: list[np.ndarray] = [np.empty(0, np.int64)]
    for texts in labels.values():
        for name in np.unique(texts[texts != ""]):
            rows = np.flatnonzero(texts == name)
            evenly = np.linspace(0, len(rows) - 1, min(len(rows), MOST_BLOCKS)).round()
            chosen.append(rows[evenly.astype(np.int64)])
    return np.unique(np.concatenate(chosen))


def _aligned(values: np.ndarray, columns: tuple[str, ...], wanted: tuple[str, ...]) -> np.ndarray:
    aligned = np.full((len(values), len(wanted)), np.nan, np.float32)
    aligned[:, [wanted.index(name) for name in columns]] = values
    return aligned
