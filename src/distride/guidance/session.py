"""One session, from the events that were told in it to what it was."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from distride.errors import GuidanceError
from distride.guidance.heart import heart_recovery
from distride.guidance.load import session_load
from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import HEART_RATE
from distride.guidance.performed import first_task, held, movements, sets_of
from distride.guidance.profile import Day
from distride.guidance.pulse import HeartRate, heart_rate
from distride.guidance.safety import why_heart_is_unread
from distride.guidance.summary import FORMAT, DataQuality, Load, Summary
from distride.guidance.trimp import edwards_trimp, session_trimp
from distride.guidance.zones import best_zones, heart_limits, zones_of_max
from distride.runtime import Advice, Drift, Event, Heart, Quality, SetEnded, SetStarted, State

UNASKED = Abstained("no_data", what="effort")
Kind = TypeVar("Kind")
NO_SET = Abstained("no_data", what="set")
NO_PROFILE = Abstained("not_in_profile", what="birth_year")


@dataclass(frozen=True)
class Session:
    """What was told in one session, and what the athlete said of it.

    Attributes:
        athlete: Who.
        start: When its clock was at 0, with an offset from UTC.
        events: In the order of time.
        rpe: The athlete's effort on Borg's CR10 scale, asked about 30 minutes after; None: unasked.
    """

    athlete: str
    start: dt.datetime
    events: tuple[Event, ...]
    rpe: float | None = None

    def __post_init__(self) -> None:
        if not self.athlete:
            raise GuidanceError("A session without an athlete's name cannot be kept: give a name.")
        if self.start.tzinfo is None:
            raise GuidanceError(
                f"The session's start, {self.start.isoformat()}, has no offset from UTC: give one, "
                "such as 2026-05-01T18:00+02:00."
            )
        if self.rpe is not None and not 0 <= self.rpe <= 10:  # also false for NaN
            raise GuidanceError(
                f"The session's effort is {self.rpe:g}: it must be 0 to 10, on Borg's CR10 scale."
            )

    @property
    def began_s(self) -> float:
        """Where its clock was when it began."""
        begun = [one.began_s for one in self.of(SetStarted)]
        return min([*begun, *(one.t_s for one in self.events)], default=0.0)

    @property
    def ended_s(self) -> float:
        """Where its clock was at the last event."""
        return max((one.t_s for one in self.events), default=0.0)

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.ended_s - self.began_s

    @property
    def began(self) -> dt.datetime:
        """When it began."""
        return self.at(self.began_s)

    def at(self, t_s: float) -> dt.datetime:
        """The time of day of a second of its clock."""
        return self.start + dt.timedelta(seconds=t_s)

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Its events of one kind."""
        return [one for one in self.events if isinstance(one, kind)]

    @property
    def sets(self) -> tuple[SetEnded, ...]:
        """As they ended; with the athlete's own counts where they corrected one."""
        return sets_of(self.events)

    @property
    def heart(self) -> HeartRate:
        """``(time,)`` what was believed of the heart rate, once a second."""
        told = self.of(Heart)
        bpm = [np.nan if one.bpm is None else one.bpm for one in told]
        return HeartRate(np.array([one.t_s for one in told]), np.array(bpm, np.float64))


def summarize(session: Session, day: Day | None) -> Summary:
    """What a session was.

    Args:
        session: What was told in it.
        day: Who, and how they were; None: nothing that asks for a profile is answered.
    """
    advice = session.of(Advice)
    return Summary(
        format=FORMAT,
        athlete=session.athlete,
        start=session.began.isoformat(timespec="seconds"),
        seconds=session.seconds,
        movements=movements(session.events, _read_heart(session, day)),
        sets=session.sets,
        quality=_quality(session),
        load=_load(session, day),
        numbers=_numbers(session.of(State)),
        advised=dict(Counter(one.key for one in advice)),
        contradicted=sum(one.is_contradicted for one in advice),
    )


def _load(session: Session, day: Day | None) -> Load:
    effort = _effort(session)
    told = session.heart
    heart = heart_rate(told.t_s, told.bpm)
    recovery = _recovery(session, day)
    if isinstance(heart, Abstained):
        return Load(heart, heart, "", (), heart, heart, effort, recovery)
    known = heart.bpm[np.isfinite(heart.bpm)]
    mean = float(np.average(known, weights=heart.lasting_s[np.isfinite(heart.bpm)]))
    seen = (HEART_RATE.of(mean), HEART_RATE.of(float(known.max())))
    limits = NO_PROFILE if day is None else heart_limits(day, float(known.max()))
    if isinstance(limits, Abstained):
        return Load(*seen, "", (), limits, limits, effort, recovery)
    zones = best_zones(limits)
    edwards: Answer = edwards_trimp(zones_of_max(limits).minutes(heart)[1:])
    minutes = tuple(zones.minutes(heart).tolist())
    trimp = session_trimp(heart, limits)
    return Load(*seen, zones.method, minutes, trimp, edwards, effort, recovery)


def _recovery(session: Session, day: Day | None) -> Answer:
    """After the last set: what came between would be no rest."""
    if day is None:
        return NO_PROFILE
    if not session.sets:
        return NO_SET
    return heart_recovery(session.heart, max(one.ended_s for one in session.sets), day)


def _effort(session: Session) -> Answer:
    return UNASKED if session.rpe is None else session_load(session.rpe, session.seconds / 60)


def _quality(session: Session) -> DataQuality:
    told = session.of(Quality)
    lost = [one.channels for one in told if one.kind == "missing"]
    lasted = held(first_task(session.of(State)))
    abstained: dict[str, float] = defaultdict(float)
    for state, seconds in lasted:
        if state.abstained:
            abstained[state.cause] += seconds
    seconds_heart = float(session.heart.lasting_s.sum())
    return DataQuality(
        answered_s=sum(seconds for state, seconds in lasted if not state.abstained),
        abstained_s=dict(abstained),
        troubles=dict(Counter(one.kind for one in told if one.kind != "back")),
        gap_s=sum(one.seconds for one in told if one.kind == "gap"),
        missing=tuple(sorted({name for channels in lost for name in channels})),
        drifts=tuple(dict.fromkeys(one.cause for one in session.of(Drift))),
        heart_share=min(seconds_heart / session.seconds, 1.0) if session.seconds else 0.0,
    )


def _read_heart(session: Session, day: Day | None) -> HeartRate:
    """What may be compared with other sessions: nothing of a heart that is not read today."""
    is_unread = day is not None and why_heart_is_unread(day) is not None
    return HeartRate(np.zeros(0), np.zeros(0)) if is_unread else session.heart


def _numbers(states: Sequence[State]) -> dict[str, float]:
    told: dict[str, list[float]] = defaultdict(list)
    for one in states:
        if one.value is not None:
            told[one.task].append(one.value)
    return {task: float(np.mean(values)) for task, values in told.items()}
