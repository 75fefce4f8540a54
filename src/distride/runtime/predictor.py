"""From raw windows to answers, as on the device."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from distride.bundle import Bundle, PersonalHead
from distride.bundle.session import BodyRunner
from distride.errors import BundleError
from distride.heads import Familiarity, Guard, Head, Likeness, OwnFamiliarity

Precision = Literal["fp32", "int8"]


@dataclass(frozen=True)
class Prediction:
    """Answers for some windows.

    Attributes:
        probabilities: By classification task, ``(window, class)``.
        labels: By classification task, the names of the classes.
        familiarity: By classification task, ``(window,)``: how like a taught movement, 0 to 1.
        values: By regression task, ``(window,)`` in the task's unit.
    """

    probabilities: Mapping[str, np.ndarray]
    labels: Mapping[str, tuple[str, ...]]
    familiarity: Mapping[str, np.ndarray]
    values: Mapping[str, np.ndarray]

    @cached_property
    def confidence(self) -> Mapping[str, np.ndarray]:
        """By classification task, ``(window,)`` probability of the most probable class."""
        return {task: each.max(axis=1) for task, each in self.probabilities.items()}

    def answers(self, task: str) -> np.ndarray:
        """``(window,)`` names of the most probable classes."""
        names = np.array(self.labels[task], dtype=object)
        return np.asarray(names[self.probabilities[task].argmax(axis=1)])


class Predictor:
    """A bundle's scaler, body and heads; `with_head` gives an athlete their own.

    Args:
        bundle: Whose.
        precision: Of the body.

    Raises:
        BundleError: There is no such precision.
    """

    def __init__(self, bundle: Bundle, precision: Precision = "fp32") -> None:
        if precision not in ("fp32", "int8"):
            raise BundleError(f"The precision is '{precision}': 'fp32' or 'int8' is allowed.")
        self.bundle = bundle
        self._scale = bundle.manifest.scaling
        self._body = BodyRunner(bundle.body_onnx if precision == "fp32" else bundle.body_int8)
        self._known = {
            task: _known(shared) for task, shared in bundle.heads.items() if shared.labels
        }
        self.heads: Mapping[str, Head] = bundle.heads
        self._familiarity: Mapping[str, Familiarity | OwnFamiliarity] = self._known

    def with_head(self, head: PersonalHead) -> "Predictor":
        """The same for an athlete with heads of their own; the body is shared, and loaded once.

        Raises:
            BundleError: The heads fit another body.
        """
        if head.body_sha256 != self.bundle.body_sha256:
            raise BundleError(
                f"The head of '{head.athlete}' fits another body than this bundle's: personalise "
                "again with this bundle."
            )
        own = copy.copy(self)
        own.heads = {**self.bundle.heads, **head.heads}
        own._familiarity = {
            task: known.with_movements_of(head.heads[task]) if task in head.heads else known
            for task, known in self._known.items()
        }
        return own

    @cached_property
    def guards(self) -> Mapping[str, Guard]:
        """By task, what finds and judges an athlete's own head."""
        return {task: Guard(head) for task, head in self.bundle.heads.items()}

    def features(self, x: np.ndarray) -> np.ndarray:
        """``(window, feature)`` of raw windows ``(window, channel, time)`` in SI units.

        What is absent is NaN.
        """
        spec = self.bundle.manifest.spec
        expected = (len(spec.channels), spec.window_samples)
        if x.ndim != 3 or x.shape[1:] != expected:
            raise BundleError(
                f"The windows have the shape {x.shape}: (window, {expected[0]}, {expected[1]}) is "
                "what this bundle sees."
            )
        return self._body(self._scale(x))

    def predict(self, x: np.ndarray) -> Prediction:
        """Answers of every task for raw windows."""
        return self.answers(self.features(x))

    def answers(self, features: np.ndarray) -> Prediction:
        """Answers of every task for the body's features ``(window, feature)``."""
        return self.judged(features, self.likeness(features))

    def likeness(self, features: np.ndarray) -> dict[str, Likeness]:
        """By classification task, how windows stand to training, whoever's heads are worn."""
        return {task: known.likeness(features) for task, known in self._known.items()}

    def judged(self, features: np.ndarray, likeness: Mapping[str, Likeness]) -> Prediction:
        """As `answers`, of features whose likeness is known."""
        named = {task: head for task, head in self.heads.items() if head.labels}
        return Prediction(
            probabilities={task: head.probabilities(features) for task, head in named.items()},
            labels={task: head.labels for task, head in named.items()},
            familiarity={
                task: one.judged(likeness[task]) for task, one in self._familiarity.items()
            },
            values={
                task: head.scores(features)[:, 0]
                for task, head in self.heads.items()
                if not head.labels
            },
        )


def _known(head: Head) -> Familiarity:
    try:
        return Familiarity.of(head)
    except np.linalg.LinAlgError as error:
        raise BundleError(
            f"The bundle's head '{head.task}' holds sums that no training gives ({error}): copy "
            "the bundle again from its source."
        ) from error
