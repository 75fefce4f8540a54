"""What athletes did in the last four weeks, and how much it was."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distride.guidance import Measured, load_change
from distride.guidance.load import MONTH
from distride.serve.messages import moment
from distride.serve.schema import Account, StoredSession, microseconds
from distride.serve.sessions import summary

Load = Literal["session_rpe", "minutes"]


@dataclass(frozen=True)
class Done:
    """One session.

    Attributes:
        at: When it began.
        minutes: How long it was.
        session_rpe: Effort times minutes, AU; None where nobody was asked.
        drifts: What it found no longer as it was.
    """

    at: datetime
    minutes: float
    session_rpe: float | None
    drifts: Sequence[str]


@dataclass(frozen=True)
class Past:
    """Sessions of one athlete: when the first and the last began, and those of four weeks."""

    first: datetime
    last: datetime
    recent: Sequence[Done]


def lately(session: Session, athletes: Sequence[Account], now: datetime) -> Mapping[str, Past]:
    """By athlete, what they did; nothing of one who never trained."""
    own = StoredSession.account_id.in_([one.id for one in athletes])
    began = StoredSession.started_at
    ends = session.execute(
        select(StoredSession.account_id, func.min(began), func.max(began))
        .where(own)
        .group_by(StoredSession.account_id)
    )
    recent: dict[str, list[Done]] = defaultdict(list)
    is_recent = began >= microseconds(now - timedelta(days=MONTH))
    columns = (StoredSession.account_id, began, StoredSession.duration_s, StoredSession.summary)
    for account, at, seconds, told in session.execute(
        select(*columns).where(own, is_recent).order_by(began)
    ):
        recent[account].append(_done(moment(at), seconds, summary(told) or {}))
    return {one: Past(moment(a), moment(b), recent[one]) for one, a, b in ends}


def load_lately(past: Past | None, now: datetime) -> tuple[Load, float | None]:
    """What load is known of four weeks, and its change; see `guidance.load_change`.

    Effort counts where every session has one: a lost load is no rest. Minutes are known of each.
    """
    if past is None:
        return "minutes", None
    efforts = [one.session_rpe for one in past.recent]
    is_known = bool(efforts) and None not in efforts
    known_days = (now.date() - past.first.date()).days + 1
    daily = np.zeros(max(0, min(MONTH, known_days)))
    for one in past.recent:
        back = (now.date() - one.at.date()).days
        if 0 <= back < len(daily):
            daily[-1 - back] += (one.session_rpe or 0.0) if is_known else one.minutes
    answer = load_change(daily)
    change = answer.value if isinstance(answer, Measured) else None
    return "session_rpe" if is_known else "minutes", change


def _done(at: datetime, seconds: float, told: Mapping[str, Any]) -> Done:
    effort = told.get("load", {}).get("session_rpe", {}).get("value")
    return Done(at, seconds / 60, effort, told.get("quality", {}).get("drifts", ()))
