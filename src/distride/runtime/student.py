"""What a device holds: a bundle that predicts, streams, and learns how an athlete moves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from distride.bundle import Bundle, PersonalHead
from distride.data import Recording, blocks_of
from distride.errors import BundleError, DataError
from distride.heads import Suggestion, next_movement
from distride.heads.personal import WEIGHT
from distride.runtime.adapt import labelled, personal_head
from distride.runtime.checks import usable
from distride.runtime.crowd import Crowd
from distride.runtime.predictor import Precision, Predictor
from distride.runtime.smoothing import Smoothing
from distride.runtime.stream import Stream


class Student:
    """A bundle at work. `distride.Bundle` is this class.

    Args:
        bundle: As read from its file.
        precision: "fp32", or "int8" for the quantised body.
    """

    def __init__(self, bundle: Bundle, precision: Precision = "fp32") -> None:
        self.bundle = bundle
        self.precision: Precision = precision
        self.predictor = Predictor(bundle, precision=precision)

    @classmethod
    def open(cls, path: str | Path, precision: Precision = "fp32") -> "Student":
        """Read a bundle.

        Raises:
            BundleError: Anything in it is not exactly as the specification says.
        """
        return cls(Bundle.open(path), precision)

    def personalize(
        self,
        recordings: Sequence[Recording],
        weight: float = WEIGHT,
        created: datetime | None = None,
    ) -> PersonalHead:
        """An athlete's own heads, in milliseconds; labels the model does not know are learnt too.

        Tasks in which the guard finds no sure gain keep the shared head; `reasons` says so.

        Args:
            recordings: Of one athlete, labelled.
            weight: Of a window of the athlete, as in `heads.personalize`.
            created: Goes to the file; now, if not given.

        Raises:
            DataError: No recordings, several athletes, no channel of the bundle, samples that are
                too slow, the same samples under other labels, or no labelled window in any of them.
        """
        return personal_head(self.predictor, recordings, created or datetime.now(UTC), weight)

    def next_movement(
        self,
        recordings: Sequence[Recording] = (),
        task: str = "",
        among: Sequence[str] | None = None,
    ) -> Suggestion:
        """Which movement to ask an athlete for next, and whether what they recorded is enough.

        Args:
            recordings: Of one athlete, labelled, so far; none at first.
            task: Whose movements; the first classification if not given.
            among: The movements that the athlete can do; all if not given.

        Raises:
            DataError: The bundle has no such classification, or cannot learn from the recordings.
            TrainingError: It has none of those movements.
        """
        heads = [
            head for name, head in self.bundle.heads.items() if head.labels and task in ("", name)
        ]
        if not heads:
            raise DataError(
                f"The bundle has the tasks {list(self.bundle.heads)}: '{task}' names none of them "
                "whose answers are movements."
            )
        manifest, head = self.bundle.manifest, heads[0]
        own = usable(recordings, manifest.spec) if recordings else ()
        windows = labelled(own, manifest.spec, head)
        recording, start_s = windows.recording, windows.start_s
        blocks = blocks_of(windows.labels, recording, start_s, manifest.spec.window_s)
        features = np.empty((0, manifest.body.features), np.float32)
        if len(windows.labels):
            features = self.predictor.features(windows.x)
        weight = WEIGHT * windows.quality
        return next_movement(head, features, windows.labels, blocks, weight, among)

    def stream(
        self,
        head: PersonalHead | None = None,
        source_hz: float | None = None,
        smoothing: Smoothing | None = None,
    ) -> Stream:
        """A live reading of one athlete.

        Args:
            head: The athlete's own.
            source_hz: Rate at which samples will come; the bundle's own if not given.
            smoothing: How steady the answers are.

        Raises:
            BundleError: The head is none, or of another body.
            DataError: No sensor has such a rate.
        """
        if not isinstance(head, PersonalHead | None):
            raise BundleError(
                f"The head is {head!r:.80}, which is none: read its file with "
                "student.bundle.personal_head(path)."
            )
        predictor = self.predictor if head is None else self.predictor.with_head(head)
        return Stream(predictor, source_hz, smoothing)

    def crowd(self, smoothing: Smoothing | None = None) -> Crowd:
        """A live reading of many athletes at once.

        Args:
            smoothing: How steady the answers are.
        """
        return Crowd(self.predictor, smoothing)
