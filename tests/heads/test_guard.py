import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.heads import fit_head, one_hot, personalize, with_one
from distride.heads.guard import guarded, held_out
from distride.heads.shared import solution_of

NAMES = ("run", "walk", "jump")
CENTRES = np.random.default_rng(1).normal(scale=1.5, size=(3, 8))


def windows(rng, truth, shift=0.0):
    return (CENTRES[truth] + shift + rng.normal(size=(len(truth), 8))).astype(np.float32)


def shared_head(rng):
    truth = rng.integers(3, size=300)
    head = fit_head(windows(rng, truth), one_hot(truth, 3), None, 1.0, NAMES, "label")
    return head


def calibration(rng, shots=6, shift=0.0):
    truth = np.repeat(np.arange(3), shots)
    groups = np.tile(np.arange(shots), 3)
    return windows(rng, truth, shift), np.array(NAMES, object)[truth], groups


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_held_out_scores_are_those_of_a_refit_without_the_group(seed, shots):
    rng = np.random.default_rng(seed)
    head = shared_head(rng)
    features, labels, groups = calibration(rng, shots)
    targets = one_hot(np.repeat(np.arange(3), shots), 3)
    fast = held_out(head, features, targets, groups, 10.0)
    for group in range(shots):
        rest, out = groups != group, groups == group
        refit = personalize(head, features[rest], labels[rest], 10.0)
        slow = with_one(features[out]) @ solution_of(refit)
        np.testing.assert_allclose(fast[out], slow, atol=1e-4)


def test_an_athlete_who_moves_differently_gets_their_own_head():
    rng = np.random.default_rng(0)
    # this athlete walks as the others run, and runs as they walk
    features, labels, groups = calibration(rng)
    swapped = {"run": "walk", "walk": "run", "jump": "jump"}
    own = np.array([swapped[label] for label in labels], object)
    verdict = guarded(shared_head(rng), features, own, groups, 100.0)
    assert verdict.live
    assert verdict.personal_score > verdict.shared_score + 0.3
    assert verdict.head.weight is not None
    assert "better" in verdict.reason


def test_the_guard_prevents_most_of_the_harm_of_wrong_labels():
    rng = np.random.default_rng(1)
    head = shared_head(rng)
    truth = rng.integers(3, size=500)
    fresh = windows(rng, truth)

    def accuracy(one):
        return (one.scores(fresh).argmax(axis=1) == truth).mean()

    harm = {"without": 0, "with": 0}
    for _ in range(20):
        features, labels, groups = calibration(rng)
        wrong = labels.copy()
        wrong[rng.choice(len(wrong), 5, replace=False)] = "jump"
        verdict = guarded(head, features, wrong, groups, 50.0)
        assert verdict.live or verdict.head is head
        personal = personalize(head, features, wrong, 50.0)
        harm["without"] += accuracy(personal) < accuracy(head) - 0.005
        harm["with"] += accuracy(verdict.head) < accuracy(head) - 0.005
    assert harm["without"] >= 8
    assert harm["with"] <= harm["without"] / 2


def test_too_few_windows_to_judge_leave_the_shared_head():
    rng = np.random.default_rng(2)
    head = shared_head(rng)
    features, labels, groups = calibration(rng, 1)
    verdict = guarded(head, features[:2], labels[:2], groups[:2])
    assert not verdict.live
    assert "too few" in verdict.reason


def test_a_class_in_one_group_only_is_judged_window_by_window():
    rng = np.random.default_rng(3)
    features, labels, _ = calibration(rng, 4)
    by_class = np.repeat(np.arange(3), 4)  # leaving a group out would take the whole class away
    by_window = np.arange(12)
    head = shared_head(rng)
    assert guarded(head, features, labels, by_class).reason == (
        guarded(head, features, labels, by_window).reason
    )


def test_a_new_movement_can_go_live():
    rng = np.random.default_rng(4)
    head = shared_head(rng)
    features, labels, groups = calibration(rng)
    hops = (np.full((6, 8), 4.0) + rng.normal(size=(6, 8))).astype(np.float32)
    verdict = guarded(
        head,
        np.concatenate([features, hops]),
        [*labels, *["hop"] * 6],
        np.concatenate([groups, np.arange(6)]),
    )
    assert verdict.live
    assert verdict.head.labels == (*NAMES, "hop")


@pytest.mark.parametrize(("value", "live"), [(4.0, True), (0.0, False)])
def test_a_regression_is_judged_by_its_error(value, live):
    rng = np.random.default_rng(5)
    features = rng.normal(size=(200, 8))
    others = rng.normal(size=(200, 1))
    head = fit_head(features, others, None, 1.0, (), "effort")
    own = value + np.random.default_rng(6).normal(size=12)
    verdict = guarded(head, rng.normal(size=(12, 8)), own, np.arange(12), 10.0)
    assert verdict.live == live
    assert verdict.shared_score < 0
