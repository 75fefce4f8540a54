"""Athletes: inviting them, what there is of them, and taking it all out or away."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from distride.runtime import Versions
from distride.serve.access import Asked, Asking, Coach, Theirs
from distride.serve.export import exported, forget
from distride.serve.heads import forget_heads
from distride.serve.jobs import Working
from distride.serve.messages import (
    Athlete,
    GivenBundle,
    Invitation,
    NewAthlete,
    Page,
    Rollback,
    moment,
)
from distride.serve.problems import ABSENT, Refused
from distride.serve.schema import Account, StoredBundle
from distride.serve.sessions import counts_of
from distride.serve.settings import PREFIX
from distride.serve.state import Server, record

router = APIRouter(tags=["athletes"], prefix=PREFIX)
ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}


@router.post("/athletes", status_code=201)
def invite(request: Request, new: NewAthlete, who: Coach, server: Asked) -> Invitation:
    """A new athlete, and the link to hand to them."""
    with server.database.writing() as session:
        athlete = server.accounts(session).add(new.name, who.account)
        record(session, who.id, "athlete_invited", athlete.id)
    return _invitation(request, server, athlete)


@router.post("/athletes/{athlete_id}/invitation", status_code=201)
def invite_again(request: Request, athlete: Theirs, who: Coach, server: Asked) -> Invitation:
    """Another link, for an athlete who lost the first one, or the password."""
    with server.database.writing() as session:
        record(session, who.id, "athlete_invited_again", athlete.id)
    return _invitation(request, server, athlete)


@router.get("/athletes")
def athletes(who: Asking, server: Asked) -> Page[Athlete]:
    """A coach's athletes; an athlete sees themselves."""
    with server.database.reading() as session:
        found = server.accounts(session).seen_by(who.account)
        counts = counts_of(session, found)
    return Page(items=[_told(server, one, counts.get(one.id)) for one in found])


@router.get("/athletes/{athlete_id}")
def one(athlete: Theirs, server: Asked) -> Athlete:
    """What there is of an athlete."""
    with server.database.reading() as session:
        counts = counts_of(session, [athlete])
    return _told(server, athlete, counts.get(athlete.id))


@router.put("/athletes/{athlete_id}/bundle", status_code=204)
def give_bundle(given: GivenBundle, athlete: Theirs, who: Coach, server: Asked) -> None:
    """Choose the bundle that the athlete's phone fetches, one of the coach's own."""
    with server.database.writing() as session:
        bundle = session.get(StoredBundle, given.bundle) if given.bundle else None
        if given.bundle and (bundle is None or bundle.coach_id != who.id):
            raise Refused(404, ABSENT)
        account = session.get(Account, athlete.id)
        if account is None:
            raise Refused(404, ABSENT)
        account.bundle_id = given.bundle
        record(session, who.id, "bundle_given", athlete.id)


@router.get("/athletes/{athlete_id}/heads")
def heads(athlete: Theirs, server: Asked) -> dict[str, Any]:
    """The versions of the athlete's own head, as `docs/life.md` has them, and which is live.

    Where the file that says so is damaged, `live` is null.
    """
    history = server.history(athlete)
    if history is None:
        return {"live": None, "versions": []}
    return {"live": history.live, "versions": history.versions}


@router.delete("/athletes/{athlete_id}/heads", status_code=204)
def remove_heads(athlete: Theirs, who: Asking, server: Asked) -> None:
    """Remove all versions, damaged ones too: the phone reads with the shared head from then on."""
    forget_heads(server, athlete)
    with server.database.writing() as session:
        record(session, who.id, "heads_removed", athlete.id)


@router.post("/athletes/{athlete_id}/heads/rollback")
def roll_back(asked: Rollback, athlete: Theirs, who: Asking, server: Asked) -> dict[str, int]:
    """Make an earlier version live again."""
    number = Versions(server.heads(athlete), athlete.name).rollback(asked.to)
    with server.database.writing() as session:
        record(session, who.id, "head_rolled_back", athlete.id)
    return {"live": number}


@router.get("/athletes/{athlete_id}/export", response_class=FileResponse, responses=ZIP)
def export(athlete: Theirs, who: Asking, server: Asked) -> FileResponse:
    """All that is kept of an athlete, as a zip."""
    file = exported(server, athlete)
    with server.database.writing() as session:
        record(session, who.id, "athlete_exported", athlete.id)
    return FileResponse(
        file,
        media_type="application/zip",
        filename="distride-export.zip",
        background=BackgroundTask(file.unlink),
    )


@router.delete("/athletes/{athlete_id}", status_code=204)
def delete(athlete: Theirs, who: Asking, server: Asked, jobs: Working) -> None:
    """Remove all that is kept of an athlete, and the account."""
    forget(server, jobs, athlete, who.id)


def _told(server: Server, athlete: Account, count: tuple[int, int] | None) -> Athlete:
    number, last = count or (0, None)
    history = server.history(athlete)
    return Athlete(
        id=athlete.id,
        name=athlete.name,
        bundle=athlete.bundle_id,
        live_version=history.live if history else None,
        sessions=number,
        last_session_at=None if last is None else moment(last),
    )


def _invitation(request: Request, server: Server, athlete: Account) -> Invitation:
    with server.database.writing() as session:
        link = server.link(server.accounts(session), athlete, str(request.base_url))
    return Invitation(athlete=athlete.id, link=link.url, expires_at=link.expires_at)
