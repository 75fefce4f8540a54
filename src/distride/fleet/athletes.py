"""A few athletes of a fleet: from their recordings to their heads' files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from distride.bundle import PersonalHead, write_head
from distride.data import Cohort, digest_of
from distride.errors import BundleError, DistrideError
from distride.fleet.ledger import Entry
from distride.runtime import Student


@dataclass(frozen=True)
class Order:
    """What all athletes of a run share.

    Attributes:
        bundle: Its file.
        cohort: Without its athletes, of whom there may be millions.
        out: Where the heads go.
        created: The run's date, in all heads.
        weight: Of a window of an athlete, as in `heads.personalize`.
    """

    bundle: Path
    cohort: Cohort
    out: Path
    created: datetime
    weight: float

    def file(self, athlete: str) -> Path:
        """Where an athlete's head lies."""
        return self.out / f"{athlete}.head.safetensors"

    def data_sha256(self, athlete: str) -> str:
        """Of the athlete's recordings as they are now; empty where they cannot be read."""
        try:
            return digest_of(self.cohort, athlete).hex()
        except OSError:
            return ""


def personalized(order: Order, athletes: Sequence[str]) -> list[Entry]:
    """What became of each athlete, in their order; whose head this run has made keeps it.

    Whatever is wrong with somebody's recordings is theirs alone.

    Raises:
        BundleError: The bundle cannot be read, or a head cannot be written.
    """
    student = _student(order.bundle)
    entries = {athlete: entry for athlete in athletes if (entry := kept(order, student, athlete))}
    for athlete in athletes:
        if athlete not in entries:
            entries[athlete] = _learnt(order, student, athlete)
    return [entries[athlete] for athlete in athletes]


def _learnt(order: Order, student: Student, athlete: str) -> Entry:
    data_sha256 = order.data_sha256(athlete)  # before they are read: a later change is then seen
    try:
        recordings = replace(order.cohort, athletes=(athlete,)).read(athlete)
        head = student.personalize(recordings, order.weight, order.created)
    except DistrideError as error:
        return failed(athlete, str(error))
    except Exception as error:  # nobody's broken file may cost others their heads
        return failed(athlete, f"{type(error).__name__}: {error}")
    write_head(order.file(athlete), head)
    return entry_of(head, data_sha256)


def kept(order: Order, student: Student, athlete: str) -> Entry | None:
    """The entry of a head that this run wrote before a worker died or the run was cut."""
    file = order.file(athlete)
    if not file.exists():
        return None
    try:
        head = student.bundle.personal_head(file)
    except BundleError:
        return None
    ours = head.created == order.created.isoformat(timespec="seconds")
    return entry_of(head, order.data_sha256(athlete)) if ours else None


def entry_of(head: PersonalHead, data_sha256: str) -> Entry:
    """What a head's file says, for the ledger: the same whether it was just made or read back."""
    tasks = {
        task: {
            "windows": sum(shots.values()),
            "live": task in head.heads,
            **dict(sorted(head.scores[task].items())),
        }
        for task, shots in sorted(head.shots.items())
    }
    return Entry(head.athlete, "ok", data_sha256=data_sha256, tasks=tasks)


def failed(athlete: str, reason: str) -> Entry:
    """The entry of an athlete without a head."""
    return Entry(athlete, "failed", " ".join(reason.split()))


@lru_cache(maxsize=1)
def _student(bundle: Path) -> Student:
    """Read once by each worker."""
    return Student.open(bundle)
