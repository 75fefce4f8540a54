"""A coach's athletes at a glance."""

from datetime import UTC, datetime

from fastapi import APIRouter

from distride.serve.access import Asked, Coach
from distride.serve.messages import Page
from distride.serve.settings import PREFIX
from distride.serve.squad import Standing, standings

router = APIRouter(tags=["athletes"], prefix=PREFIX)


@router.get("/squad")
def squad(who: Coach, server: Asked) -> Page[Standing]:
    """How each of the coach's athletes stands, and why they may need attention."""
    with server.database.reading() as session:
        athletes = server.accounts(session).seen_by(who.account)
        return Page(items=standings(server, session, athletes, datetime.now(UTC)))
