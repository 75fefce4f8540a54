"""A head for each athlete of a cohort, on one core or many, the same to the last bit."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

from distride.bundle import Bundle
from distride.data import Cohort
from distride.data.progress import Progress, silent
from distride.fleet.athletes import Order, failed, personalized
from distride.fleet.cluster import in_order
from distride.fleet.ledger import Entry, Header, Ledger
from distride.heads.personal import WEIGHT
from distride.version import __version__

AT_ONCE = 64  # athletes of one piece of work: a second or so, and their windows fit in memory
LOST = (
    "Every worker that had this athlete in hand died: give it more memory, or mend the recording."
)


@dataclass(frozen=True)
class Fleet:
    """A finished run.

    Attributes:
        folder: With `ATHLETE.head.safetensors` and `fleet.jsonl`.
        athletes: How many there are.
        heads: How many have a head's file.
        kept: How many of these an earlier run had made from the same recordings.
        live: How many of these have a head of their own in some task.
        failed: By athlete without a head's file, the reason.
        created: The run's date, ISO 8601.
    """

    folder: Path
    athletes: int
    heads: int
    kept: int
    live: int
    failed: dict[str, str]
    created: str


def personalize(
    bundle: str | Path,
    cohort: Cohort | str | Path,
    out: str | Path,
    weight: float = WEIGHT,
    progress: Progress = silent,
) -> Fleet:
    """One guarded head for each athlete, as `distride.Bundle.personalize` finds it.

    The crew that was `joined` works; all its machines must see bundle, cohort and `out` under the
    same paths. A run that was cut short goes on: whoever has a head of the same recordings keeps
    it; whoever failed, or whose file is another by now, is done anew.

    Args:
        bundle: Its file.
        cohort: Or its folder.
        out: Where heads and the ledger go.
        weight: Of a window of an athlete, as in `heads.personalize`.
        progress: Told the stage, the athletes done and their number.

    Raises:
        BundleError: The bundle cannot be used, or a head cannot be written.
        DataError: The cohort cannot be used, or `out` holds another run.
    """
    file, folder = Path(bundle), Path(out)
    given = Cohort.open(cohort)
    Bundle.open(file)
    header = Header(
        bundle_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        cohort=given.name,
        weight=weight,
        version=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    ledger = Ledger(folder, header)
    created = datetime.fromisoformat(ledger.header.created)
    order = Order(file, replace(given, athletes=()), folder, created, weight)
    for name in filter(partial(_has_changed, order, ledger), given.athletes):
        order.file(name).unlink(missing_ok=True)  # or it would be taken for one of this run
    there = [name for name in given.athletes if name in ledger.live and order.file(name).exists()]
    wanted = [name for name in given.athletes if name not in set(there)]
    work(partial(personalized, order), wanted, ledger, _on_top(progress, len(there)))
    return _fleet(folder, given.athletes, ledger, len(there))


def _has_changed(order: Order, ledger: Ledger, athlete: str) -> bool:
    """Whether an athlete's head was made from another file than there is now."""
    return athlete in ledger.data and ledger.data[athlete] != order.data_sha256(athlete)


def work(
    do: Callable[[Sequence[str]], list[Entry]],
    athletes: Sequence[str],
    ledger: Ledger,
    progress: Progress,
) -> None:
    """Have a piece of work done for athletes, some at a time, and keep what became of them.

    Whoever failed before comes alone: where one athlete takes a worker down, nobody goes with them.

    Args:
        do: Gives the entries of some athletes, in their order.
        athletes: Whose work is to be done.
        ledger: Where entries go, in the order of the athletes.
        progress: Told the athletes done and their number.
    """
    fresh = [name for name in athletes if name not in ledger.failed]
    alone = [name for name in athletes if name in ledger.failed]
    done = 0
    for pieces in (chain(_some(fresh, AT_ONCE), _some(alone, 1)), _lost(fresh, ledger)):
        for entries in in_order(do, pieces, _lost_entries):
            ledger.add(entries)
            done = min(done + len(entries), len(athletes))
            progress("athletes", done, len(athletes))


def _some(athletes: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (athletes[start : start + size] for start in range(0, len(athletes), size))


def _lost(athletes: Sequence[str], ledger: Ledger) -> Iterator[Sequence[str]]:
    """One by one, those who were in a worker's hand when it died."""
    yield from _some([name for name in athletes if ledger.failed.get(name) == LOST], 1)


def _lost_entries(athletes: Sequence[str]) -> list[Entry]:
    return [failed(athlete, LOST) for athlete in athletes]


def _on_top(progress: Progress, before: int) -> Progress:
    return lambda stage, done, total: progress(stage, before + done, before + total)


def _fleet(folder: Path, athletes: Sequence[str], ledger: Ledger, kept: int) -> Fleet:
    live = [ledger.live[name] for name in athletes if name in ledger.live]
    return Fleet(
        folder=folder,
        athletes=len(athletes),
        heads=len(live),
        kept=kept,
        live=sum(live),
        failed={name: ledger.failed[name] for name in athletes if name in ledger.failed},
        created=ledger.header.created,
    )
