"""All of an athlete's data: out as one file, or gone."""

import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from sqlalchemy import select

from distride.serve.heads import forget_heads
from distride.serve.jobs import Jobs
from distride.serve.live.kept import unfinished
from distride.serve.messages import moment
from distride.serve.recordings import file_name
from distride.serve.schema import Account, StoredRecording, StoredSession
from distride.serve.sessions import body_of, sessions_of
from distride.serve.state import Server, record


def exported(server: Server, athlete: Account) -> Path:
    """A zip of all that is kept of an athlete; whoever asked removes it.

    It holds `athlete.json`, `sessions/*.json` as they were sent (`live-*` as far as they came),
    beside each with events its `*.summary.json`, which has the effort that was told,
    `recordings/*.parquet`, `heads/` with every version, and `bundle.distride`.
    """
    handle, name = tempfile.mkstemp(suffix=".zip", prefix=".export-", dir=server.settings.folder)
    os.close(handle)
    try:
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, server, athlete)
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def _add(archive: zipfile.ZipFile, server: Server, athlete: Account) -> None:
    told = {"id": athlete.id, "name": athlete.name}
    archive.writestr("athlete.json", json.dumps(told, ensure_ascii=False))
    with server.database.reading() as session:
        for one in sessions_of(session, athlete):
            name = f"{moment(one.started_at):%Y%m%dT%H%M%SZ}-{one.id}"
            archive.writestr(f"sessions/{name}.json", body_of(one))
            _add_summary(archive, name, one)
        for number, sent in unfinished(session, athlete):
            archive.writestr(f"sessions/live-{number}.json", sent.model_dump_json())
            _add_summary(archive, f"live-{number}", session.get(StoredSession, number))
        own = select(StoredRecording).where(StoredRecording.account_id == athlete.id)
        for recording in session.scalars(own):
            with server.shelf.opened(athlete.id, file_name(recording)) as file:
                archive.write(file, f"recordings/{file.name}")
    folder = server.athlete_folder(athlete)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            archive.write(file, file.relative_to(folder))
    if athlete.bundle_id:
        archive.write(server.bundle_file(athlete.bundle_id), "bundle.distride")


def _add_summary(archive: zipfile.ZipFile, name: str, stored: StoredSession | None) -> None:
    if stored is not None and stored.summary:
        archive.writestr(f"sessions/{name}.summary.json", stored.summary)


def forget(server: Server, jobs: Jobs, athlete: Account, actor: str) -> None:
    """Remove all that is kept of an athlete; the audit trail keeps that it was done.

    Files go first: where that fails the account is still there, and it can be asked again.
    """
    jobs.forget(athlete, actor)
    server.shelf.remove(athlete.id)
    forget_heads(server, athlete)
    if server.athlete_folder(athlete).exists():
        shutil.rmtree(server.athlete_folder(athlete))
    with server.database.writing() as session:
        session.delete(session.merge(athlete))
        record(session, actor, "athlete_deleted", athlete.id)
    server.database.empty_log()
