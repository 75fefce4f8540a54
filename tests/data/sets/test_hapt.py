import numpy as np
import pytest

from distride.data import LABEL
from distride.data.sets.hapt import SOURCE
from distride.errors import DataError


@pytest.fixture
def raw(tmp_path):
    """Two experiments of user 7 and one of user 12, each of 100 samples."""
    raw = tmp_path / "RawData"
    raw.mkdir()
    for experiment, user in ((21, 12), (14, 7), (13, 7)):
        for sensor, values in (("acc", [0.0, 1.0, -0.5]), ("gyro", [0.1, 0.2, 0.3])):
            np.savetxt(raw / f"{sensor}_exp{experiment}_user{user:02d}.txt", [values] * 100)
    (raw / "labels.txt").write_text("13 7 5 11 20\n14 7 11 1 100\n21 12 1 50 100\n")
    return raw


def read(raw):
    return list(SOURCE.read(raw.parent, ""))


def labels_of(loaded):
    return loaded.recording.labels[LABEL].tolist()


def test_experiments_are_recordings_athlete_after_athlete(raw):
    assert [(one.recording.athlete, one.recording.name) for one in read(raw)] == [
        ("subject_7", "exp13"),
        ("subject_7", "exp14"),
        ("subject_12", "exp21"),
    ]


def test_g_becomes_metres_per_second_squared(raw):
    channels = read(raw)[0].recording.channels
    assert channels["waist_acc_y"][0] == pytest.approx(9.80665)
    assert channels["waist_gyr_z"][0] == pytest.approx(0.3)


def test_stretches_count_from_one_and_hold_their_last_sample(raw):
    first, second, third = (labels_of(one) for one in read(raw))
    assert first == [""] * 10 + ["standing"] * 10 + [""] * 80
    assert second == ["stand_to_lie"] * 100
    assert third == [""] * 49 + ["walking"] * 51


def test_stretches_that_are_wrong_are_counted(raw):
    with (raw / "labels.txt").open("a") as file:
        file.write("13 7 99 30 40\n13 7 1 90 120\n13 7 2 60 50\n13 7\n")
    loaded = read(raw)
    assert labels_of(loaded[0])[89:] == ["walking"] * 11
    assert "1 line(s) of labels.txt" in loaded[0].warnings[0]
    assert "3 stretch(es)" in loaded[0].warnings[1]
    assert not loaded[1].warnings


def test_a_file_that_ends_early_is_nan_from_there_on(raw):
    file = raw / "gyro_exp13_user07.txt"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*lines[:10], "0.1 damaged\n", *lines[11:80]]))
    loaded = read(raw)[0]
    unknown = np.isnan(loaded.recording.channels["waist_gyr_x"])
    assert np.flatnonzero(unknown).tolist() == [10, *range(80, 100)]
    assert not np.isnan(loaded.recording.channels["waist_acc_x"]).any()
    assert "1 line(s)" in loaded.warnings[0]
    assert "20 sample(s) early" in loaded.warnings[1]


@pytest.mark.parametrize("absent", ["labels.txt", "gyro_exp13_user07.txt"])
def test_an_absent_file_is_one_sentence(raw, absent):
    (raw / absent).unlink()
    with pytest.raises(DataError, match=absent):
        read(raw)
