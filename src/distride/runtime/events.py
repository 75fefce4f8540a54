"""What a stream tells: each event is a value, and one line of JSON."""

import dataclasses
import json
from dataclasses import dataclass
from typing import ClassVar, Literal

from distride.runtime.set_events import Rep, SetEnded, SetStarted, Technique

Cause = Literal["", "unsure", "unknown", "no_signal"]
"""Why a model abstains: it wavers between movements, sees none of them, or sees nothing."""

QualityKind = Literal["gap", "late", "clock", "rate", "missing", "back", "flat"]
"""What is wrong with a signal, or right again; `Quality` says what each is."""

DriftCause = Literal["inputs", "confidence", "gravity"]
"""What is no longer as it was: the movements, how sure the answers are, or the sensor's scale."""


@dataclass(frozen=True)
class State:
    """What the athlete is doing, as of one window.

    Attributes:
        t_s: End of the window, on the clock of the samples.
        task: Which question this answers.
        movement: The answer; empty for a regression, and where the model abstains.
        confidence: Smoothed probability of the movement that is held, 0 to 1; None of a
            regression, which tells none.
        abstained: Whether the model says that it does not know.
        cause: Why it abstained; else empty.
        reason: The same as a sentence with the numbers.
        value: Of a regression; None where no signal can be read, the only reason to abstain.
        unit: Of the value; empty where the bundle does not say.
    """

    event: ClassVar[str] = "state"
    t_s: float
    task: str
    movement: str
    confidence: float | None
    abstained: bool = False
    cause: Cause = ""
    reason: str = ""
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Quality:
    """Something about the signal that the athlete or coach should know; told when it begins.

    Attributes:
        t_s: When.
        kind: "gap"; "late", samples that are left out because of their time; "clock", one that was
            set back; "rate", another one than before; "missing", a sensor that gives nothing, and
            "back", when it does again; "flat", a motion sensor, or an axis, that does not move.
        channels: Which; all of them where the clock is to blame, else those of the sensor.
        seconds: How long a gap was, or by how much a clock was set back.
        text: One sentence.
    """

    event: ClassVar[str] = "quality"
    t_s: float
    kind: QualityKind
    channels: tuple[str, ...]
    text: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Drift:
    """A request: what comes in is no longer what the heads were made for; told when it begins.

    Attributes:
        t_s: When it was sure enough.
        cause: What was found.
        task: Whose thresholds say so.
        share: Of windows that are strange since it began, 0 to 1.
        seconds: For how long.
        text: One sentence with the numbers, and what to do.
    """

    event: ClassVar[str] = "drift"
    t_s: float
    cause: DriftCause
    task: str
    share: float
    seconds: float
    text: str


@dataclass(frozen=True)
class Heart:
    """The heart rate now, once a second, if it may be believed.

    Attributes:
        t_s: When.
        bpm: None where it is unknown or not to be believed.
        zone: Its number, from 1; 0 below the first, None where zones may not be told.
        zones: What they are shares of: "threshold", "reserve" or "max"; empty where not told.
        reason: Why there is no heart rate, or no zone: a key of guidance's reasons.
    """

    event: ClassVar[str] = "heart"
    t_s: float
    bpm: float | None
    zone: int | None = None
    zones: str = ""
    reason: str = ""


Severity = Literal["stop", "warning", "hint", "silence"]
"""How grave: end the session, mind this, good to know, and why nothing will be advised."""

Voice = Literal["rules", "model"]


@dataclass(frozen=True)
class Advice:
    """What an athlete is told to do, and why.

    Attributes:
        t_s: When.
        key: The rule's name, the model's label, or why guidance is silent.
        text: A sentence for the screen.
        spoken: The same for an ear-piece.
        severity: How grave.
        reason: What it rests on, with the numbers.
        numbers: The same numbers by name.
        confidence: Chance that the threshold is crossed, given the error of what was measured, or
            the model's own; None where nobody knows the error.
        what_would_change: What ends it, or makes it surer.
        spoke: Whose advice it is.
        other_voice: What the other voice holds at this moment, said or not; empty where nothing.
        is_contradicted: Whether of the two one asks for less and the other for more.
    """

    event: ClassVar[str] = "advice"
    t_s: float
    key: str
    text: str
    spoken: str
    severity: Severity
    reason: str
    numbers: dict[str, float]
    confidence: float | None
    what_would_change: str
    spoke: Voice
    other_voice: str = ""
    is_contradicted: bool = False


Event = State | Quality | Drift | Heart | SetStarted | Rep | SetEnded | Technique | Advice


def to_json(event: Event) -> str:
    """One line of JSON.

    >>> to_json(State(1.5, "label", "squat", 0.9))[:38]
    '{"event": "state", "t_s": 1.5, "task":'
    """
    return json.dumps({"event": event.event, **dataclasses.asdict(event)}, ensure_ascii=False)
