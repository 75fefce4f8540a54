"""What was sent is on disk before it is acknowledged: one thread writes, a sync for many."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from distride.serve.database import Database
from distride.serve.observe import LOG
from distride.serve.problems import ABSENT, FAULT, Refused, refusal_of
from distride.serve.schema import LiveBatch, now

Result = TypeVar("Result")


class Lane:
    """The batches of one connection, in their order: after one that failed, none is written."""

    failure: Refused | None = None


@dataclass(frozen=True)
class Entry:
    """A batch that waits.

    Attributes:
        lane: Whose.
        row: Of the table, by column.
        written: Called in the loop once it is on disk, or will not be: then with what is told.
    """

    lane: Lane
    row: dict[str, object]
    written: Callable[[Refused | None], None]


class Journal:
    """Writes what waits, again and again; what comes meanwhile is written with the next sync.

    Args:
        database: Where.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, "journal")
        self._waiting: list[Entry] = []
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Write until it is cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            waiting, self._waiting = self._waiting, []
            failures = await self.between(partial(self._write, waiting))
            for entry, failure in zip(waiting, failures, strict=True):
                entry.written(failure)

    def add(self, entry: Entry) -> None:
        """Have a batch written after those that wait."""
        self._waiting.append(entry)
        self._news.set()

    async def between(self, work: Callable[[], Result]) -> Result:
        """Have something done in the thread that writes, thus between two writes."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()

    def _write(self, entries: Sequence[Entry]) -> list[Refused | None]:
        """What each sender is told; None: it is on disk."""
        alive = [entry for entry in entries if entry.lane.failure is None]
        try:
            self._commit(alive)
        except IntegrityError:  # one session is gone: the others' batches are as good as before
            self._write_apart(alive)
        except Exception as error:
            refused = _told(error)
            for entry in alive:
                entry.lane.failure = refused
        return [entry.lane.failure for entry in entries]

    def _write_apart(self, entries: Sequence[Entry]) -> None:
        lanes = defaultdict(list)
        for entry in entries:
            lanes[entry.lane].append(entry)
        for lane, own in lanes.items():
            try:
                self._commit(own)
            except IntegrityError:
                lane.failure = Refused(404, ABSENT)
            except Exception as error:
                lane.failure = _told(error)

    def _commit(self, entries: Sequence[Entry]) -> None:
        if entries:
            with self._database.writing() as session:
                session.execute(insert(LiveBatch), [{"at": now(), **one.row} for one in entries])


def _told(error: Exception) -> Refused:
    refused = refusal_of(error)
    if refused is None:
        LOG.error("a batch was not written", exc_info=error)
    return refused or Refused(500, FAULT)
