"""Which movement is to be counted now, by the states of a stream."""

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from distride.runtime import Event, State

STATES_LATE_S = 0.75  # a stream's states come this much later than their window ends, at most
STATES_HOLD_S = 4.0  # a set may begin so long after its movement was named

NO_EXERCISE = re.compile(  # a word of a movement's name: posture, way of getting about, nothing
    r"(walk|runn?|jogg?|cycl|bik|driv|rid|climb|stand|sitt?|ly|lay|kneel|sleep|rest|mov|turn|stepp?)"
    r"(e|ing)?|lie|trainer|stepper|gait|strides?|stairs?|(up|down)stairs|still|idle|null|none|other"
    r"|unknown|transition"
)
HOW_OR_WHERE = re.compile(
    r"up|down|back|front|right|left|side|slow(ly)?|fast|normal|flat|inclined?|ascending|descending"
    r"|horizontal|vertical|elevator|lift|treadmill|cross|parking|lot|street|(in|out)doors?"
    r"|on|in|the|at|an?|of|with|from|around|kmh?|h|min"
)


def exercises(movements: Iterable[str]) -> tuple[str, ...]:
    """Those that athletes count: not postures, ways of getting about, or nothing, by their names.

    Where a name has a word for anything else, it is taken for an exercise. Strides and turns of a
    crank repeat as repetitions do, so only what they are called tells them apart.

    >>> exercises(["walking_parking_lot", "walking_lunge", "lying_back", "squat", "running_8_kmh"])
    ('walking_lunge', 'squat')
    """
    return tuple(one for one in movements if _is_exercise(one))


def _is_exercise(movement: str) -> bool:
    words = re.findall(r"[^\W\d_]+", movement.lower())
    kinds = [word for word in words if not HOW_OR_WHERE.fullmatch(word)]
    return bool(words) and not (kinds and all(map(NO_EXERCISE.fullmatch, kinds)))


class Heard(NamedTuple):
    """What the states say of a moment.

    Attributes:
        movement: That was named last, of those that are counted; empty before anything was named,
            and where whatever repeats is counted; None where what is not counted was named last.
        is_now: Whether it was named within `STATES_HOLD_S`, or needs no name.
    """

    movement: str | None
    is_now: bool


class Watched:
    """Listens for some movements.

    Args:
        movements: That are counted; none: whatever repeats, whatever the states say.
    """

    def __init__(self, movements: frozenset[str]) -> None:
        self._movements = movements
        self.begin(())

    @property
    def late_s(self) -> float:
        """How long a moment must have passed before it is known what was done in it."""
        return STATES_LATE_S if self._movements else 0.0

    def begin(self, events: Iterable[Event]) -> None:
        """Forget all, as when the clock is set back, and hear these."""
        self._states: list[State] = []
        self._said: tuple[float, str] = (-math.inf, "")  # the last that named a movement
        self.push(events)

    def push(self, events: Iterable[Event]) -> None:
        """Hear a stream's events in the order of time; those that name no movement are not read."""
        self._states += [one for one in events if isinstance(one, State) and one.value is None]

    def at(self, now_s: float) -> Heard:
        """What is to be counted at a time, no earlier than the last asked for."""
        if not self._movements:
            self._states.clear()
            return Heard("", True)
        due = [one for one in self._states if one.t_s <= now_s]
        self._states = [one for one in self._states if one.t_s > now_s]
        for state in due:
            if state.movement and (state.movement in self._movements or not state.abstained):
                self._said = (state.t_s, state.movement)
        said_s, movement = self._said
        is_counted = movement in self._movements or not movement
        return Heard(movement if is_counted else None, now_s - said_s <= STATES_HOLD_S)
