"""What one running server holds."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from distride.errors import BundleError
from distride.runtime import Versions
from distride.runtime.history import History
from distride.serve.accounts import Accounts
from distride.serve.database import Database
from distride.serve.observe import LOG, Metrics
from distride.serve.rates import Rates
from distride.serve.schema import Account, AuditEntry, StoredBundle
from distride.serve.settings import ServerError, Settings
from distride.serve.shelf import BucketShelf, FolderShelf, Shelf


@dataclass(frozen=True)
class Link:
    """What a person opens once to log in.

    Attributes:
        url: Whole.
        expires_at: UTC; it opens nothing from then on.
    """

    url: str
    expires_at: datetime


class Server:
    """Database, folders and counters of one process.

    Args:
        settings: Where and how.
        hasher: Of passwords; argon2id with the library's defaults.

    Raises:
        DatabaseError: The database is a newer version's.
        ServerError: The folder cannot be made.
    """

    def __init__(self, settings: Settings, hasher: PasswordHasher | None = None) -> None:
        self.settings = settings
        self.hasher = hasher or PasswordHasher()
        try:
            settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ServerError(
                f"'{settings.folder}' cannot be made: {error.strerror}; choose another --data."
            ) from error
        self.shelf: Shelf = (
            BucketShelf(settings.recordings)
            if settings.recordings
            else FolderShelf(settings.folder / "recordings")
        )
        self.database = Database(settings.address)
        self.rates = Rates()
        self.metrics = Metrics()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def accounts(self, session: Session) -> Accounts:
        """Of one transaction."""
        return Accounts(session, self.hasher)

    def first_login(self, name: str = "", base: str = "") -> str:
        """A link by which a coach sets a password; empty where nobody needs one.

        Args:
            name: Of the coach; new or known. Empty: "coach", where no coach ever logged in.
            base: What people open.

        Raises:
            ServerError: The name is an athlete's.
            AccountError: It is no name.
        """
        with self.database.writing() as session:
            accounts = self.accounts(session)
            if not name and session.query(Account).filter(Account.password.is_not(None)).count():
                return ""
            coach = accounts.named(name or "coach") or accounts.add(name or "coach")
            if coach.role != "coach":
                raise ServerError(
                    f"'{name}' is an athlete: their coach invites them; name a coach."
                )
            return self.link(accounts, coach, base).url

    def link(self, accounts: Accounts, account: Account, base: str) -> Link:
        """A link that works once, and ends the one before.

        It is behind `#`, so that no log and no other server reads it.
        """
        accounts.end(account, "link")
        expires_at = datetime.now(UTC) + self.settings.link
        secret, _ = accounts.issue(account, "link", expires_at)
        return Link(f"{(self.settings.origin or base).rstrip('/')}/login/#{secret}", expires_at)

    def bundle_file(self, bundle: StoredBundle | str) -> Path:
        """Where a bundle lies."""
        number = bundle if isinstance(bundle, str) else bundle.id
        return self.settings.folder / "bundles" / f"{number}.distride"

    def athlete_folder(self, athlete: Account | str) -> Path:
        """Of all files that are one athlete's, and nobody else's."""
        number = athlete if isinstance(athlete, str) else athlete.id
        return self.settings.folder / "athletes" / number

    def job_folder(self, job: str) -> Path:
        """Where a job works."""
        return self.settings.folder / "jobs" / job

    def heads(self, athlete: Account) -> Path:
        """Where the athlete's versions lie, as `runtime.Versions` takes it."""
        return self.athlete_folder(athlete) / "heads"

    def history(self, athlete: Account) -> History | None:
        """Of the athlete's versions; None where its file is damaged: others are told as before."""
        try:
            return Versions(self.heads(athlete), athlete.name).history
        except BundleError:
            LOG.error("an athlete's versions are damaged", extra={"fields": {"id": athlete.id}})
            return None


def record(session: Session, actor: str, verb: str, subject: str = "") -> None:
    """Add to the audit trail, in the transaction that it tells of."""
    session.add(AuditEntry(actor_id=actor, verb=verb, subject_id=subject))
