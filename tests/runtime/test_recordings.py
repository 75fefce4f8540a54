import numpy as np
import pytest

from distride.data import Cohort, Recording
from distride.errors import DataError
from distride.runtime import read_recordings


def written(folder, text, name="anna.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_is_read_with_numbers_labels_and_what_is_unknown(tmp_path):
    text = "\ufefft,wrist_acc_x,label\n0.0,1.5,run\n0.1,,run\n0.2,2.5,\n"
    (one,) = read_recordings(written(tmp_path, text))
    assert (one.athlete, one.name) == ("anna", "anna")
    np.testing.assert_array_equal(one.channels["wrist_acc_x"], np.float32([1.5, np.nan, 2.5]))
    assert one.labels["label"].tolist() == ["run", "run", ""]


def test_a_column_tells_recordings_apart(tmp_path):
    text = "t,recording,a\n0,first,1\n1,first,2\n0,second,3\n"
    recordings = read_recordings(written(tmp_path, text))
    assert [(one.name, len(one.t)) for one in recordings] == [("first", 2), ("second", 1)]


def test_labels_that_look_like_numbers_are_labels(tmp_path):
    (one,) = read_recordings(written(tmp_path, "t,a,label\n0,1,7\n1,2,8\n"))
    assert one.labels["label"].tolist() == ["7", "8"]


@pytest.mark.parametrize("cell", ["n/a", " NA ", "null", "-", ""])
def test_an_unknown_cell_takes_no_channel_away(tmp_path, cell):
    text = f"t,wrist_acc_x,heart_rate,label\n0,1,{cell},run\n1,{cell},90,run\n"
    (one,) = read_recordings(written(tmp_path, text))
    np.testing.assert_array_equal(one.channels["wrist_acc_x"], np.float32([1, np.nan]))
    np.testing.assert_array_equal(one.channels["heart_rate"], np.float32([np.nan, 90]))
    assert one.labels.keys() == {"label"}


def test_a_column_of_texts_that_no_channel_is_called_like_stays_a_label(tmp_path):
    (one,) = read_recordings(written(tmp_path, "t,wrist_acc_x,execution\n0,1,good\n1,2,n/a\n"))
    assert one.labels["execution"].tolist() == ["good", "n/a"]


def test_blanks_around_a_label_make_no_other_label(tmp_path):
    (one,) = read_recordings(written(tmp_path, "t,a,label\n0,1,squat\n1,2,squat \n2,3, \n"))
    assert one.labels["label"].tolist() == ["squat", "squat", ""]


def test_an_athlete_of_a_cohort_is_read(tmp_path):
    pytest.importorskip("duckdb")
    recording = Recording("ben", "r", np.arange(3.0), {"a": np.zeros(3, np.float32)})
    cohort = Cohort.write(tmp_path / "c", {"name": "c", "sampling_hz": 1.0}, [recording])
    (one,) = read_recordings(cohort.path / "ben.parquet")
    assert one.athlete == "ben"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "column 't'"),
        ("t,a\n", "at least one row"),
        ("time,a\n0,1\n", "column 't'"),
        ("t,a,a\n0,1,2\n", "once"),
        ("t,a\n0,1\n1\n", "Line 3"),
        ("t,a\nx,1\n", "seconds in every row"),
        ("t,a\n0,1\n,2\n", "seconds in every row"),
        ("t,a\n1,1\n0,2\n", "backwards"),
        ("t,wrist_acc_z\n0,1\n1,9.8.1\n", r"Line 3 of .* has '9\.8\.1' under 'wrist_acc_z'"),
        ('t,a\n0,"1\n', "read as CSV"),
    ],
)
def test_damage_is_one_clear_error(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        read_recordings(written(tmp_path, text))


def test_other_files_are_refused_with_the_way_on(tmp_path):
    with pytest.raises(DataError, match="distride import"):
        read_recordings(written(tmp_path, "", "a.fit"))
    with pytest.raises(DataError, match="cannot be read"):
        read_recordings(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes(b"t,a\n0,\xff\n")
    with pytest.raises(DataError, match="cannot be read"):
        read_recordings(tmp_path / "b.csv")
