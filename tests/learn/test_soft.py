import numpy as np
import pytest

from distride.heads import softmax
from distride.learn import soft
from distride.learn.soft import SURE, soft_labels
from distride.learn.squad import Squad

from .conftest import CHANNELS

FULL = Squad(("a1", "a2"), ("a0",), ())
PART = Squad(("a1", "a2"), ("a0",), ("a3", "a4"))


@pytest.fixture
def taught(monkeypatch):
    """Names of teachers and whom each learnt from."""
    learnt = {}

    def spied(ground, name, pool):
        learnt[name] = set(pool.athletes)
        return []

    def opinion(ground, members, batches, numbers):
        name = list(learnt)[-1]
        level = {"fit": 1.0, "teacher": 2.0}[name]
        return {task.name: np.full((len(numbers), task.outputs), level) for task in ground.tasks}

    monkeypatch.setattr(soft, "taught", spied)
    monkeypatch.setattr(soft, "opinion", opinion)
    return learnt


def owners(ground, squad):
    return np.concatenate([[one] * len(ground.windows.of(one).x) for one in squad.everyone])


def test_the_teacher_speaks_of_athletes_without_labels_alone(ground, taught):
    labels = soft_labels(ground, PART, CHANNELS)
    assert taught == {"fit": {"a1", "a2"}, "teacher": {"a0", "a1", "a2"}}
    unlabelled = np.isin(owners(ground, PART), PART.unlabelled)
    for scores, level in ((labels.trial, 1.0), (labels.final, 2.0)):
        assert (scores["label"][unlabelled] == level).all()
        p = softmax(scores["label"][~unlabelled])
        truth = np.concatenate([ground.windows.of(one).y["label"] for one in PART.labelled])
        known = truth >= 0
        np.testing.assert_allclose(p[known, truth[known]], SURE, atol=1e-5)


def test_where_everybody_is_labelled_opinions_are_cross_fitted(ground, monkeypatch):
    seen = []

    def crossed(ground, groups, pool):
        seen.append((sorted(groups), pool.athletes))
        return {"label": np.zeros((len(pool), 3))}

    monkeypatch.setattr(soft, "cross_fitted", crossed)
    labels = soft_labels(ground, FULL, CHANNELS)
    assert seen == [([("a1",), ("a2",)], ("a0", "a1", "a2"))]
    assert labels.trial is labels.final


def test_somebodys_own_teacher_labels_everybodys_windows(ground):
    asked = []

    def teacher(x):
        asked.append(len(x))
        return {task.name: np.ones((len(x), task.outputs)) for task in ground.tasks}

    labels = soft_labels(ground, PART, CHANNELS, teacher)
    assert sum(asked) == len(owners(ground, PART))
    assert labels.final["label"].shape == (len(owners(ground, PART)), 3)
    assert not list(ground.folder.iterdir())  # no teacher of ours was trained
