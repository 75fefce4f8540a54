"""One classification's steady answer, or why there is none."""

import numpy as np

from distride.bundle import TaskCard
from distride.runtime.events import Cause, State
from distride.runtime.smoothing import Average, Smoother, Smoothing


class Steady:
    """Opinions of single windows in, states out; an answer that stands does not come and go.

    Args:
        card: What the task is, and when not to trust an answer.
        smoothing: How steady.
        hop_s: From one window to the next.
    """

    def __init__(self, card: TaskCard, smoothing: Smoothing, hop_s: float) -> None:
        self._card, self._slack = card, smoothing.slack
        self._answer = Smoother(smoothing, hop_s)
        self._familiarity = Average(smoothing.kept(hop_s))
        self._stands = ""  # the movement that was told last

    def reset(self) -> None:
        """Forget, as after a gap: what comes next has nothing to do with what was."""
        self._answer.reset()
        self._familiarity.reset()
        self._stands = ""

    def silence(self, end_s: float, reason: str) -> State:
        """What is told where no signal can be read."""
        self._stands = ""
        return State(end_s, self._card.name, "", 0.0, True, "no_signal", reason)

    def push(
        self,
        end_s: float,
        labels: tuple[str, ...],
        probabilities: np.ndarray,
        familiarity: float | None,
    ) -> State:
        """What is told as of one window.

        Args:
            end_s: Its end.
            labels: Names of the classes.
            probabilities: ``(class,)``.
            familiarity: None where a sensor is lost: training's windows had all of them, and
                without one all would be strange.
        """
        held, average = self._answer.push(probabilities)
        confidence, movement = float(average[held]), labels[held]
        known = 1.0 if familiarity is None else float(self._familiarity.push(np.array(familiarity)))
        cause, reason = self._doubt(movement, confidence, known)
        self._stands = "" if cause else movement
        return State(end_s, self._card.name, self._stands, confidence, bool(cause), cause, reason)

    def _doubt(self, movement: str, confidence: float, familiarity: float) -> tuple[Cause, str]:
        """Why a device says nothing, and the same with numbers; both empty where it answers."""
        share = 1 - self._slack if movement == self._stands else 1.0
        known, sure = share * self._card.unknown_below, share * self._card.abstain_below
        if familiarity < known:
            numbers = f"familiarity {familiarity:.2g} is below {known:.2g}"
            return "unknown", f"none of the movements: {numbers}"
        if confidence < sure:
            return "unsure", f"confidence {confidence:.2f} is below {sure:.2f}"
        return "", ""
