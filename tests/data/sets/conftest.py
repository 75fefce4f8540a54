"""Tiny data sets in the layouts that their authors document; every number is made up here."""

from pathlib import Path

import numpy as np
import pytest

G_MS2 = 9.80665


def moving(seed, samples):
    """Acceleration ``(time, 3)`` in m/s² with gravity, and rotation ``(time, 3)`` in rad/s."""
    rng = np.random.default_rng(seed)
    acc = rng.normal((0.0, G_MS2, 0.0), 1.0, size=(samples, 3))
    return acc.round(5), rng.normal(scale=0.5, size=(samples, 3)).round(5)


def save(file: Path, rows, delimiter=" ", fmt="%.9g"):
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(file, rows, fmt=fmt, delimiter=delimiter)


def pamap2_rows(seed, activities=(0, 4, 24), each=60):
    """54 columns at 100 Hz; the heart rate is told every eleventh line, the ±6 g sensor is off."""
    samples = each * len(activities)
    rows = np.full((samples, 54), 77.0)
    rows[:, 0] = 8.38 + np.arange(samples) / 100
    rows[:, 1] = np.repeat(activities, each)
    rows[:, 2] = np.where(np.arange(samples) % 11 == 0, 104.0, np.nan)
    for imu, first in enumerate((3, 20, 37)):
        acc, gyr = moving(seed + imu, samples)
        rows[:, first + 1 : first + 4], rows[:, first + 7 : first + 10] = acc, gyr
        rows[:, first + 10 : first + 13] = [30.0, -20.0, 10.0]
    return rows


def write_pamap2(folder: Path):
    save(folder / "Protocol" / "subject101.dat", pamap2_rows(1))
    save(folder / "Optional" / "subject101.dat", pamap2_rows(2, (0, 9, 18)))
    save(folder / "Protocol" / "subject102.dat", pamap2_rows(3))


def mhealth_rows(seed, activities=(0, 4, 11), each=60):
    """24 columns; the gyroscopes count degrees."""
    samples = each * len(activities)
    rows = np.full((samples, 24), 0.004)
    for start in (0, 5, 14):
        rows[:, start : start + 3] = moving(seed + start, samples)[0]
    for start in (8, 17):
        rows[:, start : start + 3] = np.degrees(moving(seed + start, samples)[1])
    rows[:, 23] = np.repeat(activities, each)
    return rows


def write_mhealth(folder: Path):
    for subject in (1, 2, 10):
        save(folder / f"mHealth_subject{subject}.log", mhealth_rows(subject), "\t")


def dsads_segment(seed):
    """125 lines of five units: acceleration, gyroscope, magnetometer."""
    units = [np.hstack([*moving(seed + unit, 125), np.full((125, 3), 0.5)]) for unit in range(5)]
    return np.hstack(units)


def write_dsads(folder: Path):
    for activity in (1, 18):
        for person in (1, 2):
            for segment in (1, 2):
                file = folder / f"a{activity:02d}" / f"p{person}" / f"s{segment:02d}.txt"
                save(file, dsads_segment(100 * activity + 10 * person + segment), ",")


def write_hapt(folder: Path):
    raw = folder / "RawData"
    for experiment, user in ((1, 1), (2, 1), (3, 2)):
        acc, gyr = moving(experiment, 200)
        save(raw / f"acc_exp{experiment:02d}_user{user:02d}.txt", acc / G_MS2)
        save(raw / f"gyro_exp{experiment:02d}_user{user:02d}.txt", gyr)
    stretches = [[1, 1, 5, 21, 100], [1, 1, 7, 101, 120], [2, 1, 1, 1, 200], [3, 2, 4, 50, 150]]
    save(raw / "labels.txt", stretches, fmt="%d")


def windows_of(signal):
    """Half-overlapping windows ``(window, 128)`` of one long signal."""
    return np.array([signal[start : start + 128] for start in range(0, len(signal) - 127, 64)])


def write_uci_har_part(folder: Path, runs):
    """Runs are (subject, activity, samples); each is cut by itself, as the authors did."""
    part = folder.name
    subjects, activities, signals = [], [], {}
    for seed, (subject, activity, samples) in enumerate(runs):
        acc, gyr = moving(1000 * subject + seed, samples)
        for i, axis in enumerate("xyz"):
            for name, one in (("total_acc", acc / G_MS2), ("body_gyro", gyr)):
                signals.setdefault(f"{name}_{axis}", []).append(windows_of(one[:, i]))
        count = len(windows_of(acc[:, 0]))
        subjects += [subject] * count
        activities += [activity] * count
    for name, windows in signals.items():
        save(folder / "Inertial Signals" / f"{name}_{part}.txt", np.concatenate(windows))
    save(folder / f"subject_{part}.txt", subjects, fmt="%d")
    save(folder / f"y_{part}.txt", activities, fmt="%d")


def write_uci_har(folder: Path):
    write_uci_har_part(folder / "train", [(1, 5, 320), (1, 1, 256), (3, 4, 192)])
    write_uci_har_part(folder / "test", [(2, 6, 320), (2, 2, 128)])


RECGYM_HEADER = "Subject,Position,Session,A_x,A_y,A_z,G_x,G_y,G_z,C_1,Workout\n"


def recgym_lines(subject, position, session, workouts=("Null", "ArmCurl", "RopeSkipping"), each=20):
    """Every channel scaled to 0..1, as the authors publish it."""
    rng = np.random.default_rng([subject, session, len(position)])
    return [
        f"{subject},{position},{session},"
        + ",".join(f"{value:.6f}" for value in rng.normal(0.5, 0.04, size=7))
        + f",{workout}\n"
        for workout in workouts
        for _ in range(each)
    ]


def write_recgym(folder: Path):
    lines = [RECGYM_HEADER]
    for subject in (1, 2, 10):
        for position in ("wrist", "leg"):
            for session in (1, 2):
                lines += recgym_lines(subject, position, session)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "RecGym.csv").write_text("".join(lines))


def wisdm_lines(subject, activity, values, start_ns=252207666810782):
    return [
        f"{subject},{activity},{start_ns + 50_000_000 * i},{x},{y},{z};\n"
        for i, (x, y, z) in enumerate(values)
    ]


def write_wisdm(folder: Path):
    for subject in (1600, 1601):
        for device in ("phone", "watch"):
            acc, gyr = moving(subject + len(device), 120)
            for sensor, values in (("accel", acc), ("gyro", gyr)):
                lines = wisdm_lines(subject, "A", values[:60])
                lines += wisdm_lines(subject, "R", values[60:], 252507666810782)
                file = folder / "raw" / device / sensor / f"data_{subject}_{sensor}_{device}.txt"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("".join(lines))


def write_wisdm_phone(folder: Path):
    lines = []
    for subject, activity, start_ns in (
        (33, "Jogging", 49105962326000),
        (17, "Walking", 57869902574000),
        (33, "Upstairs", 49394992294000),
    ):
        lines += wisdm_lines(subject, activity, moving(subject, 60)[0], start_ns)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "WISDM_ar_v1.1_raw.txt").write_text("".join(lines))


@pytest.fixture(scope="session")
def writers():
    """By a source's name, what writes a small sound set in its layout."""
    return {
        "dsads": write_dsads,
        "hapt": write_hapt,
        "mhealth": write_mhealth,
        "pamap2": write_pamap2,
        "recgym": write_recgym,
        "uci_har": write_uci_har,
        "wisdm": write_wisdm,
        "wisdm_phone": write_wisdm_phone,
    }
