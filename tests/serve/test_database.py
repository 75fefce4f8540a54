import contextlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text

from distride.serve.accounts import Accounts
from distride.serve.database import Database, DatabaseError
from distride.serve.schema import Account, Base, StoredSession

from .processes import free_port, postgres


def athletes_go_with_their_coach(database: Database) -> None:
    with database.writing() as session:
        accounts = Accounts(session)
        kim = accounts.add("Kim")
        accounts.add("Anna", kim)
    with database.writing() as session:
        session.delete(session.merge(kim))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_the_migrations_lead_to_the_tables_of_the_code(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def test_postgres_has_the_same_tables_and_keeps_its_rules() -> None:
    with postgres() as one:
        database = Database(one.address)
        with database.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        athletes_go_with_their_coach(database)
        database.close()


def test_what_was_kept_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a 100%.db'}"
    first = Database(address)
    with first.writing() as session:
        Accounts(session).add("Kim")
    first.close()
    again = Database(address)
    with again.reading() as session:
        assert Accounts(session).named("Kim") is not None
    again.close()


def test_a_database_of_a_version_before_keeps_what_it_held(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.db'}"
    database = Database(address)
    with database.writing() as session:
        kim = Accounts(session).add("Kim")
        told = {"key": "a", "started_at": 1, "duration_s": 1.0, "summary": b"", "body": b"x"}
        session.add(StoredSession(account_id=kim.id, **told))
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE session DROP COLUMN is_unfinished"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    database.close()
    again = Database(address)
    with again.reading() as session:
        (kept,) = session.scalars(select(StoredSession))
    assert (kept.body, kept.is_unfinished) == (b"x", False)
    again.close()


def test_a_change_that_fails_did_not_happen(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with contextlib.suppress(ZeroDivisionError), database.writing() as session:
        Accounts(session).add("Kim")
        _ = 1 / 0
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0
    database.close()


def test_a_newer_schema_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.db'}"
    database = Database(address)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"'9999'.*newer Distride"):
        Database(address)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    database.close()


@pytest.mark.parametrize(
    "address", ["nonsense", "oracle9://x/y", "mysql://x/y", "postgresql://u@localhost:one/x"]
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be read"):
        Database(address)


def test_a_database_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "a.db"
    with pytest.raises(DatabaseError, match=r"none/a\.db' cannot be opened: unable to open"):
        Database(f"sqlite:///{nowhere}")
    pytest.importorskip("psycopg", reason="the extra 'postgres' is not installed")
    address = f"postgresql://kim:secret@127.0.0.1:{free_port()}/x"
    with pytest.raises(DatabaseError, match=r"cannot be opened: .*refused") as told:
        Database(address)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_an_accounts_athletes_go_with_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    athletes_go_with_their_coach(database)
    database.close()
