"""What a recording must be for a bundle to read it."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

from distride.data import Recording
from distride.errors import DataError
from distride.runtime.stream import SLOWEST
from distride.signals import SignalSpec, is_waveform, measured_hz

ROUNDING_HZ = 1e-6  # a clock's steps are no exact fractions


def usable(recordings: Sequence[Recording], spec: SignalSpec) -> list[Recording]:
    """An athlete's recordings to learn from, each once: of a copy no part would be unseen.

    Args:
        recordings: Of one athlete.
        spec: What the bundle reads.

    Raises:
        DataError: No channel is the bundle's, samples are too slow, or the same samples are there
            again with other labels.
    """
    check_channels(dict.fromkeys(name for one in recordings for name in one.channels), spec)
    check_rate(recordings, spec)
    kept: dict[bytes, Recording] = {}
    for one in recordings:
        samples = one.samples(spec.channels)
        if not np.isfinite(samples).any():
            continue
        first = kept.setdefault(hashlib.sha256(one.t.tobytes() + samples.tobytes()).digest(), one)
        if not _tell_the_same(first, one):
            raise DataError(
                f"Two recordings of '{one.athlete}', '{first.name}' and '{one.name}', are the same "
                "samples with other labels: give them once, with all of their labels."
            )
    return list(kept.values())


def check_channels(names: Iterable[str], spec: SignalSpec) -> None:
    """Refuse recordings that have no channel which a bundle reads.

    Args:
        names: Of all of their channels.
        spec: What the bundle reads.

    Raises:
        DataError: No name is in both.
    """
    held = list(names)
    if not set(held) & set(spec.channels):
        raise DataError(
            f"The recordings have the channels {held[:12]} and the bundle reads "
            f"{list(spec.channels)}: none is in both; was the device worn elsewhere, or is a "
            "column named otherwise?"
        )


def check_rate(recordings: Iterable[Recording], spec: SignalSpec) -> None:
    """Refuse samples that are too slow to hold the movement which a body knows.

    Args:
        recordings: That are read whole; one that is shorter than a window is not asked.
        spec: What the bundle reads.

    Raises:
        DataError: Samples come at less than half of the bundle's rate, as a stream has it.
    """
    needed_hz = SLOWEST * spec.rate_hz
    waves = {name for name in spec.channels if is_waveform(name)}
    for one in recordings:
        is_asked = one.seconds >= spec.window_s and waves & one.channels.keys()
        source_hz = measured_hz(one.t)
        if is_asked and source_hz < needed_hz - ROUNDING_HZ:
            raise DataError(
                f"Recording '{one.name}' of '{one.athlete}': samples come at {source_hz:.3g} Hz, "
                f"the model needs {spec.rate_hz:g}, and half of that at least: is t in seconds?"
            )


def _tell_the_same(one: Recording, other: Recording) -> bool:
    return (
        (one.channels.keys(), one.labels.keys()) == (other.channels.keys(), other.labels.keys())
        and all(np.array_equal(one.labels[task], other.labels[task]) for task in one.labels)
        and all(
            np.array_equal(one.channels[name], other.channels[name], equal_nan=True)
            for name in one.channels
        )
    )
