"""What the phone's page asks, as `docs/phone.md` says."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import FileResponse

from distride.bundle import Bundle
from distride.runtime import Versions
from distride.serve.access import Asked, Athlete
from distride.serve.api.bundles import DOWNLOAD
from distride.serve.messages import PhoneMe, SentSession
from distride.serve.problems import ABSENT, Refused
from distride.serve.recordings import keep_recording, recording_of
from distride.serve.schema import Account
from distride.serve.sessions import keep_session
from distride.serve.settings import PREFIX
from distride.serve.state import Server

router = APIRouter(tags=["phone"], prefix=f"{PREFIX}/phone")
OCTETS = "application/octet-stream"


@router.get("/me")
def me(who: Athlete, server: Asked) -> PhoneMe:
    """Whose phone asks, and where their model lies."""
    return PhoneMe(
        athlete=who.account.name,
        bundle="phone/bundle" if who.account.bundle_id else None,
        head="phone/head" if _live_head(server, who.account) else None,
    )


@router.get("/bundle", response_class=FileResponse, responses=DOWNLOAD)
def bundle(who: Athlete, server: Asked) -> FileResponse:
    """The athlete's bundle."""
    if who.account.bundle_id is None:
        raise Refused(404, ABSENT)
    return FileResponse(server.bundle_file(who.account.bundle_id), media_type=OCTETS)


@router.get("/head", response_class=FileResponse, responses=DOWNLOAD)
def head(who: Athlete, server: Asked) -> FileResponse:
    """The athlete's own head that is live."""
    file = _live_head(server, who.account)
    if file is None:
        raise Refused(404, ABSENT)
    return FileResponse(file, media_type=OCTETS)


@router.post("/sessions", status_code=201, response_class=Response)
def take_session(
    sent: SentSession,
    key: Annotated[
        str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[^\x00]*$")
    ],
    who: Athlete,
    server: Asked,
) -> Response:
    """Keep a session; the answer goes out when it is on disk, and each key is kept once."""
    with server.database.writing() as session:
        keep_session(session, who.account, key, sent)
        if sent.raw is not None:
            measured = recording_of(who.account, sent, sent.raw)
            keep_recording(server, session, who.account, measured, "phone")
    return Response(status_code=201)


def _live_head(server: Server, athlete: Account) -> Path | None:
    """The file of a live head, where it fits the body of the athlete's bundle."""
    versions = Versions(server.heads(athlete), athlete.name)
    if athlete.bundle_id is None or not versions.history.live:
        return None
    own = versions.history.versions[versions.history.live - 1]
    stored = Bundle.open(server.bundle_file(athlete.bundle_id))
    if own.body_sha256 != stored.body_sha256:
        return None
    versions.live(stored)
    return versions.live_file
