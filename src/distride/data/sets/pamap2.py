"""PAMAP2: 9 people, 18 activities, three IMUs at 100 Hz and a heart-rate belt.

`Protocol/subject101.dat` and, of some people, `Optional/subject101.dat`: 54 columns with blanks
between them, NaN where a wireless packet was lost. Column 1 is the clock in seconds, 2 the
activity, 3 the heart rate (about 9 Hz, NaN between), then 17 columns an IMU: temperature,
acceleration at ±16 g and again at ±6 g, gyroscope, magnetometer, orientation. The documentation
advises the ±16 g sensor, since the other saturates in running, and calls the orientation invalid.
"""

from collections.abc import Iterator
from pathlib import Path

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import channel, named, rising, triads
from distride.data.sets.layout import Layout, numbered
from distride.data.sets.losses import told
from distride.data.sets.text import read_rows
from distride.data.source import Loaded, Source
from distride.errors import DataError
from distride.signals import HEART_RATE

SESSIONS = ("Protocol", "Optional")
FILES = "subject1[0-9][0-9].dat"
LAYOUT = Layout("PAMAP2", tuple(f"{session}/{FILES}" for session in SESSIONS))
WIDTH = 54
CLOCK, ACTIVITY, HEART = 0, 1, 2
IMUS = {"hand": 3, "chest": 20, "ankle": 37}  # first column of each
SENSORS = {"acc": 1, "gyr": 7, "mag": 10}  # columns from there on; 1 is the ±16 g sensor
TRIADS = {f"{imu}_{one}": x + offset for imu, x in IMUS.items() for one, offset in SENSORS.items()}
ACTIVITIES = {
    0: "",  # on the way from one activity to the next
    1: "lying",
    2: "sitting",
    3: "standing",
    4: "walking",
    5: "running",
    6: "cycling",
    7: "nordic_walking",
    9: "watching_tv",
    10: "computer_work",
    11: "car_driving",
    12: "ascending_stairs",
    13: "descending_stairs",
    16: "vacuum_cleaning",
    17: "ironing",
    18: "folding_laundry",
    19: "house_cleaning",
    20: "playing_soccer",
    24: "rope_jumping",
}


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording a session, `protocol` before `optional`, athlete after athlete.

    Raises:
        DataError: Another layout, or a file without a readable line.
    """
    home = LAYOUT.home(folder)
    files = {session: numbered(home / session, FILES) for session in SESSIONS}
    for subject in sorted(set().union(*files.values())):
        for session in SESSIONS:
            if subject in files[session]:
                yield _load(files[session][subject], f"subject_{subject}", session.lower())


def _load(file: Path, athlete: str, session: str) -> Loaded:
    rows = read_rows(file, WIDTH)
    kept = rising(rows.values[:, CLOCK])
    if not kept.any():
        raise DataError(f"'{file}' has no line with a time: it is damaged; get it again.")
    values = rows.values[kept]
    labels, unknown = named(values[:, ACTIVITY], ACTIVITIES)
    channels = triads(values, TRIADS)
    channels[HEART_RATE] = channel(values[:, HEART])
    start_s = float(values[0, CLOCK])
    warnings = told(
        (rows.lost, f"Left out {{}} line(s) that do not hold {WIDTH} numbers."),
        (int((~kept).sum()), "Left out {} line(s) whose clock does not rise."),
        (unknown, "{} sample(s) have an activity number that is not documented: no label."),
    )
    t = values[:, CLOCK] - start_s
    return Loaded(Recording(athlete, session, t, channels, {LABEL: labels}), warnings, start_s)


SOURCE = Source(
    name="pamap2",
    title="PAMAP2 Physical Activity Monitoring",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "CC BY 4.0 (UCI ML repository set 231)",
        "citation": 'A. Reiss, D. Stricker, "Introducing a New Benchmarked Dataset for Activity '
        'Monitoring", ISWC 2012; UCI doi 10.24432/C5NW2H',
        "sampling_hz": 100.0,
        "left_out": "temperature, the ±6 g accelerometer (saturates), orientation (invalid)",
        "anomalies": [
            "wireless packets are missing: NaN in one IMU, gaps in the clock",
            "a magnetometer tells the heading of a treadmill or a room",
        ],
    },
)
