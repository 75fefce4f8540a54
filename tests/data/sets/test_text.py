import numpy as np
import pytest

from distride.data.sets.text import athlete_stretches, lines_of, read_rows, text_lines
from distride.errors import DataError


def written(folder, text, name="table.txt"):
    file = folder / name
    file.write_bytes(text.encode("latin-1"))
    return file


def test_a_sound_table_is_read_whole(tmp_path):
    rows = read_rows(written(tmp_path, "1 2\n3 NaN\n\n"), 2)
    np.testing.assert_array_equal(rows.values, [[1, 2], [3, np.nan]])
    assert (rows.places.tolist(), rows.lost, rows.length) == ([0, 1], 0, 2)


@pytest.mark.parametrize("bad", ["3", "3,4,5", "3,x", "3,4.5.6", "3,\x00\xff"])
def test_a_damaged_line_is_counted_and_keeps_its_place(tmp_path, bad):
    rows = read_rows(written(tmp_path, f"1,2\n{bad}\n\n5,6"), 2, ",")
    assert rows.values.tolist() == [[1, 2], [5, 6]]
    assert (rows.places.tolist(), rows.lost) == ([0, 2], 1)
    np.testing.assert_array_equal(rows.spread(3), [[1, 2], [np.nan, np.nan], [5, 6]])
    assert rows.spread(2).shape == (2, 2)


@pytest.mark.parametrize(
    ("text", "error"), [("", "empty"), ("\n \n", "empty"), ("1 2 3\n", "of 2")]
)
def test_a_file_without_a_readable_line_is_one_sentence(tmp_path, text, error):
    with pytest.raises(DataError, match=error):
        read_rows(written(tmp_path, text), 2)


def test_an_absent_file_is_one_sentence(tmp_path):
    for reader in (read_rows, lambda file, _: list(lines_of(file, [(0, 1)]))):
        with pytest.raises(DataError, match=r"gone\.txt.*cannot be read"):
            reader(tmp_path / "gone.txt", 2)


def test_lines_without_text_are_left_out(tmp_path):
    assert list(text_lines(written(tmp_path, "a\n\n  \nb"))) == ["a\n", "b"]


def test_an_athlete_is_read_from_all_of_their_stretches(tmp_path):
    file = written(tmp_path, "who,x\n10,a\n10,b\n2,c\ndamaged\n10,d\n10")
    stretches = athlete_stretches(file)
    assert list(stretches) == ["2", "10"]
    assert list(lines_of(file, stretches["2"])) == ["2,c", "damaged"]
    assert list(lines_of(file, stretches["10"])) == ["10,a", "10,b", "10,d", "10"]


def test_the_athlete_may_stand_in_any_column(tmp_path):
    file = written(tmp_path, "x,who,y\na,1,b\nc,2,d\n")
    assert list(athlete_stretches(file, 1)) == ["1", "2"]


def test_a_file_of_nobody_is_one_sentence(tmp_path):
    with pytest.raises(DataError, match="names no athlete"):
        athlete_stretches(written(tmp_path, "who,x\n"))
