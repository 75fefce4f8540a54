import numpy as np
import pytest

from distride.data import LABEL
from distride.data.sets.pamap2 import ACTIVITIES, SOURCE
from distride.errors import DataError


def rows(samples=40, activity=4):
    """54 columns, each cell telling its column."""
    table = np.tile(np.arange(1.0, 55.0), (samples, 1))
    table[:, 0] = 8.38 + np.arange(samples) / 100
    table[:, 1] = activity
    return table


def read(folder, table, session="Protocol"):
    file = folder / session / "subject105.dat"
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(file, table, fmt="%.6g")
    return list(SOURCE.read(folder, ""))


def test_the_wide_accelerometer_is_taken_and_invalid_columns_are_not(tmp_path):
    channels = read(tmp_path, rows())[0].recording.channels
    first = {name: int(values[0]) for name, values in channels.items()}
    assert [first[f"hand_acc_{axis}"] for axis in "xyz"] == [5, 6, 7]
    assert [first[f"hand_gyr_{axis}"] for axis in "xyz"] == [11, 12, 13]
    assert [first[f"hand_mag_{axis}"] for axis in "xyz"] == [14, 15, 16]
    assert first["chest_acc_x"] == 22
    assert first["ankle_mag_z"] == 50
    assert first["heart_rate"] == 3
    assert len(channels) == 28


def test_sessions_of_one_person_are_recordings(tmp_path):
    read(tmp_path, rows())
    loaded = read(tmp_path, rows(activity=20), "Optional")
    assert [(one.recording.athlete, one.recording.name) for one in loaded] == [
        ("subject_105", "protocol"),
        ("subject_105", "optional"),
    ]
    assert set(loaded[1].recording.labels[LABEL]) == {"playing_soccer"}


def test_gaps_and_unknown_samples_stay(tmp_path):
    table = rows()
    table = np.delete(table, slice(10, 20), axis=0)
    table[5, 3:20] = np.nan
    recording = read(tmp_path, table)[0].recording
    assert np.diff(recording.t).max() == pytest.approx(0.11)
    assert np.isnan(recording.channels["hand_acc_x"]).sum() == 1
    assert not np.isnan(recording.channels["chest_acc_x"]).any()


def test_a_transient_has_no_label_and_an_unknown_activity_is_counted(tmp_path):
    table = rows(30)
    table[:10, 1], table[10:20, 1] = 0, 99
    loaded = read(tmp_path, table)[0]
    assert loaded.recording.labels[LABEL].tolist() == [""] * 20 + ["walking"] * 10
    assert loaded.warnings == (
        "10 sample(s) have an activity number that is not documented: no label.",
    )


def test_a_clock_that_falls_is_left_out_and_counted(tmp_path):
    table = rows()
    table[20:23, 0] = [8.0, np.nan, table[19, 0]]
    loaded = read(tmp_path, table)[0]
    assert len(loaded.recording.t) == 37
    assert "3 line(s) whose clock" in loaded.warnings[0]
    assert loaded.start_s == pytest.approx(8.38)


def test_a_file_without_any_time_is_refused(tmp_path):
    table = rows()
    table[:, 0] = np.nan
    with pytest.raises(DataError, match=r"subject105\.dat.*no line with a time"):
        read(tmp_path, table)


def test_all_documented_activities_have_a_name():
    assert len(ACTIVITIES) == 19
    assert len(set(ACTIVITIES.values())) == 19
