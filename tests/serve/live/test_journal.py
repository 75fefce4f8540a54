import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from distride.serve.accounts import Accounts
from distride.serve.database import Database
from distride.serve.live.journal import Entry, Journal, Lane
from distride.serve.problems import Refused
from distride.serve.schema import LiveBatch, LiveSession

GONE = "0" * 16


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> str:
    with database.writing() as writing:
        anna = Accounts(writing).add("Anna")
        live = LiveSession(account_id=anna.id, key="a", begun="{}")
        writing.add(live)
    return live.id


def written(
    database: Database, waves: Sequence[Sequence[tuple[Lane, str, int]]]
) -> list[Refused | None]:
    """What is told of batches, wave by wave: each is written at once."""
    told: list[Refused | None] = []

    async def write() -> None:
        journal = Journal(database)
        running = asyncio.create_task(journal.run())
        for wave in waves:
            wanted = len(told) + len(wave)
            for lane, session, seq in wave:
                journal.add(Entry(lane, row(session, seq), told.append))
            await until(lambda wanted=wanted: len(told) == wanted)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        journal.close()

    asyncio.run(write())
    return told


def row(session: str, seq: int) -> dict[str, object]:
    return {"session_id": session, "seq": seq, "duration_s": 1.0, "clock_s": 1.0, "body": b""}


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.001)


def kept(database: Database) -> list[int]:
    with database.reading() as reading:
        return list(reading.scalars(select(LiveBatch.seq).order_by(LiveBatch.seq)))


def test_a_session_that_is_gone_spoils_no_others_batch(database: Database, session: str) -> None:
    mine, gone = Lane(), Lane()
    first, second, third = written(
        database, [[(mine, session, 1), (gone, GONE, 1), (mine, session, 2)]]
    )
    assert first is third is None
    assert second is not None
    assert second.status_code == 404
    assert kept(database) == [1, 2]


def test_after_a_batch_that_failed_none_of_its_connection_is_written(
    database: Database, session: str
) -> None:
    lane = Lane()
    told = written(database, [[(lane, GONE, 1)], [(lane, session, 2)], [(Lane(), session, 1)]])
    assert [one.status_code if one else None for one in told] == [404, 404, None]
    assert kept(database) == [1]


def test_a_database_that_fails_is_told_to_all_who_wait(
    monkeypatch: pytest.MonkeyPatch, database: Database, session: str
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "writing", full)
    told = written(database, [[(Lane(), session, 1), (Lane(), session, 1)]])
    assert [one.status_code if one else None for one in told] == [507, 507]
