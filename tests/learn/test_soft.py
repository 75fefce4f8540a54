import numpy as np
import pytest

from distride.heads import softmax
from distride.learn import soft
from distride.learn.batches import Pool
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


def test_the_teacher_speaks_of_windows_without_a_label_alone(ground, taught):
    labels = soft_labels(ground, PART, CHANNELS)
    assert taught == {"fit": {"a1", "a2"}, "teacher": {"a0", "a1", "a2"}}
    pool = Pool(ground.windows, PART.everyone, CHANNELS, PART.labelled)
    known, measured = (pool.known(task) for task in ground.tasks)
    of_labelled = np.isin(owners(ground, PART), PART.labelled)
    assert (of_labelled & ~known).any()  # nobody labels all they do
    for scores, level in ((labels.trial, 1.0), (labels.final, 2.0)):
        assert (scores["label"][~known] == level).all()
        p = softmax(scores["label"][known])
        np.testing.assert_allclose(p[np.arange(len(p)), pool.truth["label"][known]], SURE)
        hertz = scores["speed"][measured, 0] * 0.5 + 1.0
        np.testing.assert_allclose(hertz, pool.truth["speed"][measured], atol=1e-6)
        assert (scores["speed"][~measured] == level).all()


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
