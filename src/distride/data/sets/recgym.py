"""RecGym: 10 people, 5 sessions in a gym each, IMU and body capacitance at 20 Hz.

`RecGym.csv`: one table of 4.4 million lines without a clock: who, where the unit was worn (wrist,
pocket or leg), session, acceleration, gyroscope, capacitance, workout. Nothing ties the three
units of a session together in time, so each gives a recording of its own. The authors scaled every
channel to 0..1 and did not publish by how much: no unit can be given back to them.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import channel, snake_case, triad
from distride.data.sets.layout import Layout
from distride.data.sets.losses import told, told_first
from distride.data.sets.text import athlete_stretches, lines_of, text_lines
from distride.data.source import Loaded, Source
from distride.errors import DataError

FILES = "RecGym*.csv"
LAYOUT = Layout("RecGym", (FILES,))
RATE_HZ = 20.0
ATHLETE = ("Subject", "Object")  # the file says one, the repository's page the other
NUMBERS = ("A_x", "A_y", "A_z", "G_x", "G_y", "G_z", "C_1")
POSITION, SESSION, WORKOUT = "Position", "Session", "Workout"
NULL = "null"
SCALED = (
    "Its {} samples are as the authors scaled them, 0 to 1: neither m/s² nor rad/s, and gravity "
    "cannot be told; do not mix them with another set's."
)


@dataclass
class _Samples:
    """What one unit recorded in one session, as it is read.

    Attributes:
        place: Of the next line on the recording's clock.
        places: ``(row,)`` of the lines read.
        values: ``(row x number,)``.
        workouts: ``(row,)`` labels.
    """

    place: int = 0
    places: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))
    workouts: list[str] = field(default_factory=list)


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording a session and unit, `session_1_wrist`, athlete after athlete.

    Raises:
        DataError: Another layout, or an athlete without a readable line.
    """
    file = sorted(LAYOUT.home(folder).glob(FILES))[0]
    columns = _columns(file)
    stretches = athlete_stretches(file, columns[ATHLETE[0]])
    for subject, own in stretches.items():
        sessions, lost = _sessions(lines_of(file, own), columns)
        if not sessions:
            raise DataError(f"'{file}' has no readable line of subject {subject}: get it again.")
        recordings = (
            _load(samples, f"subject_{subject}", session, position)
            for (session, position), samples in sessions.items()
        )
        damaged = (lost, "Left out {} damaged line(s) of this athlete; the clock goes on.")
        yield from told_first(recordings, damaged)


def _columns(file: Path) -> dict[str, int]:
    """Where each column is; the athlete's goes by its first name."""
    cells = [cell.strip() for cell in next(text_lines(file)).split(",")]
    names = [ATHLETE[0] if cell in ATHLETE else cell for cell in cells]
    needed = (ATHLETE[0], POSITION, SESSION, *NUMBERS, WORKOUT)
    if not set(needed) <= set(names):
        raise DataError(
            f"'{file}' has the columns {cells[:12]}; RecGym has {', '.join(needed)}: get it again."
        )
    return {name: place for place, name in enumerate(names)}


def _sessions(
    lines: Iterator[str], columns: Mapping[str, int]
) -> tuple[dict[tuple[str, str], _Samples], int]:
    """Samples by session and position in the order of the file, and the number of damaged lines."""
    sessions: dict[tuple[str, str], _Samples] = {}
    current, lost = _Samples(), 0
    where = [columns[name] for name in NUMBERS]
    for line in lines:
        cells = [cell.strip() for cell in line.split(",")]
        numbers = _numbers(cells, where, len(columns))
        if numbers:
            key = cells[columns[SESSION]], cells[columns[POSITION]].lower()
            current = sessions.setdefault(key, _Samples())
            current.places.append(current.place)
            current.values.extend(numbers)
            current.workouts.append(snake_case(cells[columns[WORKOUT]]))
        lost += not numbers
        current.place += 1
    return sessions, lost


def _numbers(cells: list[str], where: list[int], width: int) -> list[float]:
    """The numbers of a line, NaN where a cell is empty; none at all of a damaged line."""
    if len(cells) != width:
        return []
    try:
        return [float(cells[column] or "nan") for column in where]
    except ValueError:
        return []


def _load(samples: _Samples, athlete: str, session: str, position: str) -> Loaded:
    values = np.frombuffer(samples.values, np.float64).reshape(-1, len(NUMBERS))
    channels = triad(f"{position}_acc", values[:, :3]) | triad(f"{position}_gyr", values[:, 3:6])
    channels[f"{position}_capacitance"] = channel(values[:, 6])
    workouts = np.array(samples.workouts, object)
    workouts[workouts == NULL] = ""
    t = np.frombuffer(samples.places, np.int64) / RATE_HZ
    name = f"session_{session}_{position}"
    known = values[np.isfinite(values)]
    scaled = bool(((known >= 0) & (known <= 1)).all())
    warnings = told((len(t) if scaled else 0, SCALED))
    return Loaded(Recording(athlete, name, t, channels, {LABEL: workouts}), warnings)


SOURCE = Source(
    name="recgym",
    title="RecGym: gym workouts with IMU and body capacitance",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "CC BY 4.0 (UCI ML repository set 1128)",
        "citation": 'S. Bian, V. Fortes Rey, S. Yuan, P. Lukowicz, "Hybrid CNN-Dilated '
        "Self-attention Model Using Inertial and Body-Area Electrostatic Sensing for Gym Workout "
        'Recognition, Counting, and User Authentification", 2025; UCI doi 10.24432/C5PW4K',
        "sampling_hz": RATE_HZ,
        "units": "none: the authors scaled every channel to 0..1",
        "anomalies": ["the three units of a session have no common clock: a recording each"],
    },
)
