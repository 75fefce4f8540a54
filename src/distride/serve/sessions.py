"""Sessions: kept once, summed up as they come."""

import gzip
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from distride import guidance
from distride.errors import DistrideError
from distride.runtime import read_events
from distride.serve.messages import SentSession
from distride.serve.problems import ABSENT, Refused
from distride.serve.recordings import recording_of, shelved
from distride.serve.said import Said
from distride.serve.schema import (
    Account,
    Base,
    LiveSession,
    StoredSession,
    fresh_id,
    microseconds,
)
from distride.serve.state import Server

KEPT = Said("This session is kept already, under the same key.", "此训练已用同一标识保存。")


def keep(
    server: Server, athlete: Account, key: str, sent: SentSession, summary: bytes
) -> StoredSession:
    """Keep a session with its samples as a recording; what came of it live goes with that.

    An effort that was told of what came live is the session's.

    Args:
        server: Where.
        athlete: Whose.
        key: Of the session; each is kept once.
        sent: The whole of it.
        summary: What it was, by `summary_of`.

    Raises:
        Refused: It is kept already.
        DataError: Its samples cannot be written.
    """
    if kept_under(server, athlete, key):
        raise Refused(409, KEPT)
    stored = _stored(server, athlete, key, sent, summary)
    with ExitStack() as shelf:
        rows: list[Base] = [stored]
        if sent.raw is not None and sent.raw.t:
            measured = recording_of(athlete, sent, sent.raw)
            rows.append(shelf.enter_context(shelved(server, athlete, measured, "phone")))
        try:
            with server.database.writing() as session:  # what takes long is done: others wait
                stored.id = _withdrawn(session, athlete, key) or fresh_id()
                session.add_all(rows)
        except IntegrityError:
            is_kept = kept_under(server, athlete, key)
            raise (Refused(409, KEPT) if is_kept else Refused(404, ABSENT)) from None
    return stored


def kept_under(server: Server, athlete: Account, key: str) -> str | None:
    """The session that is kept whole under a key."""
    own = (StoredSession.account_id == athlete.id) & (StoredSession.key == key)
    whole = StoredSession.is_unfinished.is_(False)
    with server.database.reading() as session:
        return session.scalar(select(StoredSession.id).where(own, whole))


def set_aside(
    server: Server, athlete: Account, live: str, sent: SentSession, summary: bytes
) -> None:
    """Keep what came so far of a session whose phone is away; the whole of it takes its place.

    Args:
        server: Where.
        athlete: Whose.
        live: Identity of the live session.
        sent: What came of it.
        summary: What it was, by `summary_of`.
    """
    stored = _stored(server, athlete, sent.id, sent, summary)
    stored.id, stored.is_unfinished = live, True
    with server.database.writing() as session:
        one = select(LiveSession.id).where(LiveSession.id == live).with_for_update()
        if session.scalar(one) is None:
            return  # it was kept or removed meanwhile
        session.execute(delete(StoredSession).where(StoredSession.id == live))
        session.add(stored)


def remove_session(session: Session, stored: StoredSession) -> None:
    """Remove a session, and what its phone would go on with."""
    session.execute(delete(LiveSession).where(LiveSession.id == stored.id))
    session.delete(stored)


def summary_of(athlete: Account, sent: SentSession, rpe: float | None = None) -> bytes:
    """What the session was, by `guidance.summarize`; empty where nothing was told in it.

    Args:
        athlete: Whose.
        sent: The whole of it.
        rpe: The athlete's effort on Borg's CR10 scale; None: unasked.

    Raises:
        Refused: An event is none that a stream tells.
    """
    if not sent.events:
        return b""
    try:
        events = read_events((json.dumps(one) for one in sent.events), "the session")
        told = guidance.Session(athlete.name, sent.started_at, events, rpe)
        return guidance.summarize(told, None).to_line().encode()
    except (DistrideError, ValueError, OverflowError) as error:
        raise Refused(422, f"The session's events cannot be read: {error}") from error


def _stored(
    server: Server, athlete: Account, key: str, sent: SentSession, summary: bytes
) -> StoredSession:
    """A session's row; an effort that was told while it was unfinished stays."""
    rpe = _effort_under(server, athlete, key)
    return StoredSession(
        account_id=athlete.id,
        key=key,
        started_at=microseconds(sent.started_at),
        duration_s=sent.duration_s,
        summary=summary if rpe is None else summary_of(athlete, sent, rpe),
        body=gzip.compress(sent.model_dump_json().encode(), 6),
    )


def _withdrawn(session: Session, athlete: Account, key: str) -> str | None:
    """Remove what was sent live under a key, and set aside; the identity that it had."""
    own = (LiveSession.account_id == athlete.id) & (LiveSession.key == key)
    live = session.scalar(select(LiveSession.id).where(own))
    session.execute(delete(LiveSession).where(own))
    session.execute(delete(StoredSession).where(StoredSession.id == live))
    return live


def _effort_under(server: Server, athlete: Account, key: str) -> float | None:
    """The effort on Borg's CR10 scale that was told of a session while it was unfinished."""
    own = (StoredSession.account_id == athlete.id) & (StoredSession.key == key)
    with server.database.reading() as session:
        told = summary(session.scalar(select(StoredSession.summary).where(own)) or b"") or {}
    load, seconds = told.get("load", {}).get("session_rpe", {}).get("value"), told.get("seconds")
    return None if load is None or not seconds else round(60 * load / seconds, 1)


def body_of(stored: StoredSession) -> bytes:
    """The session as it was sent, JSON."""
    return gzip.decompress(stored.body)


def summary(text: bytes) -> dict[str, Any] | None:
    """What a session was, as it is kept; None of a session without events."""
    return dict(json.loads(text)) if text else None


def sessions_of(session: Session, athlete: Account) -> Sequence[StoredSession]:
    """All of an athlete that are whole, the latest first, bodies included."""
    own = select(StoredSession).where(StoredSession.account_id == athlete.id)
    whole = own.where(StoredSession.is_unfinished.is_(False))
    latest = whole.order_by(StoredSession.started_at.desc(), StoredSession.id)
    return list(session.scalars(latest))


def counts_of(session: Session, athletes: Sequence[Account]) -> Mapping[str, tuple[int, int]]:
    """By athlete how many sessions there are, and when the last one began."""
    rows = session.execute(
        select(StoredSession.account_id, func.count(), func.max(StoredSession.started_at))
        .where(StoredSession.account_id.in_([one.id for one in athletes]))
        .group_by(StoredSession.account_id)
    )
    return {account: (count, last) for account, count, last in rows}
