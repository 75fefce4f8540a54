"""What a stream tells, with the heart, with technique and with advice."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from distride.guidance.coach import Coach
from distride.guidance.live_heart import HeartWatch
from distride.guidance.own import Own
from distride.guidance.profile import Day
from distride.guidance.rules import Rules
from distride.guidance.technique import TechniqueWatch
from distride.guidance.wording import Language
from distride.runtime import Event


class Guide:
    """Goes beside one stream.

    Args:
        day: Who, and how they are; None: nobody may be advised, and zones are not told.
        rules: A coach's, or the defaults.
        language: Of advice.
        is_calibrated: Whether the model was calibrated for this athlete.
        usual: By movement, their good repetitions of sessions before (`own_before`).
    """

    def __init__(
        self,
        day: Day | None,
        rules: Rules,
        language: Language = "en",
        is_calibrated: bool = False,
        usual: Mapping[str, Sequence[Own]] | None = None,
    ) -> None:
        self._heart = HeartWatch(day)
        self._technique = TechniqueWatch(rules.technique, usual)
        self._coach = None if day is None else Coach(rules, day, language, is_calibrated)

    def push(
        self,
        events: Iterable[Event],
        t: np.ndarray,
        bpm: np.ndarray | None = None,
        moving: np.ndarray | None = None,
    ) -> list[Event]:
        """The events of a push, with the heart, technique and advice, in the order of time.

        Args:
            events: What the stream told of these samples.
            t: ``(time,)`` seconds, rising.
            bpm: ``(time,)`` heart rate, NaN where unknown; None without a sensor.
            moving: ``(time,)`` whether the wearer of an optical sensor moves hard; None of a strap.
        """
        heart = [] if bpm is None else self._heart.push(t, bpm, moving)
        told: list[Event] = sorted([*events, *heart], key=lambda event: event.t_s)
        told = sorted([*told, *self._technique.push(told)], key=lambda event: event.t_s)
        if self._coach is None:
            return told
        return sorted([*told, *self._coach.push(told)], key=lambda event: event.t_s)
