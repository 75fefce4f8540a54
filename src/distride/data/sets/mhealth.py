"""MHEALTH: 10 people, 12 activities, Shimmer2 units on chest, left ankle and right wrist at 50 Hz.

`mHealth_subject1.log`: 24 columns with tabs between them and no clock: chest acceleration, two ECG
leads, then acceleration, gyroscope and magnetometer of the ankle and of the lower arm, and the
activity. The documentation states m/s², deg/s, mV and, of the magnetometers, "local": a unit that
nobody can convert, so they are left out.
"""

import math
from collections.abc import Iterator
from pathlib import Path

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import named, triads
from distride.data.sets.layout import Layout, numbered
from distride.data.sets.losses import told
from distride.data.sets.text import read_rows
from distride.data.source import Loaded, Source

FILES = "mHealth_subject*.log"
LAYOUT = Layout("MHEALTH", (FILES,))
RATE_HZ = 50.0
WIDTH = 24
ACTIVITY = 23
ACCELERATION = {"chest_acc": 0, "left_ankle_acc": 5, "right_wrist_acc": 14}  # x; m/s²
ROTATION = {"left_ankle_gyr": 8, "right_wrist_gyr": 17}  # x; deg/s
ACTIVITIES = {
    0: "",
    1: "standing_still",
    2: "sitting_and_relaxing",
    3: "lying_down",
    4: "walking",
    5: "climbing_stairs",
    6: "waist_bends_forward",
    7: "frontal_elevation_of_arms",
    8: "knees_bending",
    9: "cycling",
    10: "jogging",
    11: "running",
    12: "jump_front_and_back",
}


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording, `session`, an athlete.

    Raises:
        DataError: Another layout, or a file without a readable line.
    """
    for subject, file in numbered(LAYOUT.home(folder), FILES).items():
        yield _load(file, f"subject_{subject}")


def _load(file: Path, athlete: str) -> Loaded:
    rows = read_rows(file, WIDTH)
    labels, unknown = named(rows.values[:, ACTIVITY], ACTIVITIES)
    channels = triads(rows.values, ACCELERATION)
    channels |= triads(rows.values, ROTATION, math.pi / 180)
    warnings = told(
        (rows.lost, f"Left out {{}} line(s) that do not hold {WIDTH} numbers; the clock goes on."),
        (unknown, "{} sample(s) have an activity number that is not documented: no label."),
    )
    t = rows.places / RATE_HZ
    return Loaded(Recording(athlete, "session", t, channels, {LABEL: labels}), warnings)


SOURCE = Source(
    name="mhealth",
    title="MHEALTH",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "CC BY 4.0 (UCI ML repository set 319)",
        "citation": 'O. Banos et al., "mHealthDroid: a novel framework for agile development of '
        'mobile health applications", IWAAL 2014; UCI doi 10.24432/C5TW22',
        "sampling_hz": RATE_HZ,
        "left_out": "ECG (mV at 50 Hz); magnetometers (in a unit called local)",
        "anomalies": [
            "the gyroscope is documented in deg/s and converted so; users of the set report that "
            "it holds its samples and is too small: trust its shape, not its size"
        ],
    },
)
