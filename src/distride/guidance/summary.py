"""What a session was, as values: movements, sets, quality of the data, heart and load."""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distride.bundle.strict import build, dump, parse
from distride.errors import BundleError, GuidanceError
from distride.guidance.measure import Answer
from distride.guidance.own import Own
from distride.runtime import SetEnded

FORMAT = 1
LONGEST_S = 7 * 86_400.0


@dataclass(frozen=True)
class Movement:
    """One movement of a session.

    Attributes:
        name: Empty where no model said what was repeated.
        seconds: For which the model held it.
        sets: How many of it ended.
        repetitions: In them.
        seconds_a_rep: Median over its sets; None without a set.
        range_deg: The same, of the range.
        regularity: The same, of the regularity, 0 to 1.
        mean_bpm: Mean believed heart rate while it was held; None without one.
        own: What its good repetitions were like; None of fewer than four.
        judged: What other tasks said meanwhile: seconds by task, by answer.
    """

    name: str
    seconds: float
    sets: int
    repetitions: int
    seconds_a_rep: float | None
    range_deg: float | None
    regularity: float | None
    mean_bpm: float | None
    own: Own | None
    judged: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class DataQuality:
    """How much of a session was seen.

    Attributes:
        answered_s: Seconds for which the model named a movement.
        abstained_s: Seconds for which it did not, by cause.
        troubles: What was wrong with the signal, and how often, by kind: "gap", "missing" …
        gap_s: Seconds of gaps in all.
        missing: Channels that gave nothing for a while.
        drifts: What was no longer as it was when the heads were made.
        heart_share: Of the session with a believed heart rate, 0 to 1.
    """

    answered_s: float
    abstained_s: Mapping[str, float]
    troubles: Mapping[str, int]
    gap_s: float
    missing: tuple[str, ...]
    drifts: tuple[str, ...]
    heart_share: float


@dataclass(frozen=True)
class Load:
    """How hard a session was; each measure answers, or says why not.

    Attributes:
        mean_bpm: Of the believed heart rate.
        highest_bpm: The same.
        zones: What the zones are shares of: "threshold", "reserve" or "max"; empty where not told.
        zone_minutes: In each, that below the first in front; none where not told.
        trimp: Banister's, AU.
        edwards: Edwards', AU.
        session_rpe: Asked effort times minutes, AU.
        recovery: Beats by which the heart rate fell in the 60 s after the last set.
    """

    mean_bpm: Answer
    highest_bpm: Answer
    zones: str
    zone_minutes: tuple[float, ...]
    trimp: Answer
    edwards: Answer
    session_rpe: Answer
    recovery: Answer


@dataclass(frozen=True)
class Summary:
    """One session of one athlete.

    Attributes:
        format: Number of this layout.
        athlete: Whose.
        start: Date and time of day with its offset, ISO 8601.
        seconds: How long it was.
        movements: In the order in which they first were.
        sets: In the order of time.
        quality: Of the data.
        load: Of heart and effort.
        numbers: Mean of each task that is a number, as the model told it; nobody knows its error.
        advised: How often what was advised, by key.
        contradicted: How often rules and model asked for opposite things.
    """

    format: int
    athlete: str
    start: str
    seconds: float
    movements: tuple[Movement, ...]
    sets: tuple[SetEnded, ...]
    quality: DataQuality
    load: Load
    numbers: Mapping[str, float]
    advised: Mapping[str, int]
    contradicted: int

    def __post_init__(self) -> None:
        if not (self.athlete and _is_start(self.start) and 0 <= self.seconds < LONGEST_S):
            raise GuidanceError(
                f"A session of '{self.athlete}' starts at '{self.start}' and lasts {self.seconds} "
                "s: it needs a name, a start such as 2026-05-01T18:00:00+02:00 and a length of "
                "less than a week."
            )

    @property
    def began(self) -> dt.datetime:
        """When it began."""
        return dt.datetime.fromisoformat(self.start)

    @property
    def repetitions(self) -> int:
        """Of all sets."""
        return sum(one.repetitions for one in self.sets)

    def to_json(self) -> bytes:
        """Indented UTF-8 JSON; every measure with its unit, range and protocol."""
        return dump(self)

    def to_line(self) -> str:
        """The same in one line."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, allow_nan=False)


def own_before(summaries: Sequence[Summary]) -> dict[str, list[Own]]:
    """By movement, what an athlete's good repetitions were like in each session that had some.

    Where no model named a movement, a session cannot be compared with others.

    Args:
        summaries: Of one athlete, in the order of time.
    """
    own: dict[str, list[Own]] = {}
    for movement in (one for summary in summaries for one in summary.movements):
        if movement.name and movement.own is not None:
            own.setdefault(movement.name, []).append(movement.own)
    return own


def read_summary(text: bytes | str, name: str) -> Summary:
    """A summary from its JSON.

    Args:
        text: As `Summary.to_json` writes it.
        name: Of the file, for the message.

    Raises:
        GuidanceError: Damaged, or of another format.
    """
    try:
        summary: Summary = build(Summary, parse(text, "it"), "summary")
    except (BundleError, GuidanceError) as error:
        raise GuidanceError(f"'{name}' is no summary of a session: {error}") from error
    if summary.format != FORMAT:
        raise GuidanceError(
            f"'{name}' has the format number {summary.format} and this version reads {FORMAT}: "
            "update distride."
        )
    return summary


def _is_start(text: str) -> bool:
    """Whether it is a date and time with an offset."""
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
