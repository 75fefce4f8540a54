"""What the database has of sessions that are live."""

import base64
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgpack
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distride.serve.live.frames import Begin
from distride.serve.live.session import RECENT, Shown
from distride.serve.messages import Raw, SentSession
from distride.serve.problems import Refused
from distride.serve.schema import Account, LiveBatch, LiveSession, StoredSession, fresh_id
from distride.serve.sessions import keep, kept_under, set_aside, summary_of
from distride.serve.state import Server, record

AT_ONCE = 100
OTHERWISE = "Another session was begun under this key: give each session a key of its own."


@dataclass(frozen=True)
class Opened:
    """Where a session goes on.

    Attributes:
        id: Of the live session.
        seq: The last batch that is on disk.
        duration_s: Of the session so far.
        clock_s: Time of its last sample.
        size: Bytes of all batches.
        recent: The last of them.
    """

    id: str
    seq: int
    duration_s: float
    clock_s: float
    size: int
    recent: Sequence[Shown]


def opened(server: Server, athlete: Account, begin: Begin) -> Opened | str:
    """A session that is begun or goes on; the identity of one that is kept already.

    Raises:
        Refused: Another one was begun under its key.
    """
    kept = kept_under(server, athlete, begin.id)
    if kept:
        return kept
    own = (LiveSession.account_id == athlete.id) & (LiveSession.key == begin.id)
    begun = begin.model_dump_json()
    with server.database.writing() as session:
        live = session.scalar(select(LiveSession).where(own))
        if live is None:
            live = LiveSession(id=fresh_id(), account_id=athlete.id, key=begin.id, begun=begun)
            session.add(live)
            record(session, athlete.id, "session_begun", athlete.id)
        elif live.begun != begun:
            raise Refused(409, OTHERWISE)
    return _state(server, live)


def batches_after(server: Server, live: str, athlete: str, seq: int) -> list[Shown]:
    """The next batches of a session after one, some at a time."""
    later = select(LiveBatch).where(LiveBatch.session_id == live, LiveBatch.seq > seq)
    with server.database.reading() as session:
        rows = list(session.scalars(later.order_by(LiveBatch.seq).limit(AT_ONCE)))
    return [_shown(row, athlete) for row in rows]


def unfinished(session: Session, athlete: Account) -> Iterator[tuple[str, SentSession]]:
    """By identity the sessions of an athlete that are not over, as far as they came."""
    own = select(LiveSession).where(LiveSession.account_id == athlete.id)
    for live in list(session.scalars(own)):
        yield live.id, _assembled(session, live.id, Begin.model_validate_json(live.begun))


def set_lost_aside(server: Server, present: Collection[str]) -> None:
    """Keep what came of live sessions whose phone is away, where more came than is kept of them.

    Args:
        server: Where.
        present: Identities of those whose phone is not.
    """
    batches = select(LiveBatch.duration_s).where(LiveBatch.session_id == LiveSession.id)
    came = batches.order_by(LiveBatch.seq.desc()).limit(1).scalar_subquery()
    more = (
        select(LiveSession, Account)
        .join(Account, Account.id == LiveSession.account_id)
        .outerjoin(StoredSession, StoredSession.id == LiveSession.id)
        .where(LiveSession.id.not_in(present))
        .where(func.coalesce(StoredSession.duration_s, -1.0) < came)
    )
    with server.database.reading() as session:
        lost = session.execute(more).all()
    for live, athlete in lost:
        with server.database.reading() as session:
            sent = _assembled(session, live.id, Begin.model_validate_json(live.begun))
        set_aside(server, athlete, live.id, sent, _summary(athlete, sent))


def keep_live(server: Server, athlete: Account, live: str, begin: Begin) -> str:
    """Keep a session that is over as one that was sent whole; its identity.

    Raises:
        Refused: The athlete is gone.
        DataError: Its samples cannot be written.
    """
    with server.database.reading() as session:
        sent = _assembled(session, live, begin)
    try:
        return keep(server, athlete, begin.id, sent, _summary(athlete, sent)).id
    except Refused:
        kept = kept_under(server, athlete, begin.id)
        if kept is None:
            raise
        return kept


def _summary(athlete: Account, sent: SentSession) -> bytes:
    try:
        return summary_of(athlete, sent)
    except Refused:
        return b""  # what was acknowledged is kept, even where it cannot be summed up


def _state(server: Server, live: LiveSession) -> Opened:
    own = LiveBatch.session_id == live.id
    latest = select(LiveBatch).where(own).order_by(LiveBatch.seq.desc()).limit(RECENT)
    with server.database.reading() as session:
        rows = list(session.scalars(latest))[::-1]
        size = session.scalar(select(func.sum(func.length(LiveBatch.body))).where(own))
    return Opened(
        id=live.id,
        seq=rows[-1].seq if rows else 0,
        duration_s=rows[-1].duration_s if rows else 0.0,
        clock_s=rows[-1].clock_s if rows else float("-inf"),
        size=size or 0,
        recent=[_shown(row, live.account_id) for row in rows],
    )


def _shown(row: LiveBatch, athlete: str) -> Shown:
    frame = msgpack.unpackb(row.body)
    told = (frame["events"], frame["samples"], len(row.body))
    return Shown(row.session_id, athlete, row.seq, row.duration_s, *told)


def _assembled(session: Session, live: str, begin: Begin) -> SentSession:
    bodies = select(LiveBatch.body).where(LiveBatch.session_id == live).order_by(LiveBatch.seq)
    frames = [msgpack.unpackb(body) for body in session.scalars(bodies)]
    return SentSession(
        id=begin.id,
        athlete=begin.athlete,
        bundle=begin.bundle,
        started_at=begin.started_at,
        duration_s=frames[-1]["duration_s"] if frames else 0.0,
        events=[event for frame in frames for event in frame["events"]],
        raw=_raw(begin, [frame["samples"] for frame in frames if frame["samples"]]),
    )


def _raw(begin: Begin, pieces: Sequence[dict[str, Any]]) -> Raw | None:
    if not pieces:
        return None
    columns = {
        name: base64.b64encode(b"".join(piece[key] for piece in pieces)).decode()
        for name, key in (("t", "t"), ("samples", "rows"), ("heart_rate", "heart_rate"))
    }
    return Raw(channels=begin.channels, **columns)
