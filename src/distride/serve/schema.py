"""The tables of the server's database."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Kind = Literal["login", "token", "link"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up in INTEGER alone


def microseconds(moment: datetime) -> int:
    """Since 1970: times are integers, because SQLite drops the zone of a moment."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def now() -> int:
    """Microseconds since 1970."""
    return microseconds(datetime.now(UTC))


def fresh_id() -> str:
    """A name for a new row that was never used: what was deleted is not mistaken for what is."""
    return secrets.token_hex(8)


RowId = Annotated[str, mapped_column(String(16), primary_key=True, default=fresh_id)]
OfAccount = Annotated[str, mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)]


class Base(DeclarativeBase):
    """Base of all tables."""


class Account(Base):
    """A coach, or an athlete whom a coach invited."""

    __tablename__ = "account"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    coach_id: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    password: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; None until the first link was followed."""
    bundle_id: Mapped[str | None] = mapped_column(String(16))


class Credential(Base):
    """What lets somebody in until a time: a login, a program's token, or a link used once."""

    __tablename__ = "credential"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(16), unique=True, default=fresh_id)
    account_id: Mapped[OfAccount]
    kind: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(100), default="")
    expires_at: Mapped[int] = mapped_column(BigInteger)


class StoredBundle(Base):
    """A bundle that a coach gives to athletes; its file lies in the server's folder."""

    __tablename__ = "bundle"

    id: Mapped[RowId]
    coach_id: Mapped[OfAccount]
    name: Mapped[str] = mapped_column(String(100))
    body_sha256: Mapped[str] = mapped_column(String(64))
    macro_f1: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[int] = mapped_column(BigInteger, default=now)


class StoredSession(Base):
    """A session, as its sender told it."""

    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[RowId]
    account_id: Mapped[OfAccount]
    key: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[int] = mapped_column(BigInteger)
    duration_s: Mapped[float] = mapped_column(Float)
    summary: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON, as `guidance.Summary` writes it; empty of a session without events."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON, gzip."""
    is_unfinished: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Whether its phone went away: what came so far; in `live_session` too, under the same id."""


class AuditEntry(Base):
    """Who did what to whom, by identities that say nothing once an account is deleted."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True)
    at: Mapped[int] = mapped_column(BigInteger, default=now)
    actor_id: Mapped[str] = mapped_column(String(16), index=True)
    verb: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(16), index=True)


class StoredRecording(Base):
    """A recording; its samples are a Parquet file on the shelf."""

    __tablename__ = "recording"

    id: Mapped[RowId]
    account_id: Mapped[OfAccount]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(20))
    """The format it was read from, or "phone"."""
    duration_s: Mapped[float] = mapped_column(Float)
    channels: Mapped[str] = mapped_column(Text)
    """Names, as a list in JSON."""
    created_at: Mapped[int] = mapped_column(BigInteger, default=now)


class StoredJob(Base):
    """A long piece of work that a coach asked for."""

    __tablename__ = "job"

    id: Mapped[RowId]
    coach_id: Mapped[OfAccount]
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="queued")
    message: Mapped[str] = mapped_column(Text, default="")
    asked: Mapped[str] = mapped_column(Text)
    """The request, JSON."""
    bundle_id: Mapped[str | None] = mapped_column(String(16))
    """What a training left."""
    created_at: Mapped[int] = mapped_column(BigInteger, default=now)


class LiveSession(Base):
    """A session that is sent while it runs; once it is over it is in `session`, by the same id."""

    __tablename__ = "live_session"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[RowId]
    account_id: Mapped[OfAccount]
    key: Mapped[str] = mapped_column(String(200))
    begun: Mapped[str] = mapped_column(Text)
    """What the phone said as it began, JSON."""


class LiveBatch(Base):
    """A batch of one, as it was sent; rows are only added."""

    __tablename__ = "live_batch"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("live_session.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger, default=now)
    duration_s: Mapped[float] = mapped_column(Float)
    clock_s: Mapped[float] = mapped_column(Float)
    """Time of the last sample so far."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """The frame, msgpack."""
