"""What the phone's page asks, as `docs/phone.md` says."""

from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import FileResponse

from distride.runtime import Versions
from distride.serve.access import Asked, Athlete
from distride.serve.api.bundles import DOWNLOAD
from distride.serve.messages import PhoneMe, SentSession
from distride.serve.problems import ABSENT, Refused
from distride.serve.schema import Account, StoredBundle
from distride.serve.sessions import keep, summary_of
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
        head="phone/head" if _live(server, who.account) else None,
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
    versions = _live(server, who.account)
    file = versions.live_file if versions else None
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
    keep(server, who.account, key, sent, summary_of(who.account, sent))
    return Response(status_code=201)


def _live(server: Server, athlete: Account) -> Versions | None:
    """The athlete's versions, where the live head fits the body of their bundle."""
    versions = Versions(server.heads(athlete), athlete.name)
    history = versions.history
    if athlete.bundle_id is None or not history.live:
        return None
    with server.database.reading() as session:
        bundle = session.get(StoredBundle, athlete.bundle_id)
    fits = bundle and history.versions[history.live - 1].body_sha256 == bundle.body_sha256
    return versions if fits else None
