"""The ledger of a fleet: one line for the run, one for each athlete; only ever added to."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from distride.errors import DataError

LEDGER = "fleet.jsonl"
SCHEMA = 1


@dataclass(frozen=True)
class Header:
    """What one run is: all its heads depend on this and on the recordings.

    Attributes:
        bundle_sha256: Of the bundle's file.
        cohort: Its name.
        weight: Of a window of an athlete, as in `heads.personalize`.
        version: Of distride.
        created: When the run began, ISO 8601; the one date in all of its heads.
        schema: Of the file.
    """

    bundle_sha256: str
    cohort: str
    weight: float
    version: str
    created: str
    schema: int = SCHEMA


@dataclass(frozen=True)
class Entry:
    """What became of one athlete.

    Attributes:
        athlete: Who.
        state: "ok" with a head's file, or "failed".
        reason: Why it failed; empty if it did not.
        data_sha256: Of the file that the head was made from; empty where there is no head.
        tasks: By task the windows learnt from, whether the head is live, and the guard's scores.
    """

    athlete: str
    state: Literal["ok", "failed"]
    reason: str = ""
    data_sha256: str = ""
    tasks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """Whether any task has a head of the athlete's own."""
        return any(task["live"] for task in self.tasks.values())


class Ledger:
    """A run's file, to add to; in memory are names, digests and reasons alone.

    Attributes:
        header: What the run is.
        live: By athlete who has a head's file, whether any task has a head of their own.
        data: By athlete who has a head's file, the digest of the file it was made from.
        failed: By athlete who failed, the reason.

    Args:
        folder: Of the run.
        header: What it is; of a run that goes on, `created` is the date it began with.

    Raises:
        DataError: The folder holds another run, or cannot be written.
    """

    def __init__(self, folder: Path, header: Header) -> None:
        self._file = folder / LEDGER
        self.header = header
        self.live: dict[str, bool] = {}
        self.data: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lines = self._whole_lines()
        except OSError as error:
            raise DataError(f"'{self._file}' cannot be used: {error}.") from error
        if lines:
            self._read(lines)
        else:
            self._append([header])

    def add(self, entries: Sequence[Entry]) -> None:
        """Write what became of some athletes; a reason that was told before is not told again."""
        self._append(
            one
            for one in entries
            if one.state == "ok" or self.failed.get(one.athlete) != one.reason
        )
        for one in entries:
            self._keep(one)

    def _keep(self, entry: Entry) -> None:
        if entry.state == "failed":
            self.failed[entry.athlete] = entry.reason
            self.live.pop(entry.athlete, None)
            self.data.pop(entry.athlete, None)
        else:
            self.live[entry.athlete] = entry.live
            self.data[entry.athlete] = entry.data_sha256
            self.failed.pop(entry.athlete, None)

    def _read(self, lines: list[bytes]) -> None:
        try:
            held = Header(**json.loads(lines[0]))
            for line in lines[1:]:
                self._keep(Entry(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise DataError(
                f"'{self._file}' is damaged ({error}): remove it and start again."
            ) from error
        if held != replace(self.header, created=held.created):
            raise DataError(
                f"'{self._file.parent}' holds heads of another bundle, cohort, weight or version "
                f"({held}): choose another --out, or remove that folder."
            )
        self.header = held

    def _append(self, values: Iterable[Header | Entry]) -> None:
        text = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in values)
        try:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise DataError(
                f"Could not write '{self._file}': {error}; free the disk and start again: what was "
                "done is not done twice."
            ) from error

    def _whole_lines(self) -> list[bytes]:
        """All lines; a last one that a crash cut short is cut off, or it would spoil the next."""
        if not self._file.exists():
            return []
        data = self._file.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            with self._file.open("r+b") as file:
                file.truncate(len(whole))
        return whole.splitlines()
