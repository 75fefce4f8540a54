"""What is known of an athlete at one moment of a session, as measures that rules look at."""

import math

import numpy as np

from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import HEART_SHARE, LIVE, MODEL_NUMBER, REPETITIONS, RESERVE
from distride.guidance.profile import Day
from distride.guidance.zones import HeartLimits, heart_limits, reserve_share
from distride.runtime import Comparison, Event, Heart, SetEnded, State, Technique

SENSOR_ERROR = 0.03  # of a heart rate: mean absolute error of the better watches, straps below
HEART_HOLDS_S = 2.0  # it is told once a second
REP_HOLDS_S = 10.0  # a set that pauses for longer tells nothing of now
STATE_HOLDS_S = 10.0  # a stream that is silent for longer tells nothing of now


class Situation:
    """Follows the events of one session.

    Args:
        day: Who, and how they are.
    """

    def __init__(self, day: Day) -> None:
        self._limits = heart_limits(day)
        self._heart = Heart(-math.inf, None)
        self._states: dict[str, State] = {}
        self._technique: Technique | None = None

    def push(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, Heart):
            self._heart = event
        elif isinstance(event, State):
            self._states[event.task] = event
        elif isinstance(event, Technique):
            self._technique = event
        elif isinstance(event, SetEnded):
            self._technique = None

    def state(self, task: str, now_s: float) -> State | None:
        """What the model holds of a task now; None where it abstains or is silent."""
        state = self._states.get(task)
        is_old = state is None or now_s - state.t_s > STATE_HOLDS_S
        return None if is_old or state.abstained else state  # type: ignore[union-attr]

    def is_in(self, movements: tuple[str, ...], now_s: float) -> bool:
        """Whether any task's answer is one of these movements now."""
        held = (self.state(task, now_s) for task in self._states)
        return any(one is not None and one.movement in movements for one in held)

    def number(self, task: str, now_s: float) -> Answer:
        """The model's number of a task; nobody knows its error for one person."""
        state = self.state(task, now_s)
        if state is None or state.value is None:
            return Abstained("no_data", what=task)
        return MODEL_NUMBER.of(state.value)

    def live(self, measure: str, now_s: float) -> Answer:
        """One of the measures that rules look at, by its key."""
        if LIVE[measure] in REPETITIONS:
            return self.repetitions(measure, now_s)
        return {HEART_SHARE.key: self.heart_share, RESERVE.key: self.reserve}[measure](now_s)

    def repetitions(self, measure: str, now_s: float) -> Answer:
        """How the last repetitions of the set that is under way compare with the athlete's own."""
        technique = self._technique
        if technique is None or now_s - technique.t_s > REP_HOLDS_S:
            return Abstained("no_data", what="repetitions")
        found: Comparison | None = getattr(technique, REPETITIONS[LIVE[measure]])
        if found is None:
            return Abstained("too_little_data", what="repetitions")
        return LIVE[measure].of(found.value, found.error)

    def heart_share(self, now_s: float) -> Answer:
        """Heart rate as percent of the athlete's maximum."""
        bpm, limits = self._bpm(now_s), self._limits
        if isinstance(bpm, Abstained):
            return bpm
        if isinstance(limits, Abstained):
            return limits
        share = 100 * bpm / limits.max_bpm
        return HEART_SHARE.of(share, share * _relative_error(limits))

    def reserve(self, now_s: float) -> Answer:
        """Heart rate as percent of the athlete's reserve."""
        bpm, limits = self._bpm(now_s), self._limits
        if isinstance(bpm, Abstained):
            return bpm
        if isinstance(limits, Abstained):
            return limits
        share = reserve_share(bpm, limits)
        span = limits.span_bpm
        if isinstance(share, Abstained) or isinstance(span, Abstained):
            return share
        sensor, top = SENSOR_ERROR * bpm, share.value / 100 * limits.max_error_bpm
        return RESERVE.of(share.value, 100 * float(np.hypot(sensor, top)) / span)

    def _bpm(self, now_s: float) -> float | Abstained:
        if now_s - self._heart.t_s > HEART_HOLDS_S or self._heart.bpm is None:
            return Abstained("no_data", what="heart_rate")
        return self._heart.bpm


def _relative_error(limits: HeartLimits) -> float:
    return float(np.hypot(SENSOR_ERROR, limits.max_error_bpm / limits.max_bpm))
