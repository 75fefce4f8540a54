"""DSADS: 8 people, 19 daily and sports activities, five Xsens MTx units at 25 Hz.

`a01/p1/s01.txt`: activity, person and 5 s segment of a recording of 5 minutes; 125 lines of 45
numbers with commas between them, nine a unit: acceleration (m/s²), gyroscope (rad/s) and
magnetometer. The segments follow each other without a seam, so an activity is one recording.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import triads
from distride.data.sets.layout import Layout, numbered
from distride.data.sets.losses import told
from distride.data.sets.text import Rows, read_rows
from distride.data.source import Loaded, Source
from distride.errors import DataError

SEGMENTS = "s[0-9][0-9].txt"
LAYOUT = Layout("DSADS", (f"a[01][0-9]/p[0-9]/{SEGMENTS}",))
RATE_HZ = 25.0
WIDTH = 45
SEGMENT_ROWS = 125
UNITS = {"torso": 0, "right_arm": 9, "left_arm": 18, "right_leg": 27, "left_leg": 36}
SENSORS = {"acc": 0, "gyr": 3}  # columns from a unit's first on; 6 is the magnetometer
TRIADS = {
    f"{unit}_{one}": x + offset for unit, x in UNITS.items() for one, offset in SENSORS.items()
}
ACTIVITIES = {
    1: "sitting",
    2: "standing",
    3: "lying_back",
    4: "lying_right",
    5: "ascending_stairs",
    6: "descending_stairs",
    7: "standing_elevator",
    8: "moving_elevator",
    9: "walking_parking_lot",
    10: "walking_treadmill_flat",
    11: "walking_treadmill_incline",
    12: "running_treadmill",
    13: "stepper",
    14: "cross_trainer",
    15: "cycling_horizontal",
    16: "cycling_vertical",
    17: "rowing",
    18: "jumping",
    19: "basketball",
}


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording an activity, named like its folder, athlete after athlete.

    Raises:
        DataError: Another layout, or an activity without a readable line.
    """
    home = LAYOUT.home(folder)
    activities = {n: path for n, path in numbered(home, "a[01][0-9]").items() if n in ACTIVITIES}
    people = {p for path in activities.values() for p in numbered(path, "p[0-9]")}
    for person in sorted(people):
        for activity, path in activities.items():
            segments = numbered(path / f"p{person}", SEGMENTS)
            if segments:
                yield _load(segments, f"subject_{person}", activity)


def _load(segments: dict[int, Path], athlete: str, activity: int) -> Loaded:
    places, tables, lost = [], [], 0
    for segment, file in segments.items():
        rows = _segment(file)
        inside = rows.places < SEGMENT_ROWS
        places.append(rows.places[inside] + (segment - 1) * SEGMENT_ROWS)
        tables.append(rows.values[inside])
        lost += rows.lost + int((~inside).sum())
    at, values = np.concatenate(places), np.concatenate(tables)
    if not len(at):
        raise DataError(
            f"No segment of activity {activity} of '{athlete}' can be read: get the data set again."
        )
    labels = np.full(len(at), ACTIVITIES[activity], object)
    missing = max(segments) * SEGMENT_ROWS - len(at)
    warnings = told(
        (lost, f"Left out {{}} line(s) that are not among {SEGMENT_ROWS} of {WIDTH} numbers."),
        (missing, "{} sample(s) are missing from its 5 s segments; the clock keeps the gaps."),
    )
    recording = Recording(
        athlete, f"a{activity:02d}", at / RATE_HZ, triads(values, TRIADS), {LABEL: labels}
    )
    return Loaded(recording, warnings)


def _segment(file: Path) -> Rows:
    """A segment's rows; a file without any leaves a gap of 5 s and does not spoil the rest."""
    try:
        return read_rows(file, WIDTH, ",")
    except DataError:
        return Rows(np.empty((0, WIDTH)), np.empty(0, np.int64), 0)


SOURCE = Source(
    name="dsads",
    title="Daily and Sports Activities (DSADS)",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "CC BY 4.0 (UCI ML repository set 256)",
        "citation": 'K. Altun, B. Barshan, O. Tunçel, "Comparative study on classifying human '
        'activities with miniature inertial and magnetic sensors", Pattern Recognition 43(10), '
        "2010; UCI doi 10.24432/C5C59F",
        "sampling_hz": RATE_HZ,
        "left_out": "magnetometers: scaled to the local field, and they tell the treadmill's "
        "heading, which names the activity",
        "anomalies": ["one recording an athlete and activity, and no class of anything else"],
    },
)
