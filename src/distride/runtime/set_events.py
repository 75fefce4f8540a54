"""What is told of sets and repetitions: values, as all events are."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class SetStarted:
    """A set is under way; told once its first repetitions are sure.

    Attributes:
        t_s: When it was told.
        began_s: When the first repetition began.
        number: Of the set in the session, from 1.
        movement: What is repeated; empty where no model says.
    """

    event: ClassVar[str] = "set_started"
    t_s: float
    began_s: float
    number: int
    movement: str


@dataclass(frozen=True)
class Rep:
    """One repetition, told when it is over; the first ones of a set together, once they are sure.

    Attributes:
        t_s: When it was told.
        began_s: When it began.
        set: Number of its set in the session, from 1.
        number: In its set, from 1.
        movement: What is repeated; empty where no model says.
        duration_s: From its beginning to its end.
        out_s: Its first phase, from the resting position to the far end.
        back_s: Its second phase, back again.
        range_deg: How far the limb turned from where it began.
    """

    event: ClassVar[str] = "rep"
    t_s: float
    began_s: float
    set: int
    number: int
    movement: str
    duration_s: float
    out_s: float
    back_s: float
    range_deg: float


@dataclass(frozen=True)
class SetEnded:
    """A set is over: what it was; told once more where the athlete corrects its number.

    Attributes:
        t_s: When it was told.
        began_s: When the first repetition began.
        ended_s: When the last one ended.
        number: Of the set in the session, from 1.
        movement: What was repeated; empty where no model says.
        repetitions: How many.
        seconds_a_rep: Median duration.
        range_deg: Median.
        regularity: 1 where all repetitions took equally long, 0 where they differ as much as they
            last.
        confidence: 0 to 1: how alike the repetitions were; a count of unlike ones is doubtful.
    """

    event: ClassVar[str] = "set_ended"
    t_s: float
    began_s: float
    ended_s: float
    number: int
    movement: str
    repetitions: int
    seconds_a_rep: float
    range_deg: float
    regularity: float
    confidence: float


@dataclass(frozen=True)
class Comparison:
    """The last repetitions beside the athlete's own.

    Attributes:
        value: In the unit of what is compared.
        error: One standard deviation of chance, in the same unit.
        own: How many of the athlete's own it rests on.
    """

    value: float
    error: float
    own: int


@dataclass(frozen=True)
class Technique:
    """How a repetition was done; told with it. None: too little is known to say.

    Attributes:
        t_s: When it was told.
        set: Number of its set in the session, from 1.
        number: In its set, from 1.
        movement: What is repeated; empty where no model says.
        verdict: What the model calls it; empty where it is not sure or has no such task.
        confidence: Mean of the model's over the repetition, 0 to 1; None without a verdict.
        since: The repetition of this set since which the verdict is the same; 0 without one.
        is_good: Whether it is one of the athlete's own good ones from now on.
        faulty: Percent of the set's last repetitions that are not good, as the model holds.
        range: Of the last repetitions, in percent of the athlete's own good ones.
        tempo: Duration of the last repetitions, in percent of the same.
        spread: Variation of their durations, in percent of the same.
        bpm: Beats a minute above those after as many like repetitions in sets before.
        usual_range: Of the last repetitions, in percent of the good ones of sessions before.
        usual_tempo: Duration of the last repetitions, in percent of the same.
    """

    event: ClassVar[str] = "technique"
    t_s: float
    set: int
    number: int
    movement: str
    verdict: str
    confidence: float | None
    since: int
    is_good: bool = False
    faulty: Comparison | None = None
    range: Comparison | None = None
    tempo: Comparison | None = None
    spread: Comparison | None = None
    bpm: Comparison | None = None
    usual_range: Comparison | None = None
    usual_tempo: Comparison | None = None
