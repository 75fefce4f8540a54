from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.heads import fit_head, one_hot, personalize, with_one
from distride.heads.guard import STEPS, guarded, held_out
from distride.heads.personal import rehearsed

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
def test_held_out_scores_are_those_of_a_refit_without_the_group_and_what_is_near(seed, shots):
    rng = np.random.default_rng(seed)
    prior = rehearsed(shared_head(rng), NAMES, np.ones(3))
    features, _, groups = calibration(rng, shots)
    targets, counts = one_hot(np.repeat(np.arange(3), shots), 3), rng.uniform(1, 20, 3 * shots)
    chance = rng.random((len(groups), len(groups))) < 0.2
    near = chance | chance.T
    fast = held_out(prior, features, targets, groups, counts, near)
    for group in range(shots):
        judged = groups == group
        kept = ~(judged | near[judged].any(axis=0))
        refit = prior.after(with_one(features[kept]), targets[kept], counts[kept])
        slow = with_one(features[judged]) @ refit.solution
        np.testing.assert_allclose(fast[judged], slow, atol=1e-6)


def test_an_athlete_who_moves_differently_gets_their_own_head():
    rng = np.random.default_rng(0)
    # this athlete walks as the others run, and runs as they walk
    features, labels, groups = calibration(rng)
    swapped = {"run": "walk", "walk": "run", "jump": "jump"}
    own = np.array([swapped[label] for label in labels], object)
    verdict = guarded(shared_head(rng), features, own, groups, 1.0)
    assert verdict.live
    assert verdict.personal_score > verdict.shared_score + 0.3
    assert verdict.step == 1
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


def test_of_a_regression_whole_groups_judge():
    # each recording has an offset of its own, as a strap that slips: none tells of the next
    rng = np.random.default_rng(8)
    features, others = rng.normal(size=(200, 8)), rng.normal(size=(200, 1))
    head = fit_head(features, others, None, 1.0, (), "effort")
    recording = np.repeat(np.arange(6), 10)
    windows = rng.normal(size=(60, 8)) + rng.normal(scale=2.0, size=(6, 8))[recording]
    own = rng.normal(scale=2.0, size=6)[recording] + rng.normal(scale=0.1, size=60)
    whole = guarded(head, windows, own, recording)
    single = guarded(head, windows, own, np.arange(60))
    assert whole.personal_score < single.personal_score
    assert single.live
    assert not whole.live


def test_a_regression_in_one_group_is_too_little():
    rng = np.random.default_rng(9)
    head = fit_head(rng.normal(size=(50, 8)), rng.normal(size=(50, 1)), None, 1.0, (), "effort")
    verdict = guarded(head, rng.normal(size=(12, 8)), rng.normal(size=12), np.zeros(12))
    assert "1 groups of windows are too few" in verdict.reason


def test_what_only_neighbours_say_is_not_believed():
    # the athlete drifts: each window is like the one before it and unlike those a while later
    rng = np.random.default_rng(7)
    head, shots = shared_head(rng), 9
    truth = np.repeat(np.arange(3), shots)
    drift = np.cumsum(rng.normal(scale=2.0, size=(3, shots, 8)), axis=1).reshape(-1, 8)
    features = windows(rng, truth) + drift.astype(np.float32)
    when = np.tile(np.arange(shots), 3)
    near = (np.abs(when[:, None] - when) < 4) & (truth[:, None] == truth)
    labels = np.array(NAMES, object)[truth]
    trusting = guarded(head, features, labels, when)
    wary = guarded(head, features, labels, when, near=near)
    assert wary.personal_score < trusting.personal_score


def test_a_gentler_head_may_go_live_where_the_full_one_is_not_sure():
    habits = np.random.default_rng(99).normal(scale=2.0, size=(3, 8)).repeat(4, axis=0)
    steps = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        head = replace(shared_head(rng), temperature=0.3)
        features, labels, groups = calibration(rng, 4, habits)
        verdict = guarded(head, features, labels, groups, 10.0)
        assert verdict.live == (verdict.step > 0)
        assert verdict.live == (verdict.head is not head)
        steps.append(verdict.step)
    assert {0, 1} < set(steps)
    assert set(steps) <= {0, *STEPS}


def test_an_athlete_who_moves_as_all_do_is_seldom_harmed():
    harm = {"without": 0, "with": 0}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        head = shared_head(rng)
        features, labels, groups = calibration(rng, 5)
        truth = rng.integers(3, size=2000)
        fresh = windows(rng, truth)
        least = (head.scores(fresh).argmax(axis=1) == truth).mean() - 0.005
        own = {
            "without": personalize(head, features, labels, 1.0),
            "with": guarded(head, features, labels, groups, 1.0).head,
        }
        for name, one in own.items():
            harm[name] += (one.scores(fresh).argmax(axis=1) == truth).mean() < least
    assert harm["without"] >= 20
    assert harm["with"] <= 4


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_where_nothing_is_left_to_judge_by_rounding_lets_no_head_live(seed):
    rng = np.random.default_rng(seed)
    features = windows(rng, rng.integers(3, size=300))
    head = fit_head(features, features[:, :1] * 20 + 120, None, 1.0, (), "heart_rate")
    own = windows(rng, np.zeros(4, int), shift=1.0)
    values, near = rng.uniform(60, 180, 4), np.ones((4, 4), bool)
    assert not guarded(head, own, values, np.arange(4), 20.0, near).live
