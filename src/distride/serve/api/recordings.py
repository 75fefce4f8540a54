"""Recordings: bringing, seeing and labelling them."""

import json
import os
from pathlib import Path
from tempfile import mkstemp
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from sqlalchemy import select
from starlette.background import BackgroundTask

from distride.serve.access import Asked, Asking, Id, Theirs, kept
from distride.serve.api.bundles import UPLOAD
from distride.serve.messages import AddedRecordings, Page, RecordingEntry, Stretch, moment
from distride.serve.paging import Cursor, cut
from distride.serve.recordings import (
    file_name,
    imported,
    keep_recordings,
    label,
    plotted,
    read_recording,
    remove_recording,
    stretches_of,
)
from distride.serve.schema import Account, StoredRecording
from distride.serve.settings import PREFIX
from distride.serve.state import Server, record

PARQUET = "application/vnd.apache.parquet"
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {PARQUET: {"schema": {"type": "string", "format": "binary"}}}}
}

router = APIRouter(tags=["recordings"], prefix=PREFIX)
FileName = Annotated[str, Query(min_length=1, max_length=200, description="With its ending.")]
Moment = Annotated[float | None, Query(description="Seconds; left out: to the end of it.")]
Placement = Annotated[str, Query(max_length=40, description="Such as `left_wrist`.")]


def recording_of(recording_id: Id, who: Asking, server: Asked) -> StoredRecording:
    """The recording of an address, to those who may see its athlete."""
    return kept(server, who, StoredRecording, recording_id)


Named = Annotated[StoredRecording, Depends(recording_of)]


@router.post("/athletes/{athlete_id}/recordings", status_code=201, openapi_extra=UPLOAD)
async def add(
    request: Request,
    athlete: Theirs,
    who: Asking,
    server: Asked,
    name: FileName,
    placement: Placement = "",
) -> AddedRecordings:
    """Keep what a file holds: the bytes of any format that `distride import` reads."""
    handle, place = mkstemp(prefix=".upload-", dir=server.settings.folder)
    file = Path(place)
    try:
        with os.fdopen(handle, "wb") as arrived:
            async for piece in request.stream():
                arrived.write(piece)
        asked = (server, athlete, who.id, (name, placement))
        return await run_in_threadpool(_added, *asked, file)
    finally:
        file.unlink(missing_ok=True)


@router.get("/athletes/{athlete_id}/recordings")
def recordings(athlete: Theirs, server: Asked, after: Cursor = 0) -> Page[RecordingEntry]:
    """An athlete's, the latest first, a hundred at a time."""
    columns = StoredRecording.__table__
    own = select(columns).where(StoredRecording.account_id == athlete.id)
    latest = own.order_by(StoredRecording.created_at.desc(), StoredRecording.id)
    with server.database.reading() as session:
        rows, following = cut(session, latest, after)
    return Page(items=[_told(row) for row in rows], next=following)


@router.get("/recordings/{recording_id}", response_class=FileResponse, responses=FILE)
def recording(stored: Named, server: Asked) -> FileResponse:
    """Its Parquet file, as `docs/import.md` has it."""
    opened = server.shelf.opened(stored.account_id, file_name(stored))
    file = opened.__enter__()  # it stays until the answer is out
    return FileResponse(
        file,
        media_type=PARQUET,
        filename=file_name(stored),
        background=BackgroundTask(opened.__exit__, None, None, None),
    )


@router.get("/recordings/{recording_id}/plot")
def plot(
    stored: Named,
    server: Asked,
    points: Annotated[int, Query(ge=2, le=20_000)] = 2000,
    from_s: Moment = None,
    to_s: Moment = None,
) -> dict[str, list[float | None]]:
    """Channels over time, by name: the least and the greatest value of each short while."""
    return plotted(read_recording(server, stored), points, from_s, to_s)


@router.get("/recordings/{recording_id}/labels")
def labels(stored: Named, server: Asked) -> Page[Stretch]:
    """Its labelled stretches, in the order of time."""
    return Page(items=stretches_of(read_recording(server, stored)))


@router.put("/recordings/{recording_id}/labels", status_code=204)
def set_labels(stretches: list[Stretch], stored: Named, who: Asking, server: Asked) -> None:
    """Label stretches; what lies in none of them has no label then."""
    label(server, stored, stretches)
    with server.database.writing() as session:
        record(session, who.id, "recording_labelled", stored.account_id)


@router.delete("/recordings/{recording_id}", status_code=204)
def delete(stored: Named, who: Asking, server: Asked) -> None:
    """Remove it."""
    with server.database.writing() as session:
        remove_recording(server, session, stored)
        record(session, who.id, "recording_deleted", stored.account_id)


def _added(
    server: Server, athlete: Account, actor: str, told: tuple[str, str], file: Path
) -> AddedRecordings:
    name, placement = told
    own, lost, source = imported(
        athlete, name, file, placement, server.settings.limits.upload_bytes
    )
    stored = keep_recordings(server, athlete, own, source, actor)
    return AddedRecordings(items=[_told(one) for one in stored], warnings=lost)


def _told(stored: Any) -> RecordingEntry:
    return RecordingEntry(
        id=stored.id,
        name=stored.name,
        source=stored.source,
        duration_s=stored.duration_s,
        channels=json.loads(stored.channels),
        created_at=moment(stored.created_at),
    )
