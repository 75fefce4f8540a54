"""A coach's athletes at a glance: each one's model, and why they may need attention."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from distride.guidance import default_rules
from distride.runtime.history import SHARED, History, Version
from distride.serve.lately import Load, Past, lately, load_lately
from distride.serve.messages import Message, moment
from distride.serve.schema import Account, StoredJob
from distride.serve.state import Server

IDLE = timedelta(days=14)
FELL = 0.05  # of a share of windows: less is chance, of a calibration's few


class Concern(Message):
    """Why an athlete may need attention.

    Attributes:
        kind: "damaged": the file that holds their versions, until all of them are removed;
            "drift": since the last calibration a session asked for another; "score_fell": of the
            last calibration against the one before; "no_session" lately, or ever; "load_up"
            against the athlete's own weeks; "job_failed": the last calibration by the server.
        at: When it began; None of an athlete who never trained, and where it is not known.
        numbers: "now" and "before" of a score that fell, "days" without a session, "percent" by
            which the load is up.
        told: The causes of a drift, the message of a job.
    """

    kind: Literal["damaged", "drift", "score_fell", "no_session", "load_up", "job_failed"]
    at: datetime | None
    numbers: dict[str, float] = Field(default_factory=dict)
    told: list[str] = Field(default_factory=list)


class OwnModel(Message):
    """What an athlete's phone reads with.

    Attributes:
        live: Number of the version in use; 0 is the shared head.
        versions: How many there are.
        calibrated_at: When the newest was made.
        shared_score: Of the calibration's windows, the share that the shared head reads right; of
            the version in use, or of the newest where that is the shared head.
        own_score: The same of the athlete's own head, each window judged by one that did not
            see it; None where the guard left the shared one in use.
    """

    live: int
    versions: int
    calibrated_at: datetime | None
    shared_score: float | None
    own_score: float | None


class Standing(Message):
    """One athlete of a squad.

    Attributes:
        id: Of the athlete.
        model: What their phone reads with; None where the file that says so is damaged.
        drifts: What sessions since the last calibration found no longer as it was.
        load: What is meant by it: "session_rpe" (effort × minutes, AU) where every session of four
            weeks has an effort, else "minutes".
        load_change: Of the last seven days against the mean week of the 21 before, percent; None
            before four weeks.
        concerns: Why they may need attention; none where they do not.
    """

    id: str
    model: OwnModel | None
    drifts: list[str]
    load: Load
    load_change: float | None
    concerns: list[Concern]


def standings(
    server: Server, session: Session, athletes: Sequence[Account], now: datetime
) -> list[Standing]:
    """How a coach's athletes stand."""
    past = lately(session, athletes, now)
    failed = _failed_of(session, athletes)
    up = default_rules().next_session.less_above
    found = []
    for one in athletes:
        history = server.history(one)
        drifted = _drifted(history, past.get(one.id)) if history else None
        load, change = load_lately(past.get(one.id), now)
        concerns = [
            *(_fallen(history) if history else _damaged()),
            *_asking(drifted),
            *_idle(past.get(one.id), now),
            *_loaded(change, up, now),
            *_not_done(failed.get(one.id)),
        ]
        model = _model(history) if history else None
        drifts = drifted[1] if drifted else []
        known: dict[str, Any] = {"load": load, "load_change": change, "concerns": concerns}
        found.append(Standing(id=one.id, model=model, drifts=drifts, **known))
    return found


def score(version: Version) -> tuple[float, float | None] | None:
    """Shared and own score of the first task whose scores are shares of windows.

    The own one is None where the guard left the shared head in use.
    """
    for task, scores in version.scores.items():
        if scores["shared_score"] >= 0:  # of a number it is an error's negative
            own = scores["personal_score"] if task in version.tasks else None
            return scores["shared_score"], own
    return None


def _model(history: History) -> OwnModel:
    newest = history.versions[-1] if history.versions else None
    used = newest if history.live == SHARED else history.versions[history.live - 1]
    shared, own = (used and score(used)) or (None, None)
    return OwnModel(
        live=history.live,
        versions=len(history.versions),
        calibrated_at=datetime.fromisoformat(newest.created) if newest else None,
        shared_score=shared,
        own_score=own,
    )


def _failed_of(session: Session, athletes: Sequence[Account]) -> Mapping[str, StoredJob]:
    """The athletes whose last calibration by the server failed."""
    coaches = {one.coach_id for one in athletes}
    asked = select(StoredJob).where(
        StoredJob.coach_id.in_(coaches), StoredJob.kind == "personalize"
    )
    last = {
        json.loads(job.asked)["athlete"]: job
        for job in session.scalars(asked.order_by(StoredJob.created_at))
    }
    return {athlete: job for athlete, job in last.items() if job.state == "failed"}


def _drifted(history: History, past: Past | None) -> tuple[datetime, list[str]] | None:
    """When a session first asked for a calibration since the last one, and the causes."""
    since = (
        datetime.fromisoformat(history.versions[-1].created)
        if history.versions
        else datetime.min.replace(tzinfo=UTC)
    )
    asking = [
        (one.at, one.drifts)
        for one in (past.recent if past else ())
        if one.at > since and one.drifts
    ]
    if not asking:
        return None
    return asking[0][0], sorted({cause for _, causes in asking for cause in causes})


def _asking(drifted: tuple[datetime, list[str]] | None) -> Iterator[Concern]:
    if drifted is not None:
        at, causes = drifted
        yield Concern(kind="drift", at=at, told=causes)


def _damaged() -> Iterator[Concern]:
    yield Concern(kind="damaged", at=None)


def _fallen(history: History) -> Iterator[Concern]:
    scores = [found for one in history.versions[-2:] if (found := score(one))]
    if len(scores) < 2:
        return
    before, now = (shared if own is None else own for shared, own in scores)
    if now < before - FELL:
        at = datetime.fromisoformat(history.versions[-1].created)
        yield Concern(kind="score_fell", at=at, numbers={"now": now, "before": before})


def _idle(past: Past | None, now: datetime) -> Iterator[Concern]:
    if past is None:
        yield Concern(kind="no_session", at=None)
    elif now - past.last > IDLE:
        numbers = {"days": float((now - past.last).days)}
        yield Concern(kind="no_session", at=past.last, numbers=numbers)


def _loaded(change: float | None, up: float, now: datetime) -> Iterator[Concern]:
    if change is not None and change > up:
        yield Concern(kind="load_up", at=now, numbers={"percent": change})


def _not_done(job: StoredJob | None) -> Iterator[Concern]:
    if job is not None:
        yield Concern(kind="job_failed", at=moment(job.created_at), told=[job.message])
