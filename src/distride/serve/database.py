"""The database: SQLite by default, PostgreSQL by its address; at the newest schema once open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from distride.errors import DistrideError, MissingExtraError

MIGRATIONS = Path(__file__).parent / "migrations"
WRITES = "distride_writes"
PATIENCE_S = 30.0  # for another writer of SQLite
CONNECTIONS = 40  # to PostgreSQL: one for each thread that answers
CONNECTS_S = 5  # then it counts as away
DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


class DatabaseError(DistrideError):
    """A database cannot be used by this version."""


class Database:
    """An open database.

    Args:
        address: As SQLAlchemy writes it: `sqlite:///FILE` or `postgresql://…`.

    Raises:
        DatabaseError: It cannot be opened, a newer version of Distride has written its schema, or
            the address is none.
        MissingExtraError: PostgreSQL's driver is not installed.
    """

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)
        try:
            with self.engine.begin() as connection:
                _migrate(connection)
        except OperationalError as error:
            self.close()
            reason = str(error.orig).partition("\n")[0]
            raise DatabaseError(
                f"The database '{self.engine.url.render_as_string()}' cannot be opened: {reason}; "
                "start it, or give another address."
            ) from error
        except BaseException:
            self.close()
            raise
        self._writing = self.engine.execution_options(**{WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that changes nothing; what it read may be used after it."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is on disk once it is left, or did not happen."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def empty_log(self) -> None:
        """Have SQLite's log forget what was deleted; PostgreSQL has its own ways."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
                one.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()


def _engine(address: str) -> Engine:
    try:
        url = make_url(address)
        url = url.set(drivername=DRIVERS[url.get_backend_name()])
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args={"timeout": PATIENCE_S})
            event.listen(engine, "connect", _durable)
            event.listen(engine, "begin", _begin)
            return engine
        return create_engine(
            url,
            pool_pre_ping=True,  # it may have been started again
            pool_size=CONNECTIONS,
            connect_args={"connect_timeout": CONNECTS_S},
        )
    except ModuleNotFoundError as error:
        raise MissingExtraError("PostgreSQL", "postgres") from error
    except (ArgumentError, KeyError, ValueError) as error:
        raise DatabaseError(
            "The database's address cannot be read: give 'sqlite:///FILE' or "
            "'postgresql://USER@HOST/NAME'."
        ) from error


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise DatabaseError(
            f"The database has the schema '{current}' and this version knows up to "
            f"'{max(known)}': install the newer Distride that wrote it."
        )
    command.upgrade(config, "head")


def _durable(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """What is committed is synced to disk; what is deleted is overwritten, with what it owned."""
    connection.isolation_level = None  # transactions begin below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer waits for others at its begin: later, it might have read what is no longer so."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
