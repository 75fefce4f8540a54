"""Parquet behind one module: a table is a dict of equally long numpy columns."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from distride.errors import DataError, MissingExtraError
from distride.files import appearing

if TYPE_CHECKING:
    import duckdb

Table = Mapping[str, np.ndarray]


def _connect() -> "duckdb.DuckDBPyConnection":
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError("Reading and writing Parquet", "data") from None
    return duckdb.connect()


def read_table(path: Path) -> dict[str, np.ndarray]:
    """All columns: numbers as they are (missing = NaN), texts as object arrays (missing = "")."""
    with _connect() as connection:
        try:
            columns = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
        except Exception as error:
            raise _unreadable(path, error) from error
    return {name: _plain(values) for name, values in columns.items()}


def read_columns(path: Path) -> dict[str, str]:
    """Names and types of the columns, without reading a row."""
    with _connect() as connection:
        try:
            rows = connection.execute(
                "DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]
            ).fetchall()
        except Exception as error:
            raise _unreadable(path, error) from error
    return {row[0]: row[1] for row in rows}


def write_table(path: Path, table: Table) -> None:
    """Write beside and rename: a reader, or a crash, never sees half a file."""
    with _connect() as connection:
        connection.register("columns", dict(table))
        try:
            with appearing(path) as partial:
                target = str(partial).replace("'", "''")
                connection.execute(
                    f"COPY (SELECT * FROM columns) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
                )
        except Exception as error:
            raise DataError(f"Could not write '{path}': {error}; nothing was changed.") from error


def _unreadable(path: Path, error: Exception) -> DataError:
    told = str(error).partition("\n")[0]  # what follows is our SQL
    return DataError(f"'{path}' is not a readable Parquet file: {told}")


def _plain(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind in "OSU":
        filled = np.ma.filled(values, "") if isinstance(values, np.ma.MaskedArray) else values
        return np.array(["" if value is None else str(value) for value in filled], dtype=object)
    if isinstance(values, np.ma.MaskedArray):
        kept = values.dtype.kind not in "iub"
        wide = np.asarray(values.data, values.dtype if kept else np.float64).copy()
        wide[np.broadcast_to(values.mask, wide.shape)] = np.nan
        return wide
    return np.asarray(values)
