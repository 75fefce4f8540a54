import numpy as np
import pytest

from distride.data.formats.mapped import (
    SOURCE,
    ColumnMapping,
    Mapping,
    TimeMapping,
    mapped_source,
)
from distride.errors import DataError

MAPPING = Mapping(
    {"wrist_acc_x": ColumnMapping("ax", "g"), "heart_rate": ColumnMapping("HR")},
    TimeMapping("ms", "ms"),
    labels={"label": "act"},
    athlete="who",
    recording="session",
)
TEXT = """ms,who,session,ax,HR,act
0,ben,one,1,60,run
20,ben,one,0.5,61,
0,ann,one,1,70,walk
20,ann,one,1,71,walk
0,ben,two,1,62,null
20,ben,two,1,63,run
"""


def read(mapping, folder, text, name="squad.csv"):
    path = folder / name
    path.write_text(text)
    source = mapped_source(mapping)
    assert source.detects(path)
    return list(source.read(path, "nobody"))


def test_rows_are_divided_by_athlete_and_recording(tmp_path):
    found = read(MAPPING, tmp_path, TEXT)
    assert [(one.recording.athlete, one.recording.name) for one in found] == [
        ("ann", "one"),
        ("ben", "one"),
        ("ben", "two"),
    ]
    one = found[1].recording
    assert one.t.tolist() == [0, 0.02]
    np.testing.assert_allclose(one.channels["wrist_acc_x"], [9.80665, 4.903325])
    assert one.labels["label"].tolist() == ["run", ""]
    assert found[2].recording.labels["label"].tolist() == ["", "run"]


def test_even_rows_without_header_or_clock(tmp_path):
    channels = {"speed_ms": ColumnMapping("v", "km/h")}
    mapping = Mapping(channels, rate_hz=10, columns=("v", "x"), decimal=",", skip=1)
    (one,) = read(mapping, tmp_path, "exported by X\n3,6;1\n7,2;1\n", "a.txt")
    assert (one.recording.athlete, one.recording.name) == ("nobody", "a")
    assert one.recording.t.tolist() == [0, 0.1]
    np.testing.assert_allclose(one.recording.channels["speed_ms"], [1, 2])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, separator):
    found = read(MAPPING, tmp_path, TEXT.replace(",", separator))
    assert len(found) == 3


def test_a_column_that_is_not_there_names_the_nearest(tmp_path):
    with pytest.raises(DataError, match="no column 'HR': did you mean 'HRM'"):
        read(MAPPING, tmp_path, TEXT.replace("HR", "HRM"))
    with pytest.raises(DataError, match="no column 'ms': it has who, session"):
        read(MAPPING, tmp_path, "who,session,ax,HR,act\n")


def test_a_file_without_rows(tmp_path):
    with pytest.raises(DataError, match="no row that can be read"):
        read(MAPPING, tmp_path, TEXT.splitlines()[0])


def own(folder, text):
    path = folder / "anna.csv"
    path.write_text(text)
    return path


def test_our_own_columns_need_no_mapping(tmp_path):
    text = "t,recording,wrist_acc_x,label,effort\n0,a,1,7,low\n1,a,,8,low\n0,b,3,7,\n1,b,4,7,high\n"
    first, second = SOURCE.read(own(tmp_path, text), "anna")
    assert (first.recording.name, second.recording.name) == ("a", "b")
    assert first.recording.labels["label"].tolist() == ["7", "8"]
    assert second.recording.labels["effort"].tolist() == ["", "high"]
    np.testing.assert_array_equal(first.recording.channels["wrist_acc_x"], [1, np.nan])


def test_our_own_columns_may_tell_the_athlete(tmp_path):
    text = "t,athlete,a\n0,x,1\n1,x,2\n0,y,1\n1,y,2\n"
    found = SOURCE.read(own(tmp_path, text), "anna")
    assert [one.recording.athlete for one in found] == ["x", "y"]


@pytest.mark.parametrize("header", ["time,a", "t,Acc X", "t", "t,a,a", ""])
def test_other_columns_are_not_ours(tmp_path, header):
    assert not SOURCE.detects(own(tmp_path, f"{header}\n0,1\n"))


def test_a_column_of_texts_may_begin_with_many_unknown_cells(tmp_path):
    rows = [f"{at / 50},{at},,{'' if at < 90 else 'correct'}" for at in range(120)]
    path = tmp_path / "anna.csv"
    path.write_text("\n".join(["t,wrist_acc_x,heart_rate,execution", *rows]))
    assert SOURCE.detects(path)
    (one,) = SOURCE.read(path, "anna")
    assert list(one.recording.channels) == ["wrist_acc_x", "heart_rate"]
    assert set(one.recording.labels["execution"]) == {"", "correct"}
    assert one.warnings == ()
