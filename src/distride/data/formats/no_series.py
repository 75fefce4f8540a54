"""Files that sports people have beside their recordings, and that hold no samples over time."""

from collections.abc import Iterator
from pathlib import Path

from distride.data.content import first_lines
from distride.data.source import Loaded, Source
from distride.errors import DataError

KNOWN = {
    "timestamp_measurement,": "HRV4Training's measurements, one a day",
    '"property","value"': "phyphox's description of the phone",
}


def _what(path: Path) -> str:
    first = next(iter(first_lines(path)), "")
    return next((what for start, what in KNOWN.items() if first.startswith(start)), "")


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    raise DataError(
        f"'{path.name}' is {_what(path)}: it has no samples over time, so there is nothing to "
        f"import for '{athlete}'; leave it out."
    )


SOURCE = Source("no_series", "Known files without samples", lambda path: bool(_what(path)), _read)
