"""The Parquet file of one athlete: their recordings, one after the other."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from distride.data.recording import Recording
from distride.data.table import read_table, write_table
from distride.errors import DataError

CLOCK, RECORDING = "t", "recording"


def read_athlete(file: Path, athlete: str) -> list[Recording]:
    """All recordings of a file, in its order.

    Raises:
        DataError: It is no Parquet, or lacks the clock or the recordings' names.
    """
    table = read_table(file)
    for column in (CLOCK, RECORDING):
        if column not in table:
            raise DataError(f"'{file}' lacks the column '{column}'.")
    names = table[RECORDING].astype(str)
    return [
        _recording(athlete, name, table, np.flatnonzero(names == name))
        for name in dict.fromkeys(names)
    ]


def write_athlete(file: Path, recordings: list[Recording]) -> None:
    """Write the file, whole or not at all.

    Raises:
        DataError: Two recordings have one name, or writing failed.
    """
    write_table(file, _table(recordings))


def _table(recordings: list[Recording]) -> dict[str, np.ndarray]:
    names = [recording.name for recording in recordings]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(
            f"'{recordings[0].athlete}' already has a recording '{twice}': rename one of them."
        )
    lengths = [len(recording.t) for recording in recordings]
    table = {
        CLOCK: np.concatenate([recording.t for recording in recordings]).astype(np.float64),
        RECORDING: np.repeat(np.array(names, dtype=object), lengths),
    }
    for channel in dict.fromkeys(name for own in recordings for name in own.channels):
        table[channel] = np.concatenate(
            [own.channels.get(channel, np.full(len(own.t), np.nan)) for own in recordings]
        ).astype(np.float32)
    for task in dict.fromkeys(name for own in recordings for name in own.labels):
        table[task] = np.concatenate(
            [own.labels.get(task, np.full(len(own.t), "", object)) for own in recordings]
        ).astype(object)
    return table


def _recording(
    athlete: str, name: str, table: Mapping[str, np.ndarray], rows: np.ndarray
) -> Recording:
    values = {key: column[rows] for key, column in table.items() if key not in (CLOCK, RECORDING)}
    return Recording(
        athlete=athlete,
        name=name,
        t=table[CLOCK][rows].astype(np.float64),
        channels={
            key: column.astype(np.float32)
            for key, column in values.items()
            if column.dtype.kind != "O"
        },
        labels={key: column for key, column in values.items() if column.dtype.kind == "O"},
    )
