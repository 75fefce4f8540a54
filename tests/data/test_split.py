import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.data import athlete_folds, blocks_of, calibration_split, shots_of, training_groups
from distride.errors import TrainingError


@given(count=st.integers(4, 40), seed=st.integers(0, 99))
def test_every_athlete_is_held_out_once_and_never_trains_then(count, seed):
    names = tuple(f"a{number:02d}" for number in range(count))
    folds = athlete_folds(names, seed)
    assert len(folds) == min(count, 10)
    assert sorted(name for fold in folds for name in fold.held_out) == list(names)
    for fold in folds:
        assert set(fold.training).isdisjoint(fold.held_out)
        assert set(fold.training) | set(fold.held_out) == set(names)


def test_one_athlete_is_too_few():
    with pytest.raises(TrainingError, match="at least 4"):
        athlete_folds(("ann",), 0)


def test_groups_share_nobody():
    groups = training_groups(tuple("abcdefg"), 2, 0)
    assert sorted(len(group) for group in groups) == [3, 4]
    assert sorted(groups[0] + groups[1]) == list("abcdefg")


def test_the_past_calibrates_and_the_future_tests_with_a_gap_between():
    start_s = np.tile(np.arange(40) * 1.5, 2)
    recording = np.repeat([0, 1], 40)
    classes = np.repeat([0, 1], 40)  # one class a recording
    split = calibration_split(classes, recording, start_s, 3.0)
    for one in (0, 1):
        early = start_s[split.calibration][classes[split.calibration] == one]
        late = start_s[split.test][classes[split.test] == one]
        assert late.min() - early.max() >= 6.0  # the window itself, and one more


def test_unlabelled_windows_are_in_neither_half():
    classes = np.array([0, -1, 0, -1, 0, 0])
    split = calibration_split(classes, np.arange(6), np.zeros(6), 3.0)
    assert split.calibration.tolist() == [0, 2]
    assert split.test.tolist() == [4, 5]


def test_fewer_shots_are_a_part_of_more():
    classes = np.repeat([0, 1, 2], 20)
    pool = np.arange(60)
    few, many = shots_of(classes, pool, 3, 7), shots_of(classes, pool, 10, 7)
    assert set(few) <= set(many)
    assert np.bincount(classes[few]).tolist() == [3, 3, 3]


def test_groups_are_the_same_for_the_same_seed_whatever_the_order():
    assert training_groups("abcdefg", 3, 1) == training_groups("gfedcba", 3, 1)
    assert training_groups("abcdefg", 3, 1) != training_groups("abcdefg", 3, 2)


def test_a_class_with_few_windows_gives_what_it_has():
    classes = np.array([0] * 9 + [1] * 2)
    chosen = shots_of(classes, np.arange(11), 5, 0)
    assert np.bincount(classes[chosen]).tolist() == [5, 2]
    assert len(set(chosen)) == 7
    assert shots_of(classes, np.arange(11), 0, 0).size == 0


def test_blocks_are_recordings_where_there_are_enough_of_them():
    recording = np.repeat([0, 1, 2, 3], 4)
    labels = np.tile(["a", "b"], 8)
    blocks = blocks_of(labels, recording, np.tile(np.arange(4) * 1.5, 4), 3.0)
    for one in np.unique(recording):
        assert len(np.unique(blocks.groups[recording == one])) == 1
    assert set(blocks.groups) == {0, 1, 2}


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.integers(1, 2))
def test_blocks_are_stretches_of_time_of_each_label(labels, recordings):
    labels = np.array(labels)
    recording = np.arange(len(labels)) * recordings // len(labels)
    start_s = np.arange(len(labels)) * 1.5
    blocks = blocks_of(labels, recording, start_s, 3.0)
    for one in np.unique(labels):
        own = blocks.groups[labels == one]
        assert (np.diff(own) >= 0).all()
        assert len(np.unique(own)) == min(3, len(own))
    apart = np.abs(start_s[:, None] - start_s)
    assert (blocks.near == ((apart < 6.0) & (recording[:, None] == recording))).all()
