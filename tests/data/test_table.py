import errno
import sys

import numpy as np
import pytest

from distride.data.table import read_columns, read_table, write_table
from distride.errors import DataError, MissingExtraError


def test_numbers_keep_their_type_and_texts_are_texts(tmp_path):
    table = {
        "t": np.array([0.0, 0.1]),
        "x": np.array([1.5, np.nan], np.float32),
        "label": np.array(["", "自由泳"], object),
    }
    write_table(tmp_path / "a.parquet", table)
    back = read_table(tmp_path / "a.parquet")
    assert list(back) == list(table)
    for name in ("t", "x"):
        assert back[name].dtype == table[name].dtype
        np.testing.assert_array_equal(back[name], table[name])
    assert back["label"].tolist() == ["", "自由泳"]
    assert read_columns(tmp_path / "a.parquet") == {"t": "DOUBLE", "x": "FLOAT", "label": "VARCHAR"}


def test_what_is_missing_is_nan_or_an_empty_text(tmp_path):
    import duckdb

    file = tmp_path / "a.parquet"
    rows = "(VALUES (1, 2.5::FLOAT, 'run'), (NULL, NULL, NULL)) AS v(count, x, label)"
    duckdb.sql(f"COPY (SELECT * FROM {rows}) TO '{file}' (FORMAT parquet)")
    table = read_table(file)
    np.testing.assert_array_equal(table["count"], [1.0, np.nan])
    np.testing.assert_array_equal(table["x"], np.array([2.5, np.nan], np.float32))
    assert table["label"].tolist() == ["run", ""]


def test_a_name_with_a_quote_is_no_command(tmp_path):
    file = tmp_path / "o'neill'; DROP.parquet"
    write_table(file, {"t": np.zeros(3)})
    assert len(read_table(file)["t"]) == 3


def test_rows_keep_their_order(tmp_path):
    t = np.random.default_rng(0).normal(size=300_000)
    write_table(tmp_path / "a.parquet", {"t": t})
    np.testing.assert_array_equal(read_table(tmp_path / "a.parquet")["t"], t)


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "a.parquet"
    write_table(file, {"t": np.zeros(3)})
    before = file.read_bytes()

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(file), "replace", full)
    with pytest.raises(DataError, match=r"No space left .* nothing was changed"):
        write_table(file, {"t": np.zeros(9)})
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize("read", [read_table, read_columns])
def test_a_file_that_is_no_table_is_one_sentence(tmp_path, read):
    file = tmp_path / "a.parquet"
    with pytest.raises(DataError, match="not a readable Parquet file"):
        read(file)
    file.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataError, match=r"not a readable Parquet file: .*No magic bytes") as raised:
        read(file)
    assert "\n" not in str(raised.value)


def test_without_the_extra_the_error_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'distride\[data\]'"):
        read_table(tmp_path / "a.parquet")
