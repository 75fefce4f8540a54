"""What athletes' phones sent."""

from fastapi import APIRouter, Response
from sqlalchemy import select

from distride.serve.access import Asked, Asking, Id, Theirs, seen
from distride.serve.messages import Page, SentSession, SessionEntry, moment
from distride.serve.paging import Cursor, cut
from distride.serve.problems import ABSENT, Refused
from distride.serve.schema import StoredSession
from distride.serve.sessions import body_of, summary
from distride.serve.settings import PREFIX
from distride.serve.state import record

router = APIRouter(tags=["sessions"], prefix=PREFIX)


@router.get("/athletes/{athlete_id}/sessions")
def sessions(athlete: Theirs, server: Asked, after: Cursor = 0) -> Page[SessionEntry]:
    """An athlete's sessions with what they were, the latest first, a hundred at a time."""
    columns = (
        StoredSession.id,
        StoredSession.started_at,
        StoredSession.duration_s,
        StoredSession.summary,
    )
    own = select(*columns).where(StoredSession.account_id == athlete.id)
    latest = own.order_by(StoredSession.started_at.desc(), StoredSession.id)
    with server.database.reading() as session:
        rows, following = cut(session, latest, after)
    items = [
        SessionEntry(
            id=row.id,
            started_at=moment(row.started_at),
            duration_s=row.duration_s,
            summary=summary(row.summary),
        )
        for row in rows
    ]
    return Page(items=items, next=following)


@router.get("/sessions/{session_id}", response_model=SentSession)
def one(session_id: Id, who: Asking, server: Asked) -> Response:
    """A session as the phone sent it, events and all."""
    with server.database.reading() as session:
        stored = session.get(StoredSession, session_id)
    if stored is None:
        raise Refused(404, ABSENT)
    seen(server, who, stored.account_id)
    return Response(body_of(stored), media_type="application/json")


@router.delete("/sessions/{session_id}", status_code=204)
def delete(session_id: Id, who: Asking, server: Asked) -> None:
    """Remove a session."""
    with server.database.reading() as session:
        stored = session.get(StoredSession, session_id)
    if stored is None:
        raise Refused(404, ABSENT)
    seen(server, who, stored.account_id)
    with server.database.writing() as session:
        session.delete(stored)
        record(session, who.id, "session_deleted", stored.account_id)
