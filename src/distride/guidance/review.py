"""What is told after a session: what it was, what was unlike the athlete, and what to do next."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass

from distride.guidance.changes import Change, changes
from distride.guidance.measure import Abstained
from distride.guidance.next_session import suggest
from distride.guidance.phrasing import next_advice, silence_advice
from distride.guidance.profile import Day
from distride.guidance.rules import Rules
from distride.guidance.safety import why_silent
from distride.guidance.session import NO_PROFILE
from distride.guidance.summary import Summary
from distride.guidance.weeks import Weeks, weeks
from distride.guidance.wording import Language
from distride.runtime import Advice
from distride.runtime.event_log import SUMMARY


@dataclass(frozen=True)
class Review:
    """After a session.

    Attributes:
        summary: What it was.
        changes: Beside the athlete's own sessions before, the unusual first; or why there are none.
        weeks: Their load up to it; or why it is not told.
        next_session: What to do next time, or why nothing is said. On a stop sign it is to stop.
    """

    summary: Summary
    changes: tuple[Change, ...] | Abstained
    weeks: Weeks | Abstained
    next_session: Advice | Abstained

    def to_json(self) -> str:
        """One line of JSON, ``{"event": "summary", …}``, as the last of a stream's events."""
        return json.dumps({"event": SUMMARY, **dataclasses.asdict(self)}, ensure_ascii=False)


def review(
    summary: Summary,
    before: Sequence[Summary],
    day: Day | None,
    rules: Rules,
    language: Language = "en",
) -> Review:
    """What to tell after a session.

    Args:
        summary: Of this session.
        before: Of the same athlete's, in the order of time.
        day: Who, and how they are; None: nobody may be advised.
        rules: A coach's, or the defaults.
        language: Of the advice.
    """
    return Review(
        summary,
        changes(summary, before),
        weeks([*before, summary]),
        _next(summary, before, day, rules, language),
    )


def _next(
    summary: Summary,
    before: Sequence[Summary],
    day: Day | None,
    rules: Rules,
    language: Language,
) -> Advice | Abstained:
    if day is None:
        return NO_PROFILE
    silent = why_silent(day)
    if silent:
        return silence_advice(summary.seconds, silent, language)
    found = suggest(summary, before, day, rules.next_session)
    if isinstance(found, Abstained):
        return found
    return next_advice(summary.seconds, found, rules.next_session, language)
