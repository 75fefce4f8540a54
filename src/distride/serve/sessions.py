"""Finished sessions: kept once, summed up as they come."""

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from distride import guidance
from distride.errors import DistrideError
from distride.runtime import read_events
from distride.serve.messages import SentSession
from distride.serve.problems import Refused
from distride.serve.schema import Account, StoredSession, microseconds

KEPT = "This session is kept already, under the same key."


def keep_session(session: Session, athlete: Account, key: str, sent: SentSession) -> StoredSession:
    """Keep a session of an athlete.

    Raises:
        Refused: It is kept already, or its events are none.
    """
    if session.scalar(
        select(StoredSession.id).where(
            StoredSession.account_id == athlete.id, StoredSession.key == key
        )
    ):
        raise Refused(409, KEPT)
    stored = StoredSession(
        account_id=athlete.id,
        key=key,
        started_at=microseconds(sent.started_at),
        duration_s=sent.duration_s,
        summary=summary_of(athlete, sent),
        body=gzip.compress(sent.model_dump_json().encode(), 6),
    )
    session.add(stored)
    try:
        session.flush()
    except IntegrityError:
        raise Refused(409, KEPT) from None
    return stored


def summary_of(athlete: Account, sent: SentSession) -> bytes:
    """What the session was, by `guidance.summarize`; empty where nothing was told in it.

    Raises:
        Refused: An event is none that a stream tells.
    """
    if not sent.events:
        return b""
    try:
        events = read_events((json.dumps(one) for one in sent.events), "the session")
        told = guidance.Session(athlete.name, sent.started_at, events)
        return guidance.summarize(told, None).to_line().encode()
    except (DistrideError, ValueError, OverflowError) as error:
        raise Refused(422, f"The session's events cannot be read: {error}") from error


def body_of(stored: StoredSession) -> bytes:
    """The session as it was sent, JSON."""
    return gzip.decompress(stored.body)


def summary(text: bytes) -> dict[str, Any] | None:
    """What a session was, as it is kept; None of a session without events."""
    return dict(json.loads(text)) if text else None


def sessions_of(session: Session, athlete: Account) -> Sequence[StoredSession]:
    """All of an athlete, the latest first, bodies included."""
    own = select(StoredSession).where(StoredSession.account_id == athlete.id)
    latest = own.order_by(StoredSession.started_at.desc(), StoredSession.id)
    return list(session.scalars(latest))


def counts_of(session: Session, athletes: Sequence[Account]) -> Mapping[str, tuple[int, int]]:
    """By athlete how many sessions there are, and when the last one began."""
    rows = session.execute(
        select(StoredSession.account_id, func.count(), func.max(StoredSession.started_at))
        .where(StoredSession.account_id.in_([one.id for one in athletes]))
        .group_by(StoredSession.account_id)
    )
    return {account: (count, last) for account, count, last in rows}
