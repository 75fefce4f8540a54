"""Bundles that a coach keeps, to give them to athletes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from sqlalchemy import select

from distride.bundle import Bundle
from distride.serve.access import Asked, Coach, Id
from distride.serve.bundles import store_bundle
from distride.serve.messages import BundleEntry, Page, moment
from distride.serve.problems import ABSENT, Refused
from distride.serve.schema import StoredBundle
from distride.serve.settings import PREFIX

BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
UPLOAD = {"requestBody": {"required": True, "content": BYTES}}
DOWNLOAD: dict[int | str, dict[str, Any]] = {200: {"content": BYTES}}

router = APIRouter(tags=["bundles"], prefix=PREFIX)


@router.post("/bundles", status_code=201, openapi_extra=UPLOAD)
async def add(request: Request, who: Coach, server: Asked) -> BundleEntry:
    """Keep a bundle, the bytes of a `.distride` file, once it was opened whole."""
    data = await request.body()
    return _told(await run_in_threadpool(store_bundle, server, who.account, data))


@router.get("/bundles")
def bundles(who: Coach, server: Asked) -> Page[BundleEntry]:
    """The coach's own, the latest first."""
    own = select(StoredBundle).where(StoredBundle.coach_id == who.id)
    with server.database.reading() as session:
        found = session.scalars(own.order_by(StoredBundle.created_at.desc()))
        return Page(items=[_told(one) for one in found])


def bundle_of(bundle_id: Id, who: Coach, server: Asked) -> StoredBundle:
    """The bundle of an address, to the coach whose it is."""
    with server.database.reading() as session:
        found = session.get(StoredBundle, bundle_id)
    if found is None or found.coach_id != who.id:
        raise Refused(404, ABSENT)
    return found


Named = Annotated[StoredBundle, Depends(bundle_of)]


@router.get("/bundles/{bundle_id}", response_class=FileResponse, responses=DOWNLOAD)
def bundle(stored: Named, server: Asked) -> FileResponse:
    """Its file."""
    return FileResponse(server.bundle_file(stored), media_type="application/octet-stream")


@router.get("/bundles/{bundle_id}/movements")
def movements(stored: Named, server: Asked) -> Page[str]:
    """What its first task tells apart, as recordings should be labelled."""
    tasks = Bundle.open(server.bundle_file(stored)).manifest.tasks
    return Page(items=list(tasks[0].labels))


def _told(stored: StoredBundle) -> BundleEntry:
    return BundleEntry(
        id=stored.id,
        name=stored.name,
        body_sha256=stored.body_sha256,
        macro_f1=stored.macro_f1,
        created_at=moment(stored.created_at),
    )
