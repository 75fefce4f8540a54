"""Which movements `distride stream --count` counts."""

from distride.data import Recording
from distride.errors import GuidanceError
from distride.guidance import SetCounter, exercises
from distride.runtime import Stream
from distride.signals import measured_hz


def counter_of(recording: Recording, stream: Stream, count: list[str]) -> SetCounter:
    """Of the motion sensors that the bundle reads.

    Raises:
        GuidanceError: The bundle knows no such movement, or no exercise.
    """
    movements = [] if count == ["anything"] else _counted(stream, count)
    return SetCounter(stream.spec.channels, measured_hz(recording.t), movements)


def _counted(stream: Stream, count: list[str]) -> list[str]:
    tasks = [head.labels for head in stream.predictor.heads.values() if head.labels]
    known = [label for labels in tasks for label in labels]
    chosen = [*exercises(tasks[0] if tasks else ())] if count == ["all"] else count
    if not chosen:
        raise GuidanceError(
            f"None of the bundle's movements {sorted(known)} is an exercise by its name: name the "
            "movements to count, or say 'anything' for whatever repeats."
        )
    for movement in chosen:
        if movement not in known:
            raise GuidanceError(
                f"The bundle knows no movement '{movement}' to count: it knows {sorted(known)}; "
                "'all' counts each exercise of these, 'anything' whatever repeats."
            )
    return chosen
