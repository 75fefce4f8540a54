"""The cohort: a folder with `meta.json` and one Parquet file an athlete."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from distride.data.athlete_file import CLOCK, RECORDING, read_athlete, write_athlete
from distride.data.recording import Recording
from distride.data.table import read_columns
from distride.errors import DataError
from distride.files import partial_of, reason

ATHLETE_NAME = re.compile(r"^(?![\s.])[^/\\\x00\ud800-\udfff]{1,100}$")  # surrogates: no UTF-8
LONGEST_NAME = 200  # bytes; file systems allow 255, and endings are added
REQUIRED_META = ("name", "sampling_hz")


@dataclass(frozen=True)
class Cohort:
    """Recordings of many athletes in one layout; holds paths only, reads one athlete at a time.

    Attributes:
        path: The folder.
        meta: `meta.json`: `name`, `sampling_hz`, `licence`, `citation` and free fields.
        athletes: Names, sorted; each is a file of the folder.
    """

    path: Path
    meta: Mapping[str, Any]
    athletes: tuple[str, ...]

    @classmethod
    def open(cls, path: "str | Path | Cohort") -> "Cohort":
        """Open a cohort folder; nothing but `meta.json` is read. One that is open stays as it is.

        Raises:
            DataError: The folder, its `meta.json` or its athletes are missing or malformed.
        """
        if isinstance(path, Cohort):
            return path
        folder = Path(path)
        if not folder.is_dir():
            raise DataError(f"No cohort at '{folder}': give a folder with meta.json and Parquet.")
        athletes = tuple(sorted(file.stem for file in folder.glob("[!.]*.parquet")))
        if not athletes:
            raise DataError(
                f"The cohort '{folder}' is empty: it has no athlete's Parquet file. "
                f"Fill it with 'distride import SRC --to {folder}'."
            )
        return cls(folder, _read_meta(folder), athletes)

    @property
    def name(self) -> str:
        """The cohort's name."""
        return str(self.meta["name"])

    @property
    def sampling_hz(self) -> float:
        """The nominal rate of the fastest sensor."""
        return float(self.meta["sampling_hz"])

    def columns(self) -> dict[str, str]:
        """Names and Parquet types of all columns but the clock, the union over athletes."""
        union: dict[str, str] = {}
        for athlete in self.athletes:
            union |= read_columns(self._file(athlete))
        return {name: kind for name, kind in union.items() if name not in (CLOCK, RECORDING)}

    def read(self, athlete: str) -> list[Recording]:
        """All recordings of one athlete, in the order of the file.

        Raises:
            DataError: An unknown athlete, or a file without clock or recording column.
        """
        if athlete not in self.athletes:
            raise DataError(
                f"No athlete '{athlete}' in '{self.name}': it has {', '.join(self.athletes)}."
            )
        return read_athlete(self._file(athlete), athlete)

    def __iter__(self) -> Iterator[Recording]:
        for athlete in self.athletes:
            yield from self.read(athlete)

    @classmethod
    def write(
        cls, path: str | Path, meta: Mapping[str, Any], recordings: Iterable[Recording]
    ) -> "Cohort":
        """Write a new cohort; all of it appears at once, or nothing does.

        Args:
            path: The folder to make; it must not exist yet, or be empty.
            meta: Goes to `meta.json`; needs `name` and `sampling_hz`. It is written after the
                recordings, so it may be completed while they are read.
            recordings: May be lazy; one athlete's must follow each other.

        Raises:
            DataError: The folder exists, the meta is incomplete, or writing failed.
        """
        folder = Path(path)
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise DataError(f"'{folder}' already exists: choose another folder or remove it.")
        _check_meta(meta, str(folder))
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            partial = partial_of(folder)
            partial.mkdir()
        except OSError as error:
            raise DataError(f"Could not write '{folder}': {error}; nothing was left.") from error
        try:
            _write_athletes(partial, recordings, lambda athlete: [])
            _write_meta(partial, meta)
            partial.rename(folder)
        except OSError as error:
            raise DataError(f"Could not write '{folder}': {error}; nothing was left.") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return cls.open(folder)

    def add(self, recordings: Iterable[Recording]) -> "Cohort":
        """Add athletes, or recordings to athletes; each athlete's file is replaced at once.

        Raises:
            DataError: A recording of that name is already there, or writing failed; the
                cohort is then as it was.
        """
        try:
            with tempfile.TemporaryDirectory(prefix=".partial-", dir=self.path) as staging:
                _write_athletes(Path(staging), recordings, self._held)
                for file in sorted(Path(staging).glob("*.parquet")):
                    file.replace(self.path / file.name)
        except OSError as error:
            raise DataError(f"Could not add to '{self.path}': {error}; free the disk.") from error
        return Cohort.open(self.path)

    def _held(self, athlete: str) -> list[Recording]:
        return self.read(athlete) if athlete in self.athletes else []

    def _file(self, athlete: str) -> Path:
        return _file(self.path, athlete)


def check_athlete(name: str) -> None:
    """Whether a name can be that of an athlete's file.

    Raises:
        DataError: It cannot.
    """
    if not ATHLETE_NAME.match(name) or len(name.encode()) > LONGEST_NAME:
        raise DataError(
            f"'{name}' cannot name an athlete's file: write it in UTF-8 without '/' and '\\', "
            "begin with neither a point nor a blank, and take at most 100 characters and "
            f"{LONGEST_NAME} bytes."
        )


def _file(folder: Path, athlete: str) -> Path:
    check_athlete(athlete)
    return folder / f"{athlete}.parquet"


def _write_athletes(
    folder: Path, recordings: Iterable[Recording], held: Callable[[str], list[Recording]]
) -> None:
    for athlete, own in _by_athlete(recordings):
        file = _file(folder, athlete)
        if file.exists():
            raise DataError(f"The recordings of '{athlete}' do not follow each other: sort them.")
        write_athlete(file, [*held(athlete), *own])
    if not any(folder.glob("*.parquet")):
        raise DataError("There is no recording to write: a cohort needs at least one.")


def _by_athlete(recordings: Iterable[Recording]) -> Iterator[tuple[str, list[Recording]]]:
    for athlete, own in groupby(recordings, key=lambda recording: recording.athlete):
        yield athlete, list(own)


def _read_meta(folder: Path) -> dict[str, Any]:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"The cohort '{folder}' has no meta.json: it needs one.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"'{folder / 'meta.json'}' cannot be read: {reason(error)}") from error
    _check_meta(meta, str(folder))
    return dict(meta)


def _write_meta(folder: Path, meta: Mapping[str, Any]) -> None:
    text = json.dumps(meta, indent=1, ensure_ascii=False)
    (folder / "meta.json").write_text(text + "\n", encoding="utf-8")


def _check_meta(meta: Any, where: str) -> None:
    if not isinstance(meta, Mapping):
        raise DataError(f"The meta of '{where}' is not an object of fields.")
    missing = [key for key in REQUIRED_META if key not in meta]
    if missing:
        raise DataError(f"The meta of '{where}' lacks {missing}: every cohort states them.")
    rate = meta["sampling_hz"]
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not rate > 0:
        raise DataError(f"sampling_hz of '{where}' is {rate!r}: it must be a positive number.")
