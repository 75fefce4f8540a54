"""What a stream tells: each event is a value, and one line of JSON."""

import dataclasses
import json
from dataclasses import dataclass
from typing import ClassVar, Literal

Cause = Literal["", "unsure", "unknown", "no_signal"]
"""Why a model abstains: it wavers between movements, sees none of them, or sees nothing."""


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
        value: Of a regression; None where there is no signal, the only case in which it abstains.
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
        kind: "gap"; "missing", a sensor that gives nothing, and "back", when it does again;
            "flat", a motion sensor that does not move.
        channels: Which; all of them in a gap, else those of the sensor.
        seconds: How long a gap was.
        text: One sentence.
    """

    event: ClassVar[str] = "quality"
    t_s: float
    kind: str
    channels: tuple[str, ...]
    text: str
    seconds: float = 0.0


Event = State | Quality


def to_json(event: Event) -> str:
    """One line of JSON.

    >>> to_json(State(1.5, "label", "squat", 0.9))[:38]
    '{"event": "state", "t_s": 1.5, "task":'
    """
    return json.dumps({"event": event.event, **dataclasses.asdict(event)}, ensure_ascii=False)
