"""Many athletes live in one process: their windows go through the body together."""

from collections.abc import Mapping

import numpy as np

from distride.bundle import PersonalHead
from distride.errors import DataError
from distride.runtime.events import Event
from distride.runtime.predictor import Predictor
from distride.runtime.smoothing import Smoothing
from distride.runtime.stream import Passage, Stream

Samples = tuple[np.ndarray, np.ndarray]
"""Times ``(time,)`` and samples ``(time, channel)``, as a stream takes them."""


class Crowd:
    """Streams of one bundle; each tells what it would tell alone.

    Args:
        predictor: The bundle with its shared heads.
        smoothing: How steady the answers are.
    """

    def __init__(self, predictor: Predictor, smoothing: Smoothing | None = None) -> None:
        self._predictor = predictor
        self._smoothing = smoothing
        self._streams: dict[str, Stream] = {}

    @property
    def athletes(self) -> tuple[str, ...]:
        """Who is live."""
        return tuple(self._streams)

    def join(
        self, athlete: str, head: PersonalHead | None = None, source_hz: float | None = None
    ) -> None:
        """An athlete begins; who is live already begins anew.

        Args:
            athlete: Who.
            head: Their own.
            source_hz: Rate at which their samples will come; the bundle's own if not given.

        Raises:
            BundleError: The head fits another body.
        """
        predictor = self._predictor if head is None else self._predictor.with_head(head)
        self._streams[athlete] = Stream(predictor, source_hz, self._smoothing)

    def leave(self, athlete: str) -> None:
        """An athlete ends, and is forgotten."""
        self._streams.pop(athlete, None)

    def push(self, samples: Mapping[str, Samples]) -> dict[str, list[Event]]:
        """What the new samples of some athletes tell, each in the order of time.

        Args:
            samples: By athlete, as `Stream.push` takes them.

        Raises:
            DataError: An athlete did not join, or samples have another shape; then nothing of any
                is taken.
        """
        unknown = sorted(samples.keys() - self._streams.keys())
        if unknown:
            raise DataError(f"{unknown[:9]} did not join: only {list(self._streams)[:9]} did.")
        checked = {who: self._streams[who].checked(*given) for who, given in samples.items()}
        taken = {who: self._streams[who].take(*given) for who, given in checked.items()}
        return self._told(taken)

    def _told(self, taken: Mapping[str, list[Passage]]) -> dict[str, list[Event]]:
        shared = [who for who in taken if self._streams[who].predictor is self._predictor]
        own = [who for who in taken if self._streams[who].predictor is not self._predictor]
        order = [*shared, *own]
        windows = {who: [one.samples for p in taken[who] for one in p.windows] for who in order}
        every = [one for who in order for one in windows[who]]
        if not every:
            return {who: self._streams[who].tell(taken[who], None) for who in taken}
        features = self._predictor.features(np.stack(every))
        starts = np.cumsum([0, *(len(windows[who]) for who in order)])
        together = self._predictor.answers(features[: starts[len(shared)]])
        told = {}
        for number, who in enumerate(order):
            stream, first, end = self._streams[who], int(starts[number]), int(starts[number + 1])
            if number < len(shared):
                told[who] = stream.tell(taken[who], together, first)
            else:
                told[who] = stream.tell(taken[who], stream.predictor.answers(features[first:end]))
        return {who: told[who] for who in taken}
