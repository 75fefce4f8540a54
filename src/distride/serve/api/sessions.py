"""What athletes' phones sent."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from distride.serve.access import Asked, Asking, Id, Theirs, kept
from distride.serve.messages import Page, SentSession, SessionEntry, moment
from distride.serve.paging import Cursor, cut
from distride.serve.schema import StoredSession
from distride.serve.sessions import body_of, summary
from distride.serve.settings import PREFIX
from distride.serve.state import record

router = APIRouter(tags=["sessions"], prefix=PREFIX)


def session_of(session_id: Id, who: Asking, server: Asked) -> StoredSession:
    """The session of an address, to those who may see its athlete."""
    return kept(server, who, StoredSession, session_id)


Named = Annotated[StoredSession, Depends(session_of)]


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
def one(stored: Named) -> Response:
    """A session as the phone sent it, events and all."""
    return Response(body_of(stored), media_type="application/json")


@router.delete("/sessions/{session_id}", status_code=204)
def delete(stored: Named, who: Asking, server: Asked) -> None:
    """Remove a session."""
    with server.database.writing() as session:
        session.delete(stored)
        record(session, who.id, "session_deleted", stored.account_id)
