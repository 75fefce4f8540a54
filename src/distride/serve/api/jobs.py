"""Training and personalising."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from sqlalchemy import select

from distride.serve.access import Asked, Coach, Id
from distride.serve.jobs import ASKED, Working
from distride.serve.messages import Page, moment
from distride.serve.orders import Asked as AskedJob
from distride.serve.orders import Job, athletes_of
from distride.serve.problems import ABSENT, Refused
from distride.serve.schema import StoredJob
from distride.serve.settings import PREFIX
from distride.serve.state import Server
from distride.serve.work import PROGRESS, read

router = APIRouter(tags=["jobs"], prefix=PREFIX)
FILES = {"report": "report.html", "results": "results.json"}
ALONE = {  # a report is a whole page of its own: it runs, and reaches neither login nor interface
    "Content-Security-Policy": (
        "sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
    )
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}, "application/json": {}}}
}


def job_of(job_id: Id, who: Coach, server: Asked) -> StoredJob:
    """The job of an address, to the coach who asked for it."""
    with server.database.reading() as session:
        stored = session.get(StoredJob, job_id)
    if stored is None or stored.coach_id != who.id:
        raise Refused(404, ABSENT)
    return stored


Named = Annotated[StoredJob, Depends(job_of)]


@router.post("/jobs", status_code=202)
def add(asked: AskedJob, who: Coach, server: Asked, jobs: Working) -> Job:
    """Ask for a job; jobs are done one after the other, and go on after a new start."""
    return _told(server, jobs.add(who, asked))


@router.get("/jobs")
def listed(who: Coach, server: Asked) -> Page[Job]:
    """The coach's, the latest first."""
    own = select(StoredJob).where(StoredJob.coach_id == who.id)
    with server.database.reading() as session:
        found = list(session.scalars(own.order_by(StoredJob.created_at.desc())))
    return Page(items=[_told(server, one) for one in found])


@router.get("/jobs/{job_id}")
def job(stored: Named, server: Asked) -> Job:
    """How far it is."""
    return _told(server, stored)


@router.get("/jobs/{job_id}/{file}", response_class=FileResponse, responses=FILE)
def file(file: str, stored: Named, server: Asked) -> FileResponse:
    """A training's `report` or `results`; athletes are called by their identities in them."""
    path = server.job_folder(stored.id) / FILES.get(file, "")
    if file not in FILES or not path.is_file():
        raise Refused(404, ABSENT)
    return FileResponse(path, headers=ALONE)


@router.delete("/jobs/{job_id}", status_code=204)
def delete(stored: Named, who: Coach, jobs: Working) -> None:
    """Stop it, and remove what it left; a bundle that it gave stays."""
    jobs.cancel(stored, who.id)


def _told(server: Server, stored: StoredJob) -> Job:
    progress = read(server.job_folder(stored.id), PROGRESS)
    return Job(
        id=stored.id,
        kind=stored.kind,
        state=stored.state,  # type: ignore[arg-type]
        stage=progress.get("stage", ""),
        done=progress.get("done", 0),
        total=progress.get("total", 0),
        message=stored.message,
        athletes=athletes_of(ASKED.validate_json(stored.asked)),
        bundle=stored.bundle_id,
        created_at=moment(stored.created_at),
    )
