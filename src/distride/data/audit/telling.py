"""How well one number tells the class of athletes it was not learnt from."""

import numpy as np

FOLDS = 10
REACH = 4  # neighbours on either side


def told_classes(values: np.ndarray, classes: np.ndarray, athlete: np.ndarray) -> np.ndarray:
    """``(class,)`` F1 on unseen athletes, every class counted as equally frequent.

    A block is given the class that is commonest among the blocks of other athletes with the
    nearest values. What is unknown is a value too, so that a column which is only there in one
    class is seen.

    Args:
        values: ``(block,)``, NaN where unknown.
        classes: ``(block,)`` numbers from 0, each at least once.
        athlete: ``(block,)`` numbers.
    """
    values = np.where(np.isfinite(values), values, np.inf)
    weight = 1 / np.bincount(classes)
    answers = np.zeros(len(values), np.int64)
    fold = athlete % FOLDS
    for held_out in np.unique(fold):
        training, test = fold != held_out, fold == held_out
        if training.any():
            answers[test] = _nearest(values[training], classes[training], values[test], weight)
    hit = np.bincount(classes, (answers == classes) * weight[classes])
    said = np.bincount(answers, weight[classes], minlength=len(weight))
    return np.asarray(2 * hit / (1 + said))


def _nearest(
    known: np.ndarray, classes: np.ndarray, asked: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    # Equal values come in any order: in that of athletes one class would hide another.
    shuffled = np.random.default_rng(0).permutation(len(known))
    order = shuffled[np.argsort(known[shuffled], kind="stable")]
    ranked = known[order]
    middle = (np.searchsorted(ranked, asked) + np.searchsorted(ranked, asked, "right")) // 2
    rows = np.clip(middle[:, None] + np.arange(-REACH, REACH + 1), 0, len(order) - 1)
    near = classes[order[rows]]
    cells = np.arange(len(asked))[:, None] * len(weight) + near
    votes = np.bincount(cells.ravel(), weight[near].ravel(), len(asked) * len(weight))
    return np.asarray(votes.reshape(len(asked), len(weight)).argmax(axis=1))
