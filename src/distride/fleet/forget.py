"""A fleet without one of its athletes."""

import json
from pathlib import Path

from distride.errors import DataError
from distride.files import write_whole
from distride.fleet.ledger import LEDGER


def forget(folder: str | Path, athlete: str) -> None:
    """Leave nothing of an athlete in a fleet's folder: neither a head nor a line of the ledger.

    Args:
        folder: With heads and ledger; no run may be adding to it.
        athlete: Whose traces.

    Raises:
        DataError: The folder holds no fleet, a damaged ledger, or nothing of this athlete.
    """
    ledger, head = Path(folder) / LEDGER, f"{athlete}.head.safetensors"
    try:
        lines = ledger.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise DataError(f"'{folder}' holds no fleet: {error}.") from error
    others = [line for line in lines if line.endswith(b"\n") and not _is_of(line, athlete, ledger)]
    heads = [
        file
        for file in Path(folder).iterdir()
        if file.name == head or file.name.startswith(f".{head}.partial-")
    ]
    if len(others) == len(lines) and not heads:
        raise DataError(f"'{folder}' knows nothing of an athlete '{athlete}': nothing was changed.")
    for file in heads:
        file.unlink()
    write_whole(ledger, b"".join(others), DataError)


def _is_of(line: bytes, athlete: str, ledger: Path) -> bool:
    try:
        return bool(json.loads(line).get("athlete") == athlete)
    except (ValueError, AttributeError) as error:
        raise DataError(f"'{ledger}' is damaged ({error}): remove it.") from error
