import numpy as np
import pytest

from distride.data.formats.mapped import (
    SOURCE,
    ColumnMapping,
    Mapping,
    TimeMapping,
    mapped_source,
    misfit,
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


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("time,a", "has no column 't'"),
        ("t,Acc X", "names 'Acc X' not in small letters, digits and '_'"),
        ("T,ACC", "has no column 't' and names 'T' not in small letters, digits and '_'"),
        ("t,a,", "names '' not in small letters, digits and '_'"),
        ("t;a;a", "names the column 'a' twice"),
        ("t", ""),
        ("", ""),
    ],
)
def test_other_columns_are_not_ours(tmp_path, header, fault):
    path = own(tmp_path, f"{header}\n0,1\n")
    assert not SOURCE.detects(path)
    assert misfit(path) == fault


ROWS = [(0.02 * at, 9.5 + at, "run") for at in range(4)]
WRITERS = {
    "R": ('"","t","wrist_acc_x","label"', '"{at}",{t:.2f},{x},"{label}"', "."),
    "R's csv2": ('"";"t";"wrist_acc_x";"label"', '"{at}";{t:.2f};{x};"{label}"', ","),
    "pandas": (",t,wrist_acc_x,label", "{at},{t:.2f},{x},{label}", "."),
    "pandas' tsv": ("\tt\twrist_acc_x\tlabel", "{at}\t{t:.2f}\t{x}\t{label}", "."),
    "semicolons": ("t;wrist_acc_x;label", "{t:.2f};{x};{label}", "."),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_r_and_pandas_write_needs_no_mapping(tmp_path, writer):
    header, form, decimal = WRITERS[writer]
    rows = []
    for at, (t, x, label) in enumerate(ROWS):
        numbers = form.format(at=at, t=t, x=x, label="{label}").replace(".", decimal)
        rows.append(numbers.format(label=label))
    path = own(tmp_path, "\n".join([header, *rows]))
    assert SOURCE.detects(path)
    (one,) = SOURCE.read(path, "anna")
    np.testing.assert_allclose(one.recording.t, [0, 0.02, 0.04, 0.06])
    assert list(one.recording.channels) == ["wrist_acc_x"]
    assert one.recording.channels["wrist_acc_x"].tolist() == [9.5, 10.5, 11.5, 12.5]
    assert one.recording.labels["label"].tolist() == ["run"] * 4
    assert one.warnings == ()


CHINESE = "时间,加速度X\n0,1\n20,2\n"
NAMED = Mapping({"acc_x": ColumnMapping("加速度X")}, TimeMapping("时间", "ms"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_of_any_unicode_is_read(tmp_path, encoding):
    path = tmp_path / "anna.csv"
    path.write_bytes(CHINESE.encode(encoding))
    (one,) = mapped_source(NAMED).read(path, "anna")
    assert one.recording.channels["acc_x"].tolist() == [1, 2]


@pytest.mark.parametrize("encoding", ["gbk", "utf-16-le"])
def test_text_that_is_not_utf_8_is_named_so(tmp_path, encoding):
    path = tmp_path / "anna.csv"
    path.write_bytes(CHINESE.encode(encoding))
    with pytest.raises(DataError, match=r"is not UTF-8 .save it as 'CSV UTF-8'., so its column"):
        list(mapped_source(NAMED).read(path, "anna"))
    assert misfit(path) == "is not UTF-8 (save it as 'CSV UTF-8')"


def test_the_first_unreadable_time_is_quoted(tmp_path):
    mapping = Mapping(
        {"a": ColumnMapping("a")}, TimeMapping("when", "%d.%m.%Y %H:%M:%S,%f"), decimal=","
    )
    text = "when;a\n01.05.2026 23:59:50,123;1,5\n{};2\n01.05.2026 23:59:51,123;3\n"
    (one,) = read(mapping, tmp_path, text.format("2 May"))
    assert one.recording.t.tolist() == pytest.approx([0, 1])
    assert one.recording.channels["a"].tolist() == [1.5, 3]
    assert one.warnings == (
        "The first time that is unreadable is '2 May': '%d.%m.%Y %H:%M:%S,%f' was expected.",
        "1 of 3 samples are left out: their time is unreadable.",
    )
    epoch = Mapping({"a": ColumnMapping("a")}, TimeMapping("t"))
    with pytest.raises(DataError, match="is '1700000000000': a number of s was expected"):
        read(epoch, tmp_path, "t,a\n1700000000000,1\n1700000000020,2\n")


def test_a_column_of_texts_may_begin_with_many_unknown_cells(tmp_path):
    rows = [f"{at / 50},{at},,{'' if at < 90 else 'correct'}" for at in range(120)]
    path = tmp_path / "anna.csv"
    path.write_text("\n".join(["t,wrist_acc_x,heart_rate,execution", *rows]))
    assert SOURCE.detects(path)
    (one,) = SOURCE.read(path, "anna")
    assert list(one.recording.channels) == ["wrist_acc_x", "heart_rate"]
    assert set(one.recording.labels["execution"]) == {"", "correct"}
    assert one.warnings == ()
