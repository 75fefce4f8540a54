"""What one athlete's repetitions of one movement are like."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from distride.errors import GuidanceError
from distride.files import reason, write_whole
from distride.guidance.cycles import main_axes
from distride.guidance.posture import RATE_HZ, Postures
from distride.guidance.repeating import Counting, Found, settled

MOST_REPS = 3  # that an athlete is asked to show
REVERSALS = tuple(round(0.1 + 0.05 * step, 2) for step in range(11))  # 0.1 to 0.6
FORMAT = 1


@dataclass(frozen=True)
class Template:
    """Learnt from one to three shown repetitions, or from a set whose number the athlete gave.

    Attributes:
        movement: Whose.
        axis: Unit vector of a posture: where the limb goes.
        seconds: Of a repetition.
        reversal: As in `Counting`.
    """

    movement: str
    axis: tuple[float, ...]
    seconds: float
    reversal: float = Counting.reversal

    @classmethod
    def shown(
        cls,
        movement: str,
        channels: tuple[str, ...],
        recorded: tuple[np.ndarray, np.ndarray],
        borders: Sequence[tuple[float, float]],
    ) -> "Template":
        """From repetitions that were marked.

        Args:
            movement: Its name.
            channels: Names of the samples' columns.
            recorded: ``(time,)`` seconds and ``(time, channel)`` samples.
            borders: Beginning and end of each, s.

        Raises:
            GuidanceError: None is shown, more than three are, or one is empty.
        """
        t, samples = recorded
        if not 1 <= len(borders) <= MOST_REPS:
            raise GuidanceError(f"{len(borders)} repetitions are shown: show 1 to {MOST_REPS}.")
        steps = np.diff(t)
        clock, postures = Postures(channels, float(1 / np.median(steps))).push(t, samples)
        stretches = [postures[(clock >= begin) & (clock <= end)] for begin, end in borders]
        if min(len(one) for one in stretches) < Counting.shortest_s * RATE_HZ:
            raise GuidanceError(
                f"A repetition of '{movement}' is shorter than {Counting.shortest_s} s or not in "
                "the recording: give the beginning and the end of each in its seconds."
            )
        centred = np.concatenate([one - one.mean(axis=0) for one in stretches])
        (axis,) = main_axes(centred, 1)
        trace = stretches[0] @ axis
        rests = (trace[0] + trace[-1]) / 2
        sign = 1.0 if trace.max() - rests >= rests - trace.min() else -1.0
        seconds = float(np.median([end - begin for begin, end in borders]))
        return cls(movement, tuple((sign * axis).tolist()), seconds)

    @classmethod
    def of_count(
        cls, movement: str, postures: np.ndarray, start: int, found: Found, repetitions: int
    ) -> "Template | None":
        """From a set of a known number: the reading of it that is nearest to the usual one.

        None where no reading gives this number.
        """
        usual = Counting().reversal
        for reversal in sorted(REVERSALS, key=lambda one: abs(one - usual)):
            again = settled(postures, start, found, replace(Counting(), reversal=reversal))
            if len(again.reps) == repetitions:
                return cls(movement, tuple(again.axis.tolist()), again.seconds, reversal)
        return None

    def counting(self, usual: Counting) -> Counting:
        """What makes a repetition of this athlete: two are enough to start a set."""
        factor = usual.factor
        return replace(
            usual,
            reversal=self.reversal,
            confirm=min(usual.confirm, 2),
            shortest_s=max(usual.shortest_s, self.seconds / factor / 2),
            longest_s=max(usual.longest_s, self.seconds * factor),
        )

    def axis_of(self, width: int) -> np.ndarray | None:
        """``(axis,)``; None where it was learnt from other sensors."""
        return np.array(self.axis) if len(self.axis) == width else None


def counting_of(own: Template | None, usual: Counting) -> Counting:
    """What makes a repetition, of an athlete whose template may be known."""
    return own.counting(usual) if own else usual


def write_templates(path: Path, templates: Mapping[str, Template]) -> None:
    """Write an athlete's templates as JSON, whole or not at all.

    Raises:
        GuidanceError: They cannot be written.
    """
    told = {"format": FORMAT, "templates": [asdict(one) for one in templates.values()]}
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=1).encode(), GuidanceError)


def read_templates(path: Path) -> dict[str, Template]:
    """Read what `write_templates` wrote.

    Raises:
        GuidanceError: Missing, damaged, or of another format.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise GuidanceError(
                f"The templates '{path}' have the format {told['format']} and this version reads "
                f"{FORMAT}: update distride."
            )
        return {one["movement"]: _template(one) for one in told["templates"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GuidanceError(f"The templates '{path}' cannot be read: {reason(error)}.") from error


def _template(told: Mapping[str, Any]) -> Template:
    axis = tuple(float(one) for one in told["axis"])
    return Template(str(told["movement"]), axis, float(told["seconds"]), float(told["reversal"]))
