"""UCI-HAR: 30 people with a phone on the waist, 6 activities, in windows of 2.56 s.

`train/Inertial Signals/total_acc_x_train.txt` (g), `body_gyro_x_train.txt` (rad/s) and so on: a
line a window of 128 samples at 50 Hz, with `subject_train.txt` and `y_train.txt` beside them; the
same in `test`. Windows half overlap, so that every sample but those at a run's ends is there twice.
Here consecutive windows are joined again to the run they were cut from wherever the second half of
one is the first half of the next; each sample is there once.

`body_acc` is left out: it is `total_acc` after a filter that took gravity away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import channel, named, triad
from distride.data.sets.layout import Layout
from distride.data.sets.losses import told, told_first
from distride.data.sets.text import read_rows
from distride.data.source import Loaded, Source
from distride.signals import GRAVITY_MS2

PARTS = ("train", "test")
SIGNALS = tuple(f"{signal}_{axis}" for signal in ("total_acc", "body_gyro") for axis in "xyz")
LAYOUT = Layout("UCI-HAR", tuple(f"{part}/Inertial Signals/total_acc_x_*.txt" for part in PARTS))
RATE_HZ = 50.0
WINDOW, HOP = 128, 64
SAME = 1e-6  # the files print eight digits
ACTIVITIES = {
    1: "walking",
    2: "walking_upstairs",
    3: "walking_downstairs",
    4: "sitting",
    5: "standing",
    6: "laying",
}


@dataclass(frozen=True)
class _Part:
    """All windows of one part; both fit in 65 MB.

    Attributes:
        name: `train` or `test`.
        subject: ``(window,)`` numbers, NaN where the line was damaged.
        activity: ``(window,)`` numbers.
        x: ``(window, signal, sample)`` in the unit of the file, NaN where a line was damaged.
    """

    name: str
    subject: np.ndarray
    activity: np.ndarray
    x: np.ndarray

    @property
    def whole(self) -> np.ndarray:
        """Which windows ``(window,)`` have a subject and all samples."""
        return np.asarray(np.isfinite(self.subject) & np.isfinite(self.x).all(axis=(1, 2)))


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording a run of windows, `train_001` and so on, athlete after athlete.

    Raises:
        DataError: Another layout, or a file that is absent or has no readable line.
    """
    home = LAYOUT.home(folder)
    parts = [_part(home / name) for name in PARTS if (home / name).is_dir()]
    subjects = np.concatenate([part.subject for part in parts])
    recordings = (
        loaded
        for subject in np.unique(subjects[np.isfinite(subjects)])
        for part in parts
        for loaded in _recordings(part, int(subject))
    )
    lost = sum(int((~part.whole).sum()) for part in parts)
    yield from told_first(recordings, (lost, "Left out {} window(s) with a damaged line."))


def _part(folder: Path) -> _Part:
    name = folder.name
    files = [folder / f"subject_{name}.txt", folder / f"y_{name}.txt"]
    subject, activity = (read_rows(file, 1) for file in files)
    signals = folder / "Inertial Signals"
    x = [read_rows(signals / f"{signal}_{name}.txt", WINDOW) for signal in SIGNALS]
    length = max(rows.length for rows in (subject, activity, *x))
    return _Part(
        name,
        subject.spread(length)[:, 0],
        activity.spread(length)[:, 0],
        np.stack([channel(rows.spread(length)) for rows in x], axis=1),
    )


def _recordings(part: _Part, subject: int) -> Iterator[Loaded]:
    windows = np.flatnonzero(part.whole & (part.subject == subject))
    for number, run in enumerate(_runs(part.x, windows), 1):
        yield _load(part, run, f"subject_{subject}", f"{part.name}_{number:03d}")


def _runs(x: np.ndarray, windows: np.ndarray) -> list[np.ndarray]:
    """Windows of one athlete, parted wherever one does not go on where the one before ends."""
    before, after = windows[:-1], windows[1:]
    shared = np.abs(x[before, :, HOP:] - x[after, :, :HOP]).max(axis=(1, 2), initial=0.0)
    parted = (after != before + 1) | (shared > SAME)
    return [run for run in np.split(windows, np.flatnonzero(parted) + 1) if len(run)]


def _load(part: _Part, run: np.ndarray, athlete: str, name: str) -> Loaded:
    first, later = part.x[run[0]], part.x[run[1:], :, HOP:]
    x = np.concatenate([first, *later], axis=1).T
    new_samples = [WINDOW, *[HOP] * (len(run) - 1)]  # of each window; they bear its label
    labels, unknown = named(np.repeat(part.activity[run], new_samples), ACTIVITIES)
    channels = triad("waist_acc", x[:, :3], GRAVITY_MS2) | triad("waist_gyr", x[:, 3:])
    warnings = told((unknown, "{} sample(s) have no documented activity number: no label."))
    t = np.arange(len(x)) / RATE_HZ
    return Loaded(Recording(athlete, name, t, channels, {LABEL: labels}), warnings)


SOURCE = Source(
    name="uci_har",
    title="Human Activity Recognition Using Smartphones (UCI-HAR)",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "CC BY 4.0 (UCI ML repository set 240); its README forbids commercial use",
        "citation": 'D. Anguita et al., "A Public Domain Dataset for Human Activity Recognition '
        'Using Smartphones", ESANN 2013; UCI doi 10.24432/C54S4K',
        "sampling_hz": RATE_HZ,
        "left_out": "body_acc and the 561 features: made of these signals",
        "anomalies": [
            "the authors filtered the signals and left out what lies between activities",
            "the same people and sessions as HAPT: never use both in one evaluation",
        ],
    },
)
