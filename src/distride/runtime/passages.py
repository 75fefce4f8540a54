"""What passes between the halves of a push: windows before the body is asked, and its answers."""

from dataclasses import dataclass

import numpy as np

from distride.runtime.drift import Gravity
from distride.runtime.events import Quality
from distride.runtime.predictor import Prediction
from distride.signals import Grid, Held, Window


@dataclass(frozen=True)
class Passage:
    """What samples brought that belong together, before the body is asked.

    Attributes:
        is_new: Whether what came before has nothing to do with it.
        unreadable: Why no window of it can be read; empty where they can.
        quality: What there is to say about the signal.
        windows: In the order of time.
    """

    is_new: bool
    unreadable: str
    quality: list[Quality]
    windows: list[Window]


@dataclass(frozen=True)
class Seen:
    """Some windows, as the body and a glance saw them.

    Attributes:
        prediction: The answers.
        lacks: ``(window,)`` whether a channel is wholly lost.
        is_silent: ``(window,)`` whether all are.
        weight: ``(window,)``, see `Gravity`.
    """

    prediction: Prediction
    lacks: np.ndarray
    is_silent: np.ndarray
    weight: np.ndarray

    def answered(self, prediction: Prediction, first: int, end: int) -> "Seen":
        """Some of the windows, with other answers."""
        rows = slice(first, end)
        return Seen(prediction, self.lacks[rows], self.is_silent[rows], self.weight[rows])

    def familiarity(self, task: str, number: int) -> float | None:
        """Of a window; None where it lacks a sensor."""
        return None if self.lacks[number] else float(self.prediction.familiarity[task][number])


@dataclass(frozen=True, slots=True)
class Calm:
    """A stream of which nothing that it needs of the past is unknown.

    Attributes:
        source_hz: Of its samples.
        grid: On which frames are made.
        held: By its resampler.
    """

    source_hz: float
    grid: Grid
    held: Held


def seen(x: np.ndarray, prediction: Prediction, gravity: Gravity) -> Seen:
    """What there is to see in raw windows ``(window, channel, time)``, beside their answers."""
    lost = np.isnan(x).all(axis=2)
    return Seen(prediction, lost.any(axis=1), lost.all(axis=1), gravity(x))
