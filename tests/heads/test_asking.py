from dataclasses import replace

import numpy as np
import pytest

from distride.data import Blocks
from distride.errors import TrainingError
from distride.heads import fit_head, next_movement, one_hot
from distride.heads.asking import ENOUGH

NAMES = ("run", "walk", "jump")
NOTHING = np.empty((0, 6), np.float32)


def squad(rng, windows, spread=1.0):
    """Features of three movements, of which the first two are alike."""
    truth = rng.integers(3, size=windows)
    centres = np.array([[3.0, 0, 0, 0, 0, 0], [2.0, 1.0, 0, 0, 0, 0], [0, 0, 6.0, 0, 0, 0]])
    return (centres[truth] + spread * rng.normal(size=(windows, 6))).astype(np.float32), truth


@pytest.fixture(scope="module")
def head():
    features, truth = squad(np.random.default_rng(0), 400)
    fitted = fit_head(features, one_hot(truth, 3), None, 1.0, NAMES, "label")
    scores = features @ fitted.weight.T + fitted.bias
    means = np.stack([scores[truth == one].mean(axis=0) for one in range(3)]).astype(np.float32)
    return replace(fitted, targets=10 * means, weight=10 * fitted.weight, bias=10 * fitted.bias)


def asked(head, features=NOTHING, labels=(), **more):
    """Of windows that were recorded apart from each other."""
    apart = Blocks(np.arange(len(labels)), np.eye(len(labels), dtype=bool))
    return next_movement(head, features, list(labels), apart, **more)


def test_at_first_it_asks_for_what_training_confused(head):
    told = asked(head)
    assert {told.movement, told.confused_with} == {"run", "walk"}
    assert told.windows == 0
    assert told.movement in told.reason
    assert f"{100 * told.gain:.2f} points" in told.reason


def test_it_asks_for_what_is_read_wrongly_of_this_athlete(head):
    features, truth = squad(np.random.default_rng(1), 30, spread=0.1)
    labels = np.array(NAMES, object)[truth]
    features[truth == 2] = features[truth == 2][:, [0, 1, 3, 2, 4, 5]]  # jumps like nobody
    mixed = asked(head, features[:9], labels[:9], weight=1e-6)
    assert mixed.movement == "jump"


def test_the_gain_falls_as_windows_come_and_at_last_it_is_enough(head):
    features, truth = squad(np.random.default_rng(2), 90, spread=0.1)
    rows, gains = [], []
    while len(rows) < 60:
        told = asked(head, features[rows], [NAMES[truth[row]] for row in rows])
        gains.append(told.gain)
        if told.enough:
            break
        left = [row for row in range(90) if row not in rows]
        rows.append(next(row for row in left if NAMES[truth[row]] == told.movement))
    assert told.enough
    assert told.gain < ENOUGH
    assert told.reason.startswith("Enough is recorded")
    assert len(rows) >= 3
    assert gains[-1] < gains[0]


def test_the_same_windows_give_the_same_answer_in_any_order(head):
    features, truth = squad(np.random.default_rng(3), 12)
    labels = [NAMES[one] for one in truth]
    order = np.random.default_rng(4).permutation(12)
    one, other = (
        asked(head, features, labels),
        asked(head, features[order], [labels[at] for at in order]),
    )
    assert one.movement == other.movement
    assert one.gain == pytest.approx(other.gain)


def test_only_what_the_athlete_can_do_is_asked_for(head):
    assert asked(head, among=["jump"]).movement == "jump"
    with pytest.raises(TrainingError, match="hop"):
        asked(head, among=["hop"])


def test_a_movement_of_their_own_is_asked_for_too(head):
    features = np.tile(np.array([[0, 0, 0, 4.0, 0, 0]], np.float32), (2, 1))
    told = asked(head, features, ["hop", "hop"], among=["hop"])
    assert (told.movement, told.windows) == ("hop", 2)


def test_a_number_has_no_movements(head):
    values = fit_head(np.eye(6, dtype=np.float32), np.ones((6, 1)), None, 1.0, (), "heart_rate")
    with pytest.raises(TrainingError, match="a number"):
        asked(values)
