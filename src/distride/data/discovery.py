"""Which recordings lie in the files and folders a person names, and whose they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from distride.data.content import stem
from distride.data.formats import SOURCES as FORMATS
from distride.data.formats import misfit
from distride.data.sets import SOURCES as SETS
from distride.data.source import Source
from distride.errors import DataError

JUNK = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True)
class Part:
    """What is read at once: a data set's folder, a file, or the files of one session.

    Attributes:
        source: Who reads it.
        files: One, or several that make one recording.
        athlete: Whose they are, unless the files themselves tell.
        folder: Put before the names of its recordings; empty: nothing.
        session: The recording's name where several files make one; None: the reader names it.
        asked: Whether it was named itself, so that a failure is an error.
    """

    source: Source
    files: tuple[Path, ...]
    athlete: str
    folder: str = ""
    session: str | None = None
    asked: bool = False

    def name(self, read: str) -> str:
        """A recording's name, from the one that its reader gave."""
        own = read if self.session is None else self.session
        return "/".join(filter(None, (self.folder, own)))


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, and why."""

    file: Path
    reason: str


def find(
    paths: Sequence[Path], athlete: str = "", formats: Sequence[Source] = FORMATS
) -> tuple[list[Part], list[Skipped]]:
    """What can be read under some paths, in the order of athletes.

    A file's athlete is the one given, else the first folder below the folder named, else that
    folder; for a file named itself its own name.

    Args:
        paths: Files, folders to walk through, folders of public data sets.
        athlete: The name for all files that do not tell.
        formats: Asked in turn about each file.

    Raises:
        DataError: A path does not exist, or a file that is named itself is in no known format.
    """
    skipped: list[Skipped] = []
    parts: list[Part] = []
    for path in paths:
        if not path.exists():
            raise DataError(f"There is no '{path}': give files or folders that exist.")
        if path.is_file():
            parts.append(_named(path, athlete, formats))
        else:
            parts += _below(path, athlete, formats, skipped)
    joined = _joined(parts)
    return sorted(joined, key=lambda part: part.athlete), skipped


def _named(path: Path, athlete: str, formats: Sequence[Source]) -> Part:
    source = _source_of(path, formats)
    if source is None:
        raise DataError(_unknown(path))
    session = _session(source, path, ())
    return Part(source, (path,), athlete or session or stem(path), "", session, asked=True)


def _below(
    root: Path, athlete: str, formats: Sequence[Source], skipped: list[Skipped]
) -> Iterator[Part]:
    known = next((source for source in SETS if source.detects(root)), None)
    if known:
        yield Part(known, (root,), athlete, asked=True)
        return
    for file in sorted(filter(Path.is_file, root.rglob("*")), key=_natural):
        inside = file.relative_to(root).parts
        source = None if _is_junk(inside) else _source_of(file, formats)
        if source is None:
            skipped.append(Skipped(file, "no recording" if _is_junk(inside) else _unknown(file)))
            continue
        folders = inside[:-1]
        own = athlete or (folders[0] if folders else root.resolve().name)
        rest = folders if athlete else folders[1:]
        yield Part(source, (file,), own, "/".join(rest), _session(source, file, rest))


def _natural(file: Path) -> list[list[tuple[int, str]]]:
    """An order of names in which 2 comes before 10."""
    return [
        [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", name)]
        for name in file.parts
    ]


def _session(source: Source, file: Path, folders: Sequence[str]) -> str | None:
    """A folder that holds one session gives it its name, once."""
    if source.session is None:
        return None
    return source.session(file) or ("" if folders else file.resolve().parent.name)


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Files of one session in one folder become one part."""
    together: dict[object, Part] = {}
    for number, part in enumerate(parts):
        alone = part.session is None
        key = number if alone else (part.source.name, part.files[0].parent, part.session)
        first = together.get(key, part)
        files = part.files if first is part else (*first.files, *part.files)
        together[key] = Part(
            first.source, files, first.athlete, first.folder, first.session, first.asked
        )
    return list(together.values())


def _source_of(file: Path, formats: Sequence[Source]) -> Source | None:
    return next((source for source in formats if source.detects(file)), None)


def _is_junk(inside: Sequence[str]) -> bool:
    return any(part.startswith(".") or part.lower() in JUNK for part in inside)


def _unknown(file: Path) -> str:
    try:
        empty = file.stat().st_size == 0
    except OSError as error:
        return f"'{file.name}' cannot be read: {error.strerror}."
    if empty:
        return f"'{file.name}' is empty."
    fault = misfit(file)
    return (
        f"'{file.name}' is in no format that is known{fault and f', and as a CSV it {fault}'}: "
        "declare the columns of a text file with --mapping, or export it as FIT, TCX, GPX or CSV."
    )
