import numpy as np
import pytest

from distride.data.formats.text import (
    Column,
    Layout,
    dates,
    header,
    numbers,
    read_rows,
    split_cells,
    triad,
)
from distride.errors import DataError

LAYOUT = Layout({"a": Column(1)}, width=2, clock=0)


def written(folder, text):
    path = folder / "a.csv"
    path.write_text(text)
    return path


def test_rows_that_are_damaged_are_counted_and_the_others_read(tmp_path):
    path = written(tmp_path, "t,a\n0,1\n1\n2,x\n3,\n4,5,6\n5,7,\n\n6,8\n")
    stream, told = read_rows(path, LAYOUT)
    assert stream.t.tolist() == [0, 2, 3, 5, 6]
    np.testing.assert_array_equal(stream.channels["a"], [1, np.nan, np.nan, 7, 8])
    assert told == [
        "2 of 7 rows are left out: they lack cells or have more.",
        "1 cells hold no number and count as unknown.",
    ]


def test_even_rows_keep_their_time_beside_lost_ones(tmp_path):
    layout = Layout({"a": Column(0)}, width=1, rate_hz=10.0, start_s=5.0, skip=0)
    stream, _ = read_rows(written(tmp_path, "1\n2,2\n3\n"), layout)
    assert stream.t.tolist() == [5.0, 5.2]


def test_a_long_file_is_read_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("distride.data.formats.text.ROWS_AT_ONCE", 7)
    path = written(tmp_path, "t,a\n" + "".join(f"{at},{at}\n" for at in range(50)))
    stream, told = read_rows(path, LAYOUT)
    assert stream.t.tolist() == stream.channels["a"].tolist() == list(range(50))
    assert told == []


def test_decimal_commas_and_labels(tmp_path):
    layout = Layout(
        {"a": Column(1, 2.0)}, 3, clock=0, labels={"label": 2}, separator=";", decimal=","
    )
    stream, _ = read_rows(written(tmp_path, "t;a;l\n0;1,5; run \n1;2;\n"), layout)
    assert stream.channels["a"].tolist() == [3.0, 4.0]
    assert stream.labels["label"].tolist() == ["run", ""]


@pytest.mark.parametrize("layout", [Layout({}, 2, clock=0), Layout({"a": Column(0)}, 1, clock=1)])
def test_a_file_without_the_columns_is_refused(layout, tmp_path):
    with pytest.raises(DataError, match="no time or no sensor"):
        read_rows(written(tmp_path, "t,a\n0,1\n"), layout)


def test_dates_with_and_without_a_zone():
    cells = ["1970-01-01T01:00:00+01:00", "1970-01-01 00:00:01.5", "1970-01-01T00:00:02Z", ""]
    np.testing.assert_array_equal(dates()(cells), [0, 1.5, 2, np.nan])
    np.testing.assert_array_equal(dates("%d.%m.%Y")(["02.01.1970", "x"]), [86400, np.nan])


def test_a_quote_never_reaches_over_its_line():
    assert split_cells('"a,b",c', ",") == ["a,b", "c"]
    assert split_cells('"a,b', ",") == ["a,b"]
    assert split_cells(f'"{"a" * 200_000}', ",") == [f'"{"a" * 200_000}']


def test_headers_axes_and_numbers(tmp_path):
    assert header(written(tmp_path, " t , a\n1,2\n")) == ["t", "a"]
    assert header(tmp_path / "absent") == []
    assert triad("acc", 2, "m/s^2")["acc_z"] == Column(4, 1.0)
    np.testing.assert_array_equal(numbers(["1", "inf", "1e40"]), [1, np.nan, np.nan])
