import gzip

import pytest

from distride.data.content import (
    CUT_SHORT,
    LONGEST_LINE_BYTES,
    content,
    elements,
    first_lines,
    head,
    lines,
    stem,
)
from distride.errors import DataError


def written(folder, data, name="a.csv"):
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_packed_file_reads_as_the_plain_one(tmp_path):
    data = "\ufeffa,b\r\n\r\n1,µ\r\n".encode()
    for path in (written(tmp_path, data), written(tmp_path, gzip.compress(data), "b.csv.gz")):
        told = []
        assert content(path, told) == data
        assert list(lines(path, told)) == ["a,b", "1,µ"]
        assert first_lines(path)[0] == "a,b"
        assert told == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_first_bytes(tmp_path, encoding):
    text = "\ufeffa,µ\r\n" + "1,训\r\n" * 900
    path = written(tmp_path, text.encode(encoding))
    assert list(lines(path, [])) == ["a,µ", *["1,训"] * 900]
    assert first_lines(path)[:2] == ["a,µ", "1,训"]


def test_lines_longer_than_a_piece_stay_whole(tmp_path):
    long = "x" * 5000
    assert list(lines(written(tmp_path, f"{long}\n{long}".encode()), [])) == [long, long]


def test_a_packed_file_that_breaks_off_gives_its_beginning(tmp_path):
    data = "".join(f"{at},{at * at}\n" for at in range(9000)).encode()
    path = written(tmp_path, gzip.compress(data)[:-2000])
    told = []
    part = content(path, told)
    assert told == [CUT_SHORT]
    assert data.startswith(part)
    assert len(part) > 1000
    assert head(path) == data[: len(head(path))] != b""


def test_what_cannot_be_read(tmp_path):
    assert head(tmp_path) == head(tmp_path / "absent") == b""
    assert first_lines(tmp_path / "absent") == []
    with pytest.raises(DataError, match=r"^'absent' cannot be read: No such file"):
        content(tmp_path / "absent", [])
    endless = written(tmp_path, b"x" * (LONGEST_LINE_BYTES + 2048), "endless.csv")
    with pytest.raises(DataError, match=r"^'endless\.csv' has a line above 1 MiB"):
        list(lines(endless, []))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.csv", "a"), ("a.b.fit.gz", "a.b"), ("plain", "plain"), (".hidden", ".hidden")],
)
def test_a_name_without_endings(name, expected, tmp_path):
    assert stem(tmp_path / name) == expected


def test_whole_elements_are_saved_from_broken_xml():
    xml = b"<r><n:p a='1'>x<q:hr>7</q:hr></n:p><p>broken <p b='2'>y</p><p>cut"
    whole, begun = elements(xml, "p")
    assert whole == ["<p a='1'>x<hr>7</hr></p>", "<p b='2'>y</p>"]
    assert begun == 4
