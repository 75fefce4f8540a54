"""WISDM v1.1 (2012): 36 people with a phone in a front trouser pocket, 6 activities at 20 Hz.

One file, `WISDM_ar_v1.1_raw.txt`, of acceleration in Android's m/s²; people come back in it several
times, and their clocks were set in between.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import triad
from distride.data.sets.layout import Layout
from distride.data.sets.losses import told, told_first
from distride.data.sets.text import athlete_stretches, lines_of
from distride.data.sets.wisdm_samples import (
    DAMAGED,
    NANOSECONDS,
    RATE_HZ,
    REPEATED,
    Stream,
    read_stream,
)
from distride.data.source import Loaded, Source

FILE = "WISDM_ar_v1.1_raw.txt"
LAYOUT = Layout("WISDM v1.1", (FILE,))
ACTIVITIES = {
    name: name.lower()
    for name in ("Walking", "Jogging", "Upstairs", "Downstairs", "Sitting", "Standing")
}


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording a run of one activity, `walking_1`, athlete after athlete.

    Raises:
        DataError: Another layout, or an athlete without a readable sample.
    """
    file = LAYOUT.home(folder) / FILE
    for subject, stretches in athlete_stretches(file).items():
        lines = lines_of(file, stretches)
        stream, lost = read_stream(lines, subject, ACTIVITIES, file)
        yield from told_first(_recordings(stream, f"subject_{subject}"), (lost, DAMAGED))


def _recordings(stream: Stream, athlete: str) -> Iterator[Loaded]:
    numbers: Counter[str] = Counter()
    for run, repeated in _runs(stream):
        label = run.label[0]
        numbers[label] += 1
        name, channels = f"{label}_{numbers[label]}", triad("pocket_acc", run.xyz)
        recording = Recording(athlete, name, run.t, channels, {LABEL: run.label})
        yield Loaded(recording, told((repeated, REPEATED)), float(run.ns[0]) / NANOSECONDS)


def _runs(stream: Stream) -> Iterator[tuple[Stream, int]]:
    """Stretches of one activity whose clock rises, and how many samples repeated a timestamp."""
    steps = np.diff(stream.ns)
    borders = (stream.label[1:] != stream.label[:-1]) | (steps < 0)
    for rows in np.split(np.arange(len(stream.ns)), np.flatnonzero(borders) + 1):
        fresh = np.diff(stream.ns[rows], prepend=-1) > 0
        yield stream.of(rows[fresh]), int((~fresh).sum())


SOURCE = Source(
    name="wisdm_phone",
    title="WISDM v1.1, activity prediction with a phone",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "not stated; the authors ask to be cited and to pass on their readme",
        "citation": 'J. Kwapisz, G. Weiss, S. Moore, "Activity Recognition using Cell Phone '
        'Accelerometers", SensorKDD 2010',
        "sampling_hz": RATE_HZ,
        "anomalies": ["damaged lines, timestamps of 0 and repeated timestamps, all counted"],
    },
)
