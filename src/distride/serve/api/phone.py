"""What the phone's page asks, as `docs/phone.md` says."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from pydantic import ValidationError

from distride.runtime import Versions
from distride.runtime.history import SHARED
from distride.serve.access import Asked, Athlete
from distride.serve.api.bundles import DOWNLOAD, UPLOAD
from distride.serve.heads import KeptHead, add_head
from distride.serve.messages import Message, SentSession
from distride.serve.problems import ABSENT, Refused
from distride.serve.schema import Account, StoredBundle
from distride.serve.sessions import keep, summary_of
from distride.serve.settings import PREFIX
from distride.serve.state import Server

router = APIRouter(tags=["phone"], prefix=f"{PREFIX}/phone")
OCTETS = "application/octet-stream"
SESSION = {  # described by the route that answers with it
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SentSession"}}},
    }
}


class PhoneMe(Message):
    """What a phone needs to know; addresses are relative to `/api/v1/`.

    Attributes:
        id: Of the athlete.
        athlete: Their name.
        bundle: Address of the bundle; None where the coach has given none.
        head: Address of the athlete's own head; None where the shared one is in use.
        version: Number of the head in use; 0 is the shared one.
    """

    id: str
    athlete: str
    bundle: str | None
    head: str | None
    version: int


@router.get("/me")
def me(who: Athlete, server: Asked) -> PhoneMe:
    """Whose phone asks, and where their model lies."""
    versions = _live(server, who.account)
    return PhoneMe(
        id=who.id,
        athlete=who.account.name,
        bundle="phone/bundle" if who.account.bundle_id else None,
        head="phone/head" if versions else None,
        version=versions.history.live if versions else SHARED,
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


@router.post("/heads", status_code=201, openapi_extra=UPLOAD)
async def take_head(
    request: Request,
    who: Athlete,
    server: Asked,
    data_sha256: Annotated[str, Query(pattern="^[0-9a-f]{64}$")],
) -> KeptHead:
    """Keep a head that the athlete accepted, its file's bytes; it is their live version then.

    The same head, which learnt from the same, is kept once.
    """
    data = await request.body()
    return await run_in_threadpool(add_head, server, who.account, data, data_sha256)


@router.post("/sessions", status_code=201, response_class=Response, openapi_extra=SESSION)
async def take_session(
    request: Request,
    key: Annotated[
        str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[^\x00]*$")
    ],
    who: Athlete,
    server: Asked,
) -> Response:
    """Keep a session; the answer goes out when it is on disk, and each key is kept once."""
    data = await request.body()  # no parameter: those are read before anybody is asked who they are
    await run_in_threadpool(_keep, server, who.account, key, data)
    return Response(status_code=201)


def _keep(server: Server, athlete: Account, key: str, data: bytes) -> None:
    try:
        sent = SentSession.model_validate_json(data)
    except ValidationError as error:
        wrong = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(wrong) from error
    keep(server, athlete, key, sent, summary_of(athlete, sent))


def _live(server: Server, athlete: Account) -> Versions | None:
    """The athlete's versions, where they can be read and the live head fits their bundle's body."""
    history = server.history(athlete)
    if athlete.bundle_id is None or history is None or not history.live:
        return None
    with server.database.reading() as session:
        bundle = session.get(StoredBundle, athlete.bundle_id)
    fits = bundle and history.versions[history.live - 1].body_sha256 == bundle.body_sha256
    return Versions(server.heads(athlete), athlete.name) if fits else None
