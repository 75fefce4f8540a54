"""From the opinions of single windows to a steady answer.

Probabilities are averaged exponentially, and a new movement is announced only after it has led the
average for some windows in a row: one odd window changes nothing, a real change comes a little
later.
"""

from dataclasses import dataclass

import numpy as np

from distride.errors import RecipeError


@dataclass(frozen=True)
class Smoothing:
    """How steady.

    Attributes:
        memory: What is kept of the average at each window, 0 (nothing) to below 1.
        hold: Windows in a row that a new movement must lead before it is announced.
    """

    memory: float = 0.5
    hold: int = 2

    def __post_init__(self) -> None:
        if not 0 <= self.memory < 1 or self.hold < 1:
            raise RecipeError(
                f"Smoothing has memory {self.memory} and hold {self.hold}: memory must be in "
                "[0, 1) and hold at least 1."
            )


class Smoother:
    """One task's steady answer; `push` probabilities window by window."""

    def __init__(self, smoothing: Smoothing) -> None:
        self.smoothing = smoothing
        self.reset()

    def reset(self) -> None:
        """Forget, as after a gap: what comes next has nothing to do with what was."""
        self._average: np.ndarray | None = None
        self._held = self._leader = self._led = 0

    def push(self, probabilities: np.ndarray) -> tuple[int, np.ndarray]:
        """The class that is held and the averaged probabilities.

        Args:
            probabilities: ``(class,)`` of one window.
        """
        first, memory = self._average is None, self.smoothing.memory
        now = np.asarray(probabilities, np.float64)
        if self._average is not None:
            now = memory * self._average + (1 - memory) * now
        self._average, leader = now, int(now.argmax())
        self._led = self._led + 1 if leader == self._leader else 1
        self._leader = leader
        if first or self._led >= self.smoothing.hold:
            self._held = leader
        return self._held, now


def smooth(probabilities: np.ndarray, smoothing: Smoothing) -> tuple[np.ndarray, np.ndarray]:
    """The same over a whole recording: held classes ``(window,)`` and averages ``(window, class)``.

    >>> smooth(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), Smoothing(0.25, 2))[0].tolist()
    [0, 0, 1]
    """
    averages = np.array(probabilities, np.float64)
    for window in range(1, len(averages)):
        averages[window] *= 1 - smoothing.memory
        averages[window] += smoothing.memory * averages[window - 1]
    leaders = averages.argmax(axis=1)
    changes = np.flatnonzero(np.diff(leaders, prepend=-1))  # where each run of a leader starts
    runs = np.diff(changes, append=len(leaders))
    led = np.arange(len(leaders)) - np.repeat(changes, runs) + 1
    announced = led >= smoothing.hold
    announced[:1] = True
    latest = np.maximum.accumulate(np.where(announced, np.arange(len(leaders)), 0))
    return leaders[latest], averages
