"""Many athletes live in one process: their windows go through the body together."""

from collections.abc import Mapping

import numpy as np

from distride.bundle import PersonalHead
from distride.errors import DataError
from distride.runtime.drift import Gravity
from distride.runtime.events import Event
from distride.runtime.passages import Passage, seen
from distride.runtime.predictor import Predictor
from distride.runtime.smoothing import Smoothing
from distride.runtime.stream import Stream
from distride.runtime.together import Samples, take_together


class Crowd:
    """Streams of one bundle; each tells what it would tell alone.

    Args:
        predictor: The bundle with its shared heads.
        smoothing: How steady the answers are.
    """

    def __init__(self, predictor: Predictor, smoothing: Smoothing | None = None) -> None:
        self._predictor = predictor
        self._smoothing = smoothing
        self._gravity = Gravity(predictor.bundle.manifest)
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
        told: dict[str, list[Event]] = {}
        for taken in take_together(self._streams, checked):
            told |= self._told(taken)
        return {who: told[who] for who in samples}

    def _told(self, taken: Mapping[str, list[Passage]]) -> dict[str, list[Event]]:
        windows = [one.samples for each in taken.values() for p in each for one in p.windows]
        if not windows:
            return {who: self._streams[who].tell(each, None) for who, each in taken.items()}
        x = np.stack(windows)
        features = self._predictor.features(x)
        likeness = self._predictor.likeness(features)
        together = seen(x, self._predictor.judged(features, likeness), self._gravity)
        told, first = {}, 0
        for who, passages in taken.items():
            stream, end = self._streams[who], first + sum(len(one.windows) for one in passages)
            if stream.predictor is self._predictor:
                told[who] = stream.tell(passages, together, first)
            else:
                rows = slice(first, end)
                alike = {task: one[rows] for task, one in likeness.items()}
                own = stream.predictor.judged(features[rows], alike)
                told[who] = stream.tell(passages, together.answered(own, first, end))
            first = end
        return told
