import tracemalloc

import numpy as np
import pytest

from distride.data import LABEL
from distride.data.sets.recgym import SOURCE
from distride.errors import DataError

HEADER = "Subject,Position,Session,A_x,A_y,A_z,G_x,G_y,G_z,C_1,Workout"
NUMBERS = "0.1,0.2,0.3,0.4,0.5,0.6,0.7"


def write(folder, *lines, header=HEADER):
    (folder / "RecGym.csv").write_text("\n".join([header, *lines]) + "\n")


def read(folder):
    return list(SOURCE.read(folder, ""))


def test_each_unit_of_a_session_is_a_recording_with_its_own_channels(tmp_path):
    write(
        tmp_path,
        *[
            f"4,{place},{session},{NUMBERS},Null"
            for place in ("wrist", "leg")
            for session in (2, 1)
        ],
    )
    recordings = [one.recording for one in read(tmp_path)]
    assert [one.name for one in recordings] == [
        f"session_{session}_{place}" for place in ("wrist", "leg") for session in (2, 1)
    ]
    first = {name: round(float(values[0]), 3) for name, values in recordings[0].channels.items()}
    assert [first[f"wrist_acc_{axis}"] for axis in "xyz"] == [0.1, 0.2, 0.3]
    assert [first[f"wrist_gyr_{axis}"] for axis in "xyz"] == [0.4, 0.5, 0.6]
    assert first["wrist_capacitance"] == 0.7
    assert all(name.startswith("leg_") for name in recordings[2].channels)


def test_workouts_become_labels_and_null_none(tmp_path):
    workouts = ("Null", "StairsClimber", "Running")
    write(tmp_path, *[f"1,wrist,1,{NUMBERS},{workout}" for workout in workouts])
    (loaded,) = read(tmp_path)
    assert loaded.recording.labels[LABEL].tolist() == ["", "stairs_climber", "running"]
    assert loaded.recording.t.tolist() == [0.0, 0.05, 0.1]


def test_that_no_unit_is_published_is_told(tmp_path):
    write(tmp_path, f"1,wrist,1,{NUMBERS},Null", "1,wrist,2,0.1,9.8,0.3,0,0,0,0.5,Null")
    scaled, other = read(tmp_path)
    assert "neither m/s² nor rad/s" in scaled.warnings[0]
    assert not other.warnings


def test_columns_may_come_in_another_order(tmp_path):
    write(
        tmp_path,
        "Squat,3,pocket,0.1,0.2,0.3,0.4,0.5,0.6,0.7,5",
        header="Workout,Object,Position,A_x,A_y,A_z,G_x,G_y,G_z,C_1,Session",
    )
    (loaded,) = read(tmp_path)
    assert (loaded.recording.athlete, loaded.recording.name) == ("subject_3", "session_5_pocket")


def test_damaged_lines_leave_a_gap_and_empty_cells_nan(tmp_path):
    write(
        tmp_path,
        f"1,wrist,1,{NUMBERS},Null",
        "1,wrist,1,0.1,0.2",
        "1,wrist,1,0.1,x,0.3,0.4,0.5,0.6,0.7,Null",
        "1,wrist,1,,0.2,0.3,0.4,0.5,0.6,0.7,Null",
    )
    (loaded,) = read(tmp_path)
    assert loaded.recording.t.tolist() == [0.0, pytest.approx(0.15)]
    assert np.isnan(loaded.recording.channels["wrist_acc_x"]).tolist() == [False, True]
    assert "2 damaged line(s)" in loaded.warnings[0]


def test_a_table_with_other_columns_is_refused(tmp_path):
    write(tmp_path, "1,2", header="Subject,Workout")
    with pytest.raises(DataError, match=r"has the columns \['Subject', 'Workout'\]"):
        read(tmp_path)


def test_an_athlete_without_a_readable_line_is_refused(tmp_path):
    write(tmp_path, f"1,wrist,1,{NUMBERS},Null", "2,wrist")
    with pytest.raises(DataError, match="no readable line of subject 2"):
        read(tmp_path)


def peak_of(folder, athletes):
    folder.mkdir()
    lines = (f"{athlete},wrist,1,{NUMBERS},Null" for athlete in athletes for _ in range(4000))
    write(folder, *lines)
    tracemalloc.start()
    for _ in SOURCE.read(folder, ""):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_number_of_athletes(tmp_path):
    few, many = peak_of(tmp_path / "few", range(1, 3)), peak_of(tmp_path / "many", range(1, 11))
    assert many < 1.3 * few
