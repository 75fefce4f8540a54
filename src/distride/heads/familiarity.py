"""None of these: whether a window is like any movement that was taught.

A softmax must choose among the movements it knows, and is often sure of itself on one it never saw.
So the features are asked, by the relative Mahalanobis distance (Ren et al. 2021, "A simple fix to
Mahalanobis distance for improving near-OOD detection", arXiv 2106.09022; the absolute one is Lee et
al. 2018, arXiv 1807.03888): how much better the nearest movement explains a window than does the
background, all of training taken together. With features ``x`` in units of their deviation over
training, means ``m_c`` of the movements and ``m`` of all, covariances ``Σ`` within movements and
``Σ₀`` of all,

    r = (x − m)ᵀ Σ₀⁻¹ (x − m) − min_c (x − m_c)ᵀ Σ⁻¹ (x − m_c)

Each covariance is shrunk by a share of its mean variance, because features are many and alike. All
of it follows from what a head keeps of its training, so a bundle grows by one row a movement.

Familiarity is the logistic function of ``r`` a feature, so that it lies between 0 and 1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from distride.heads.linear import Head

SHRINKAGE = 2e-3  # chosen on training athletes of six cohorts; 1e-3 to 5e-3 do as well
SMALLEST = 1e-6  # share of the mean variance; a feature that varies less tells nothing


@dataclass(frozen=True)
class Likeness:
    """How windows stand to training, before an athlete's own movements are looked at.

    Attributes:
        x: ``(window, feature)``, in units of training's deviation.
        common: ``(window,)``, what the distances from all movements share.
        nearest: ``(window,)``, the largest of what they do not share.
    """

    x: np.ndarray
    common: np.ndarray
    nearest: np.ndarray

    def __getitem__(self, rows: slice) -> "Likeness":
        return Likeness(self.x[rows], self.common[rows], self.nearest[rows])


@dataclass(frozen=True)
class Familiarity:
    """How like a taught movement windows are; features come in as the body gives them.

    Attributes:
        mean: ``(feature,)`` of all of training.
        deviation: ``(feature,)``, the unit of each feature.
        within: ``(feature, feature)``, the inverse of ``Σ``.
        background: ``(feature, feature)``, the inverse of ``Σ₀``.
        centres: ``(movement, feature)``, each movement's mean in those units.
    """

    mean: np.ndarray
    deviation: np.ndarray
    within: np.ndarray
    background: np.ndarray
    centres: np.ndarray

    @classmethod
    def of(cls, head: Head) -> "Familiarity":
        """What a shared head's training knew of its movements.

        Args:
            head: Of a classification.
        """
        features = head.weight.shape[1]
        sums = head.sums.astype(np.float64)
        counts = sums[:, -1:]
        windows = float(counts.sum())
        ridge = float(head.evidence[-1, -1]) - windows
        squares = head.evidence[:-1, :-1].astype(np.float64) - ridge * np.eye(features)
        mean, centres = sums[:, :-1].sum(axis=0) / windows, _centres(sums)
        between = (sums[:, :-1] / np.maximum(counts, np.finfo(float).tiny)).T @ sums[:, :-1]
        every = squares / windows - np.outer(mean, mean)
        variance = np.maximum(np.diag(every), 0.0)
        deviation = np.sqrt(variance + SMALLEST * variance.mean() + np.finfo(np.float32).tiny)
        unit = np.outer(deviation, deviation)
        return cls(
            mean,
            deviation,
            _inverse((squares - between) / windows / unit),
            _inverse(every / unit),
            (centres - mean) / deviation,
        )

    def with_movements_of(self, personal: Head) -> "OwnFamiliarity":
        """The same, to whom an athlete's own way of moving is familiar too.

        Their movements, new ones among them, stand beside those of training: nothing that was
        familiar becomes less so.
        """
        centres = (_centres(personal.sums.astype(np.float64)) - self.mean) / self.deviation
        return OwnFamiliarity(self, *self._apart(centres))

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Familiarity ``(window,)`` of features ``(window, feature)``, 0 to 1."""
        return self.judged(self.likeness(features))

    def likeness(self, features: np.ndarray) -> Likeness:
        """What is the same for all athletes, of features ``(window, feature)``."""
        x = (features - self.mean) / self.deviation
        return Likeness(x, ((x @ self._rest) * x).sum(axis=1), _nearest(x, *self._movements))

    def judged(self, likeness: Likeness) -> np.ndarray:
        """Familiarity ``(window,)``, 0 to 1."""
        return _familiarity(likeness.common + likeness.nearest, len(self.mean))

    @cached_property
    def _rest(self) -> np.ndarray:
        """What both distances have in common, ``(feature, feature)``."""
        return np.asarray(self.background - self.within)

    @cached_property
    def _movements(self) -> tuple[np.ndarray, np.ndarray]:
        return self._apart(self.centres)

    def _apart(self, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By what centres are told apart: ``(movement, feature)`` and squared lengths."""
        towards = centres @ self.within
        return towards, (towards * centres).sum(axis=1)


@dataclass(frozen=True)
class OwnFamiliarity:
    """Familiarity to whom an athlete's own movements are familiar too.

    Attributes:
        training: All that athletes have in common; shared by them.
        towards: ``(movement, feature)``, of the athlete's movements.
        lengths: ``(movement,)``, squared.
    """

    training: Familiarity
    towards: np.ndarray
    lengths: np.ndarray

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Familiarity ``(window,)`` of features ``(window, feature)``, 0 to 1."""
        return self.judged(self.training.likeness(features))

    def judged(self, likeness: Likeness) -> np.ndarray:
        """Familiarity ``(window,)``, 0 to 1."""
        own = _nearest(likeness.x, self.towards, self.lengths)
        relative = likeness.common + np.maximum(likeness.nearest, own)
        return _familiarity(relative, len(self.training.mean))


def _nearest(x: np.ndarray, towards: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return np.asarray((2 * x @ towards.T - lengths).max(axis=1))


def _familiarity(relative: np.ndarray, features: int) -> np.ndarray:
    return np.asarray(0.5 * (1 + np.tanh(relative / (2 * features))))


def _centres(sums: np.ndarray) -> np.ndarray:
    """Mean features of each movement that has windows."""
    taught = sums[sums[:, -1] > 0]
    return np.asarray(taught[:, :-1] / taught[:, -1:])


def _inverse(covariance: np.ndarray) -> np.ndarray:
    size = len(covariance)
    return np.linalg.inv(covariance + SHRINKAGE * np.trace(covariance) / size * np.eye(size))
