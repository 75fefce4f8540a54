"""What athletes' phones sent."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select, update

from distride.serve.access import Asked, Asking, Id, Theirs, kept, seen
from distride.serve.messages import Effort, Page, SentSession, SessionEntry, moment
from distride.serve.paging import Cursor, cut
from distride.serve.problems import Refused
from distride.serve.said import Said
from distride.serve.schema import StoredSession
from distride.serve.sessions import body_of, remove_session, summary, summary_of
from distride.serve.settings import PREFIX
from distride.serve.state import record

UNTOLD = Said(
    "Nothing was told in this session: its load cannot be known.",
    "此训练没有任何事件：无法得知其负荷。",
)
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
        StoredSession.is_unfinished,
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
            unfinished=row.is_unfinished,
        )
        for row in rows
    ]
    return Page(items=items, next=following)


@router.get("/sessions/{session_id}", response_model=SentSession)
def one(stored: Named) -> Response:
    """A session as the phone sent it, events and all."""
    return Response(body_of(stored), media_type="application/json")


@router.put("/sessions/{session_id}/effort", status_code=204)
def set_effort(told: Effort, stored: Named, who: Asking, server: Asked) -> None:
    """How hard it was, asked about half an hour after: its load is effort × minutes then."""
    sent = SentSession.model_validate_json(body_of(stored))
    if not sent.events:
        raise Refused(422, UNTOLD)
    athlete = seen(server, who, stored.account_id)
    summed = summary_of(athlete, sent, told.rpe)
    same = (StoredSession.id == stored.id) & (StoredSession.duration_s == stored.duration_s)
    with server.database.writing() as session:
        session.execute(update(StoredSession).where(same).values(summary=summed))
        record(session, who.id, "effort_told", stored.account_id)


@router.delete("/sessions/{session_id}", status_code=204)
def delete(stored: Named, who: Asking, server: Asked) -> None:
    """Remove a session."""
    with server.database.writing() as session:
        remove_session(session, stored)
        record(session, who.id, "session_deleted", stored.account_id)
