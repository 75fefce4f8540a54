"""The first half of a push for many streams: those that are calm go on at once, in large arrays.

Most samples of most athletes come without a gap, a lost sensor or a leap of the clock. What is
then the same for all is done once for a block of them; whoever is not calm takes their samples
alone, by the same rules.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from distride.runtime.clock import FAR_S, LEAP_S, SAME_S
from distride.runtime.passages import Calm, Passage
from distride.runtime.quality import FLAT, spans_of
from distride.runtime.stream import LARGEST, Stream
from distride.signals import Window, frames_together, longest_gap_s

Samples = tuple[np.ndarray, np.ndarray]
"""Times ``(time,)`` and samples ``(time, channel)``, as a stream takes them."""

One = TypeVar("One")

BLOCK, PART = 64, 256  # streams at once, and looked through for such: caches are small


def take_together(
    streams: Mapping[str, Stream], given: Mapping[str, Samples]
) -> Iterator[dict[str, list[Passage]]]:
    """What `Stream.take` gives for each, some athletes at a time.

    Args:
        streams: By athlete.
        given: Samples of some of them, checked.
    """
    for part in _parts(list(given), PART):
        yield from _taken(streams, {who: given[who] for who in part})


def _taken(
    streams: Mapping[str, Stream], given: Mapping[str, Samples]
) -> Iterator[dict[str, list[Passage]]]:
    alone = dict(given)
    for whose, calm in _blocks(streams, given):
        block = [streams[who] for who in whose]
        t, samples = (np.stack([given[who][part] for who in whose]) for part in range(2))
        rows = [at for at in _runs_on(t, samples, calm) if block[at].runs_on(t[at])]
        if rows:
            some = [block[at] for at in rows]
            passages = _gone_on(some, [calm[at] for at in rows], t[rows], samples[rows])
            yield dict(zip((whose[at] for at in rows), passages, strict=True))
            for at in rows:
                del alone[whose[at]]
    for whose in _parts(list(alone), BLOCK):
        yield {who: streams[who].take(*alone[who]) for who in whose}


def _blocks(
    streams: Mapping[str, Stream], given: Mapping[str, Samples]
) -> list[tuple[list[str], list[Calm]]]:
    """Calm streams at one rate, that hold as many points and get as many samples."""
    alike: dict[tuple[float, int, int], list[tuple[str, Calm]]] = defaultdict(list)
    for who, (t, _) in given.items():
        calm = streams[who].calm
        if calm and len(t):
            alike[calm.source_hz, len(calm.held.points), len(t)].append((who, calm))
    return [
        ([who for who, _ in part], [calm for _, calm in part])
        for every in alike.values()
        for part in _parts(every, BLOCK)
    ]


def _parts(every: list[One], size: int) -> Iterator[list[One]]:
    for at in range(0, len(every), size):
        yield every[at : at + size]


def _runs_on(t: np.ndarray, samples: np.ndarray, calm: Sequence[Calm]) -> list[int]:
    """Numbers of the streams whose samples come in order, without a gap, and are all known."""
    steps = np.diff(t, axis=1, prepend=[[one.held.t_s] for one in calm])
    longest_s = min(longest_gap_s(calm[0].source_hz), LEAP_S)
    runs_on = (steps.min(axis=1) > SAME_S) & (steps.max(axis=1) <= longest_s)
    runs_on &= (t[:, -1] <= FAR_S) & (np.abs(samples).max(axis=(1, 2)) <= LARGEST)
    return list(np.flatnonzero(runs_on))  # a value that is no number makes comparisons false


def _gone_on(
    streams: Sequence[Stream], calm: Sequence[Calm], t: np.ndarray, samples: np.ndarray
) -> list[list[Passage]]:
    """Of streams whose samples are without any trouble."""
    held = [one.held for one in calm]
    made = frames_together(calm[0].grid, held, t, samples.astype(np.float32))
    windows = [stream.go_on(*one) for stream, one in zip(streams, made, strict=True)]
    still = _still(windows)
    return [
        [stream.passage(own, at in still)]
        for at, (stream, own) in enumerate(zip(streams, windows, strict=True))
    ]


def _still(windows: Sequence[Sequence[Window]]) -> set[int]:
    """Numbers of the streams in whose windows a channel does not move."""
    whose = [at for at, own in enumerate(windows) for _ in own]
    if not whose:
        return set()
    spans = spans_of(np.stack([window.samples for own in windows for window in own]))
    return {whose[at] for at in np.flatnonzero((spans <= FLAT).any(axis=1))}
