"""Training athletes by their part in a fold: who teaches, who chooses, who is only recorded."""

from dataclasses import dataclass

import numpy as np

from distride.config import Recipe

VALIDATION_SHARE = 5  # one training athlete in five chooses, the others teach


@dataclass(frozen=True)
class Squad:
    """Training athletes by their part in a fold.

    Attributes:
        fit: Labelled; trials learn from them.
        validate: Labelled; they choose between trials, then join the final training.
        unlabelled: Recorded only: the teacher's opinion is all that is known of them.
    """

    fit: tuple[str, ...]
    validate: tuple[str, ...]
    unlabelled: tuple[str, ...]

    @property
    def labelled(self) -> tuple[str, ...]:
        """All whose labels may be used."""
        return tuple(sorted(self.fit + self.validate))

    @property
    def everyone(self) -> tuple[str, ...]:
        """All whose recordings may be used."""
        return tuple(sorted(self.labelled + self.unlabelled))

    @property
    def silent(self) -> float:
        """The share of them that have no labels."""
        return round(len(self.unlabelled) / len(self.everyone), 2)


def squad_of(
    athletes: tuple[str, ...], recipe: Recipe, seed: int, known: tuple[str, ...] | None = None
) -> Squad:
    """Who is labelled, who validates; drawn by the seed.

    Args:
        athletes: Of the training.
        recipe: It may bound how many keep their labels.
        seed: Of the draw.
        known: Those of them who have labels at all; everybody if not given.
    """
    order = list(np.random.default_rng(seed).permutation(np.array(athletes)))
    candidates = [name for name in order if known is None or name in known]
    labelled = candidates[: recipe.distillation.labelled_athletes or None]
    unlabelled = [name for name in order if name not in labelled]
    count = min(len(labelled) - 1, max(1, len(labelled) // VALIDATION_SHARE))
    return Squad(
        tuple(sorted(map(str, labelled[count:]))),
        tuple(sorted(map(str, labelled[:count]))),
        tuple(sorted(map(str, unlabelled))),
    )
