"""HAPT: 30 people with a phone on the waist, 6 activities and the 6 transitions between postures.

The raw recordings of UCI-HAR, published later: `RawData/acc_exp01_user01.txt` (g) and
`RawData/gyro_exp01_user01.txt` (rad/s), three numbers a line at 50 Hz, and `RawData/labels.txt`:
experiment, user, activity, first and last sample of a stretch, counted from 1.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import triad
from distride.data.sets.layout import Layout
from distride.data.sets.losses import told, told_first
from distride.data.sets.text import read_rows
from distride.data.source import Loaded, Source
from distride.signals import GRAVITY_MS2

FILES = "acc_exp[0-9][0-9]_user[0-9][0-9].txt"
LAYOUT = Layout("HAPT", (f"RawData/{FILES}",))
RATE_HZ = 50.0
ACTIVITIES = {
    1: "walking",
    2: "walking_upstairs",
    3: "walking_downstairs",
    4: "sitting",
    5: "standing",
    6: "laying",
    7: "stand_to_sit",
    8: "sit_to_stand",
    9: "sit_to_lie",
    10: "lie_to_sit",
    11: "stand_to_lie",
    12: "lie_to_stand",
}


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording an experiment, named like it, athlete after athlete.

    Raises:
        DataError: Another layout, or a file that is absent or has no readable line.
    """
    raw = LAYOUT.home(folder) / "RawData"
    stretches = read_rows(raw / "labels.txt", 5)
    recordings = (
        _load(raw, user, experiment, stretches.values) for user, experiment in _experiments(raw)
    )
    lost = (stretches.lost, "Left out {} line(s) of labels.txt that do not hold 5 numbers.")
    yield from told_first(recordings, lost)


def _experiments(raw: Path) -> list[tuple[int, int]]:
    """Numbers of user and experiment, a user's together."""
    names = [re.findall(r"\d+", file.stem) for file in raw.glob(FILES)]
    return sorted((int(user), int(experiment)) for experiment, user in names)


def _load(raw: Path, user: int, experiment: int, stretches: np.ndarray) -> Loaded:
    name = f"exp{experiment:02d}"
    acc = read_rows(raw / f"acc_{name}_user{user:02d}.txt", 3)
    gyr = read_rows(raw / f"gyro_{name}_user{user:02d}.txt", 3)
    length = max(acc.length, gyr.length)
    own = (stretches[:, :2] == (experiment, user)).all(axis=1)
    labels, wrong = _labels(stretches[own, 2:], length)
    channels = triad("waist_acc", acc.spread(length), GRAVITY_MS2)
    channels |= triad("waist_gyr", gyr.spread(length))
    warnings = told(
        (acc.lost + gyr.lost, "{} line(s) do not hold 3 numbers: NaN in their place."),
        (abs(acc.length - gyr.length), "One of its two files ends {} sample(s) early: NaN there."),
        (wrong, "{} stretch(es) of labels.txt name no documented activity or leave the recording."),
    )
    t = np.arange(length) / RATE_HZ
    return Loaded(Recording(f"subject_{user}", name, t, channels, {LABEL: labels}), warnings)


def _labels(stretches: np.ndarray, length: int) -> tuple[np.ndarray, int]:
    """Labels ``(time,)``, and how many stretches are not wholly sound."""
    labels, wrong = np.full(length, "", object), 0
    for activity, first, last in stretches:
        sound = activity in ACTIVITIES and 1 <= first <= last <= length
        wrong += not sound
        if activity in ACTIVITIES and 1 <= first <= last:
            labels[int(first) - 1 : int(last)] = ACTIVITIES[activity]
    return labels, wrong


SOURCE = Source(
    name="hapt",
    title="Human Activities and Postural Transitions (HAPT), the raw signals of UCI-HAR",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "CC BY 4.0 (UCI ML repository set 341); its README forbids commercial use",
        "citation": 'J. Reyes-Ortiz et al., "Transition-Aware Human Activity Recognition Using '
        'Smartphones", Neurocomputing 171, 2016; UCI doi 10.24432/C54G7M',
        "sampling_hz": RATE_HZ,
        "left_out": "Train and Test: 561 features a window, made of these signals",
        "anomalies": ["the same people and sessions as UCI-HAR: never use both in one evaluation"],
    },
)
