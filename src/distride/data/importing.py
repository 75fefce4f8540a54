"""From foreign files to a cohort: find, read, merge, name, write; all of it or nothing."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from distride.data.assembling import read_part
from distride.data.cohort import Cohort
from distride.data.discovery import Part, Skipped, find
from distride.data.formats import SOURCES, mapped_source, read_mapping
from distride.data.progress import Progress, silent
from distride.data.recording import Recording
from distride.data.source import UNKNOWN_PLACEMENT, Loaded
from distride.errors import DataError
from distride.signals import measured_hz

PLACEMENT = re.compile(r"[a-z][a-z0-9_]*")
FIRST_DATE_S = 1e8  # since 1970: a clock that tells less counts from something else
SLOWEST_HZ = 1e-3  # a cohort's rate before the first recording is read
UNKNOWN_RIGHTS = "unknown: ask those who recorded it"


@dataclass(frozen=True)
class ImportOptions:
    """What the files themselves do not tell.

    Attributes:
        athlete: Whose files they are; empty: their folder's name, or their own.
        placement: Where a sensor was worn whose file does not tell.
        mapping: A TOML file that declares the columns of CSV files.
    """

    athlete: str = ""
    placement: str = ""
    mapping: Path | None = None

    def __post_init__(self) -> None:
        if self.placement and not PLACEMENT.fullmatch(self.placement):
            raise DataError(
                f"'{self.placement}' cannot name a placement: use small letters, digits and '_', "
                "such as 'left_wrist'."
            )


@dataclass(frozen=True)
class Read:
    """One recording that was read.

    Attributes:
        source: The format's name.
        files: That it was read from.
        athlete: Whose it is.
        recording: Its name.
        rates_hz: Of each channel.
        labels: Tasks that its samples are labelled for.
        seconds: From the first sample to the last.
        samples: Rows.
        warnings: One sentence for each kind of loss.
    """

    source: str
    files: tuple[Path, ...]
    athlete: str
    recording: str
    rates_hz: Mapping[str, float]
    labels: tuple[str, ...]
    seconds: float
    samples: int
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        recordings: That were read.
        skipped: Files that were left out.
        notes: Hints that concern all of it.
        cohort: Where it went; None in a dry run.
    """

    recordings: tuple[Read, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    cohort: Cohort | None


NOTHING_TOLD = ImportOptions()


def import_recordings(
    paths: Sequence[Path],
    to: Path | None,
    options: ImportOptions = NOTHING_TOLD,
    told: Progress = silent,
) -> Imported:
    """Read files and folders into a new cohort, or add them to one.

    Files that were found in a folder and cannot be read are left out and told; a file that was
    named itself must be readable.

    Args:
        paths: Files, folders of files, folders of public data sets.
        to: The cohort's folder; None: everything is read and nothing written.
        options: What the files do not tell.
        told: Hears of the progress.

    Raises:
        DataError: Nothing can be read, or the cohort cannot be written; it is then as it was.
    """
    declared = (mapped_source(read_mapping(options.mapping)),) if options.mapping else ()
    parts, skipped = find(paths, options.athlete, (*declared, *SOURCES))
    journal = _Journal(skipped)
    recordings = _recordings(parts, options, journal, told)
    cohort = _write(to, parts, recordings, journal) if to else None
    if cohort is None:
        deque(recordings, maxlen=0)  # a dry run reads everything and keeps nothing
    return Imported(
        tuple(journal.done), tuple(journal.skipped), tuple(_notes(journal, cohort)), cohort
    )


@dataclass
class _Journal:
    skipped: list[Skipped]
    done: list[Read] = field(default_factory=list)

    @property
    def fastest_hz(self) -> float:
        rates = [rate for one in self.done for rate in one.rates_hz.values()]
        return max(rates, default=SLOWEST_HZ)


def _write(
    to: Path, parts: Sequence[Part], recordings: Iterable[Recording], journal: _Journal
) -> Cohort:
    if to.is_dir() and any(to.iterdir()):
        return Cohort.open(to).add(recordings)
    meta = _meta(to, parts)

    def measured() -> Iterator[Recording]:
        yield from recordings
        if meta["sampling_hz"] == SLOWEST_HZ:
            meta["sampling_hz"] = journal.fastest_hz

    return Cohort.write(to, meta, measured())


def _meta(to: Path, parts: Sequence[Part]) -> dict[str, Any]:
    sources = list({part.source.name: part.source for part in parts}.values())
    if len(sources) == 1 and sources[0].meta:
        return {"sampling_hz": SLOWEST_HZ, **sources[0].meta, "name": to.resolve().name}
    return {
        "name": to.resolve().name,
        "sampling_hz": SLOWEST_HZ,
        "licence": UNKNOWN_RIGHTS,
        "citation": "; ".join(source.meta.get("citation", source.title) for source in sources),
    }


def _recordings(
    parts: Sequence[Part], options: ImportOptions, journal: _Journal, told: Progress
) -> Iterator[Recording]:
    for _, group in groupby(enumerate(parts), lambda numbered: numbered[1].athlete):
        own = list(group)
        loaded = _loaded(own, options.placement, journal, lambda at: told("files", at, len(parts)))
        for one, part in loaded if len(own) == 1 else _by_date(loaded):
            journal.done.append(_summary(one, part))
            yield one.recording
    told("files", len(parts), len(parts))
    if not journal.done:
        reasons = [one.reason for one in journal.skipped] or ["There are no files."]
        raise DataError(
            f"Nothing could be read: {reasons[0]}"
            + (f" {len(reasons) - 1} more files were left out." if reasons[1:] else "")
        )


def _loaded(
    parts: Iterable[tuple[int, Part]], placement: str, journal: _Journal, at: Callable[[int], None]
) -> Iterator[tuple[Loaded, Part]]:
    for number, part in parts:
        at(number)
        for one in read_part(part, placement, journal.skipped):
            yield one, part


def _by_date(loaded: Iterable[tuple[Loaded, Part]]) -> list[tuple[Loaded, Part]]:
    """As they were recorded, where every file tells when; else in the order of the files' names.

    Whoever learns an athlete from earlier recordings and is judged on later ones relies on it.
    """
    held = list(loaded)
    if min((one.start_s for one, _ in held), default=0.0) < FIRST_DATE_S:
        return held
    return sorted(held, key=lambda pair: pair[0].start_s)


def _summary(one: Loaded, part: Part) -> Read:
    recording = one.recording
    return Read(
        source=part.source.name,
        files=part.files,
        athlete=recording.athlete,
        recording=recording.name,
        rates_hz={
            name: _rate_hz(recording.t[np.isfinite(values)])
            for name, values in recording.channels.items()
        },
        labels=tuple(recording.labels),
        seconds=recording.seconds,
        samples=len(recording.t),
        warnings=one.warnings,
    )


def _rate_hz(t: np.ndarray) -> float:
    return round(measured_hz(t), 3) if len(t) > 1 else 0.0


def _notes(journal: _Journal, cohort: Cohort | None) -> Iterator[str]:
    names = {name for one in journal.done for name in one.rates_hz}
    if any(name.startswith(f"{UNKNOWN_PLACEMENT}_") for name in names):
        yield (
            f"Where a sensor was worn is not told: its channels are called {UNKNOWN_PLACEMENT}_…; "
            "name the place with --placement."
        )
    if cohort and journal.fastest_hz > 1.05 * cohort.sampling_hz:
        yield (
            f"The cohort states {cohort.sampling_hz:g} Hz and the new recordings have up to "
            f"{journal.fastest_hz:g} Hz: change sampling_hz in its meta.json."
        )
