"""The audit trail."""

from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import or_, select

from distride.serve.access import Asked, Asking
from distride.serve.messages import Message, Page, moment
from distride.serve.paging import Cursor, cut
from distride.serve.schema import AuditEntry
from distride.serve.settings import PREFIX

router = APIRouter(tags=["audit"], prefix=PREFIX)


class AuditLine(Message):
    """One deed."""

    at: datetime
    actor: str
    verb: str
    subject: str


@router.get("/audit")
def audit(who: Asking, server: Asked, after: Cursor = 0) -> Page[AuditLine]:
    """What was done by whoever asks, and to those whom they may see, the latest first."""
    with server.database.reading() as session:
        own = [who.id, *(one.id for one in server.accounts(session).seen_by(who.account))]
        theirs = or_(AuditEntry.actor_id.in_(own), AuditEntry.subject_id.in_(own))
        latest = select(AuditEntry.__table__).where(theirs).order_by(AuditEntry.id.desc())
        rows, following = cut(session, latest, after)
    items = [
        AuditLine(at=moment(row.at), actor=row.actor_id, verb=row.verb, subject=row.subject_id)
        for row in rows
    ]
    return Page(items=items, next=following)
