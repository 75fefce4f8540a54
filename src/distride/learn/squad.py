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
    def unlabelled_share(self) -> float:
        """The share of them that have no labels."""
        return round(len(self.unlabelled) / len(self.everyone), 2)


def squad_of(
    athletes: tuple[str, ...],
    recipe: Recipe,
    seed: int,
    lot: int,
    known: tuple[str, ...] | None = None,
) -> Squad:
    """Who is labelled, who validates.

    Args:
        athletes: Of the training.
        recipe: It may bound how many keep their labels.
        seed: Of the order in which labelled athletes validate.
        lot: Seed of the draw of those who keep their labels. Every fold has its own: else a table
            of few labelled athletes would be about the same few.
        known: Those of them who have labels at all; everybody if not given.
    """
    order = list(np.random.default_rng(seed).permutation(np.array(athletes)))
    candidates = [name for name in athletes if known is None or name in known]
    drawn = np.random.default_rng(lot).permutation(np.array(candidates))
    kept = set(drawn[: recipe.distillation.labelled_athletes or None].tolist())
    labelled = [name for name in order if name in kept]
    unlabelled = [name for name in order if name not in labelled]
    count = min(len(labelled) - 1, max(1, len(labelled) // VALIDATION_SHARE))
    return Squad(
        tuple(sorted(map(str, labelled[count:]))),
        tuple(sorted(map(str, labelled[:count]))),
        tuple(sorted(map(str, unlabelled))),
    )
