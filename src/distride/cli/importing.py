"""`distride import`: from vendors' files and public data sets to a cohort."""

from collections.abc import Iterator, Sized
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from distride.data.importing import Imported, Read

SKIPPED_TOLD = 20


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="SRC...", help="Files, folders of files, a public data set."),
    ],
    to: Annotated[
        Path | None, typer.Option(metavar="COHORT", help="The cohort: a new one, or one to add to.")
    ] = None,
    athlete: Annotated[
        str, typer.Option(help="Whose files they are; their folder's name if not given.")
    ] = "",
    placement: Annotated[
        str, typer.Option(help="Where the sensor was worn, if its file does not tell.")
    ] = "",
    mapping: Annotated[
        Path | None, typer.Option(help="A TOML file that declares the columns of CSV files.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be read; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was read, for programs.")] = False,
) -> None:
    """Read FIT, TCX, GPX, CSV and data sets into a cohort in SI units, and tell what was lost."""
    import json

    from distride.cli.progress import watched
    from distride.data.importing import ImportOptions, import_recordings
    from distride.errors import DataError

    if to is None and not dry_run:
        raise DataError("Give the cohort with --to COHORT, or look first with --dry-run.")
    options = ImportOptions(athlete, placement, mapping)
    with watched(quiet=as_json) as progress:
        found = import_recordings(paths, None if dry_run else to, options, progress)
    if as_json:
        typer.echo(json.dumps(_as_dict(found), ensure_ascii=False))
        return
    for line in _lines(found):
        typer.echo(line)


def _lines(found: "Imported") -> Iterator[str]:
    for one in found.recordings:
        yield from _recording(one)
    for skipped in found.skipped[:SKIPPED_TOLD]:
        yield f"left out: {skipped.file}: {skipped.reason}"
    if len(found.skipped) > SKIPPED_TOLD:
        yield f"left out: {len(found.skipped) - SKIPPED_TOLD} more files"
    yield from (f"note: {note}" for note in found.notes)
    athletes = {one.athlete for one in found.recordings}
    counted = f"{_count(found.recordings, 'recording')} of {_count(athletes, 'athlete')}"
    yield f"{counted} in {found.cohort.path}" if found.cohort else f"{counted}; nothing was written"


def _count(things: Sized, name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def _recording(one: "Read") -> Iterator[str]:
    files = one.files[0].name if len(one.files) == 1 else f"{len(one.files)} files"
    yield (
        f"{one.athlete} / {one.recording}: {one.seconds:.1f} s, {one.samples} samples "
        f"({one.source}, {files})"
    )
    yield f"  {', '.join(_channels(one))}"
    if one.labels:
        yield f"  labelled: {', '.join(one.labels)}"
    yield from (f"  ! {warning}" for warning in one.warnings)


def _channels(one: "Read") -> Iterator[str]:
    """Channels of one rate together, the axes of a sensor as one."""
    by_rate: dict[float, list[str]] = {}
    for name, rate_hz in one.rates_hz.items():
        stem = name[:-2] if name[-2:] in ("_x", "_y", "_z") else name
        names = by_rate.setdefault(rate_hz, [])
        if stem not in names:
            names.append(stem)
    for rate_hz, names in by_rate.items():
        rate = f"at {rate_hz:.4g} Hz" if rate_hz else "with less than two values"
        yield f"{', '.join(names)} {rate}"


def _as_dict(found: "Imported") -> dict[str, Any]:
    return {
        "cohort": str(found.cohort.path) if found.cohort else None,
        "recordings": [
            {
                "source": one.source,
                "files": [str(file) for file in one.files],
                "athlete": one.athlete,
                "recording": one.recording,
                "rates_hz": dict(one.rates_hz),
                "labels": list(one.labels),
                "seconds": one.seconds,
                "samples": one.samples,
                "warnings": list(one.warnings),
            }
            for one in found.recordings
        ],
        "skipped": [{"file": str(one.file), "reason": one.reason} for one in found.skipped],
        "notes": list(found.notes),
    }
