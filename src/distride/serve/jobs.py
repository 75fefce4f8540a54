"""Jobs: one after the other, each in a process of its own, going on after a new start."""

import os
import shutil
import subprocess
import threading
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from pydantic import TypeAdapter
from sqlalchemy import select, update

from distride.errors import DistrideError
from distride.serve.access import Who, seen
from distride.serve.bundles import store_bundle
from distride.serve.messages import moment
from distride.serve.observe import LOG
from distride.serve.orders import Asked, Personalize, Train, athletes_of, check_recipe
from distride.serve.problems import ABSENT, Refused, refusal_of
from distride.serve.recordings import file_name
from distride.serve.said import Said
from distride.serve.schema import Account, StoredJob, StoredRecording
from distride.serve.state import Server, record
from distride.serve.work import FAILED, RESULT, Order, command, read, write_order

ASKED: TypeAdapter[Train | Personalize] = TypeAdapter(Asked)
LOOK_S = 2.0  # for new jobs, where nobody said that there is one
DIED = "Its process ended without a word: it was stopped, or the machine has too little memory."
ENVIRONMENTS = {"personalize": {"OPENBLAS_NUM_THREADS": "1"}}  # small products wait for a second


class Jobs:
    """The jobs of one server.

    Args:
        server: Whose.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._news = threading.Event()
        self._is_over = False
        self._thread: threading.Thread | None = None
        self._process: tuple[str, subprocess.Popen[bytes]] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to work; what was under way when the server ended goes on."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process of now; its job goes on at the next start."""
        self._is_over = True
        self._news.set()
        self._kill()
        if self._thread is not None:
            self._thread.join()

    def add(self, who: Who, asked: Train | Personalize) -> StoredJob:
        """Queue a job.

        Raises:
            Refused: An athlete of it is not the coach's, or has no bundle to personalise; or the
                recipe is no TOML, or names a file.
            RecipeError: The recipe is not allowed.
        """
        if isinstance(asked, Train):
            check_recipe(asked.recipe)
        for one in athletes_of(asked):
            athlete = seen(self._server, who, one)
            if asked.kind == "personalize" and athlete.bundle_id is None:
                en, zh = "'{}' has no bundle: give one first.", "“{}”没有模型包：请先分配一个。"
                raise Refused(422, Said(en.format(athlete.name), zh.format(athlete.name)))
        stored = StoredJob(coach_id=who.id, kind=asked.kind, asked=asked.model_dump_json())
        with self._server.database.writing() as session:
            session.add(stored)
            session.flush()
            record(session, who.id, f"job_{asked.kind}", stored.id)
        self._news.set()
        return stored

    def cancel(self, stored: StoredJob, actor: str) -> None:
        """Stop a job, and remove what it left; the bundle of one that is done stays."""
        with self._server.database.writing() as session:
            known = session.get(StoredJob, stored.id)
            if known is not None:
                session.delete(known)
                record(session, actor, "job_removed", stored.id)
        self._kill(stored.id)
        shutil.rmtree(self._server.job_folder(stored.id), ignore_errors=True)

    def forget(self, athlete: Account, actor: str) -> None:
        """Remove the jobs in which an athlete is."""
        with self._server.database.reading() as session:
            theirs = [one for one in session.scalars(select(StoredJob)) if _has(one, athlete)]
        for one in theirs:
            self.cancel(one, actor)

    def work_one(self) -> bool:
        """Do the oldest job that is not over, to its end; False where there is none.

        One that runs already was cut short, by the server's end or a database that was away.

        Raises:
            DBAPIError: The database is away, or full: the job is still the oldest.
        """
        open_ = select(StoredJob).where(StoredJob.state.in_(("queued", "running")))
        with self._server.database.writing() as session:
            job = session.scalar(open_.order_by(StoredJob.created_at))
            if job is None:
                return False
            job.state = "running"
        try:
            self._do(job)
        except (DistrideError, Refused, OSError) as error:
            self._end(job, "failed", str(getattr(error, "detail", error)))
        except Exception as error:
            if refusal_of(error):
                raise
            LOG.exception("a job failed")
            self._end(job, "failed", FAILED)
        return True

    def _work(self) -> None:
        while not self._is_over:
            try:
                has_worked = self.work_one()
            except Exception:
                LOG.exception("a job failed")
                has_worked = False
            if not has_worked:
                self._news.wait(LOOK_S)
                self._news.clear()

    def _prepare(self, job: StoredJob) -> None:
        """The job's folder with its order and copies of the recordings."""
        folder = self._server.job_folder(job.id)
        folder.mkdir(parents=True, exist_ok=True)
        asked = ASKED.validate_json(job.asked)
        files: dict[str, list[str]] = {}
        for athlete in athletes_of(asked):
            files[athlete] = []
            for one in self._recordings_of(athlete):
                with self._server.shelf.opened(athlete, file_name(one)) as file:
                    shutil.copy(file, folder / file_name(one))
                files[athlete].append(file_name(one))
        write_order(folder, self._order(job, asked, files))

    def _order(
        self, job: StoredJob, asked: Train | Personalize, files: dict[str, list[str]]
    ) -> Order:
        if isinstance(asked, Train):
            return Order("train", {a: b for a, b in files.items() if b}, asked.recipe, asked.folds)
        with self._server.database.reading() as session:
            athlete = session.get(Account, asked.athlete)
        if athlete is None or athlete.bundle_id is None:
            raise Refused(404, ABSENT)
        return Order(
            "personalize",
            files,
            bundle=str(self._server.bundle_file(athlete.bundle_id)),
            heads=str(self._server.heads(athlete)),
            athlete=athlete.name,
            created=moment(job.created_at).astimezone(UTC).isoformat(timespec="seconds"),
        )

    def _recordings_of(self, athlete: str) -> Sequence[StoredRecording]:
        own = select(StoredRecording).where(StoredRecording.account_id == athlete)
        with self._server.database.reading() as session:
            return list(session.scalars(own.order_by(StoredRecording.created_at)))

    def _do(self, job: StoredJob) -> None:
        folder, code = self._server.job_folder(job.id), 0
        if not read(folder, RESULT):  # else it was done, and that could not be told
            self._prepare(job)
            code = self._run(job, folder)
        result = read(folder, RESULT)
        if self._is_over and not result:
            return  # it goes on at the next start
        if result.get("state") == "done" and job.kind == "train":
            self._keep_bundle(job)
        untold = DIED if code < 0 else FAILED
        self._end(job, result.get("state", "failed"), result.get("message", untold))

    def _run(self, job: StoredJob, folder: Path) -> int:
        """The job's process to its end; how it ended, below 0: by a signal."""
        with self._lock:
            if self._is_over:
                return 0
            environment = {**os.environ, **ENVIRONMENTS.get(job.kind, {})}
            process = subprocess.Popen(
                command(folder),
                stdin=subprocess.PIPE,
                env=environment,
                start_new_session=True,  # Ctrl+C is the server's, which ends its jobs itself
            )
            self._process = (job.id, process)
        code = process.wait()
        with self._lock:
            self._process = None
        if process.stdin:
            process.stdin.close()
        return code

    def _keep_bundle(self, job: StoredJob) -> None:
        data = (self._server.job_folder(job.id) / "student.distride").read_bytes()
        with self._server.database.reading() as session:
            coach = session.get(Account, job.coach_id)
        if coach is not None:
            job.bundle_id = store_bundle(self._server, coach, data, job.id).id

    def _end(self, job: StoredJob, state: str, message: str) -> None:
        told = {"state": state, "message": message, "bundle_id": job.bundle_id}
        with self._server.database.writing() as session:
            session.execute(update(StoredJob).where(StoredJob.id == job.id).values(told))
        for file in self._server.job_folder(job.id).glob("*.parquet"):
            file.unlink()

    def _kill(self, job: str = "") -> None:
        with self._lock:
            if self._process is not None and job in ("", self._process[0]):
                self._process[1].kill()


def jobs_of(request: Request) -> Jobs:
    """The jobs of the server that answers."""
    jobs: Jobs = request.app.state.jobs
    return jobs


Working = Annotated[Jobs, Depends(jobs_of)]


def _has(stored: StoredJob, athlete: Account) -> bool:
    return athlete.id in athletes_of(ASKED.validate_json(stored.asked))
