from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from distride.config import Recipe, recipe_from
from distride.errors import TrainingError
from distride.learn import distill
from distride.learn.batches import Pool
from distride.learn.distill import ALONE, SMOOTHED, Choice, choose, soft_labels, squad_of, students
from distride.learn.fold import Clock, Desk, learn
from distride.learn.losses import Objective

from .conftest import ATHLETES, CHANNELS, cut, recorded

SQUAD = distill.Squad(("a1", "a2"), ("a0",), ("a3", "a4"))


def labelled(count):
    return recipe_from({"distillation": {"labelled_athletes": count}})


@given(count=st.integers(3, 40), keep=st.integers(0, 40), seed=st.integers(0, 99))
def test_nobody_has_two_parts(count, keep, seed):
    names = tuple(f"a{number:02d}" for number in range(count))
    squad = squad_of(names, labelled(keep), seed)
    assert sorted(squad.fit + squad.validate + squad.unlabelled) == list(names)
    assert squad.everyone == names
    assert len(squad.labelled) == min(keep or count, count)
    assert squad.fit
    assert squad == squad_of(names, labelled(keep), seed)


def test_one_in_five_validates_and_at_least_one_of_two():
    for count, validating in ((2, 1), (5, 1), (9, 1), (10, 2), (30, 6)):
        squad = squad_of(tuple(f"a{number:02d}" for number in range(count)), Recipe(), 0)
        assert len(squad.validate) == validating


def test_who_has_no_label_is_unlabelled():
    names = tuple("abcdefgh")
    squad = squad_of(names, Recipe(), 0, known=tuple("ceg"))
    assert squad.labelled == tuple("ceg")
    assert squad.unlabelled == tuple("abdfh")
    assert len(squad_of(names, labelled(2), 0, known=tuple("ceg")).labelled) == 2


def everyones(ground):
    """The pool of a squad, and opinions that are wrong and say so firmly."""
    pool = Pool(ground.windows, SQUAD.everyone, CHANNELS, SQUAD.labelled)
    soft = {task.name: np.zeros((len(pool), task.outputs), np.float32) for task in ground.tasks}
    return pool, soft


def scripted(monkeypatch, scores):
    """Trials that cost nothing; each named net gets its score on the validating athletes."""
    seen = {}

    def student(ground, name, objective, pool, soft=None):
        seen[name] = (objective, pool, soft)
        return name

    monkeypatch.setattr(distill, "student", student)
    monkeypatch.setattr(distill, "validated", lambda ground, net, *pools: scores[net])
    return seen


@pytest.mark.parametrize(("distilled", "ships"), [(0.9, "student"), (0.8, "student_alone")])
def test_distillation_ships_only_where_validating_athletes_gain(
    ground, altered, monkeypatch, distilled, ships
):
    scores = {"trial-alone": 0.8, "trial-a0.2-t2": 0.5, "trial-a0.7-t2": distilled}
    seen = scripted(monkeypatch, scores)
    ground = replace(ground, recipe=altered(ground.recipe, "distillation", alphas=(0.2, 0.7)))
    choice = choose(ground, SQUAD, *everyones(ground))
    assert choice.ships == ships
    assert choice.objective == Objective(0.7, 2.0)
    assert choice.trials == scores
    assert choice.stand_in == ("trial-a0.7-t2" if ships == "student" else "trial-alone")
    for name, (objective, pool, soft) in seen.items():
        assert "a0" not in pool.athletes, name  # who judges does not teach
        assert (soft is None) == (objective == ALONE)
        known = pool.truth["label"][np.isin(pool.athletes, SQUAD.unlabelled)[pool.athlete]]
        assert (known == -1).all(), name


def test_the_controls_learn_from_labels_alone(ground, monkeypatch):
    seen = scripted(monkeypatch, {})
    pool, soft = everyones(ground)
    choice = Choice(Objective(0.7, 2.0), "student", {}, "trial", None)
    students(ground, SQUAD, pool, soft, choice)
    assert {name: one[0] for name, one in seen.items()} == {
        "student": Objective(0.7, 2.0),
        "student_alone": ALONE,
        "student_label_smoothing": SMOOTHED,
    }
    for name in ("student_alone", "student_label_smoothing"):
        assert seen[name][1].athletes == SQUAD.labelled
        assert seen[name][2] is None
    assert seen["student"][1].athletes == SQUAD.everyone


@pytest.fixture(scope="module")
def retold(tmp_path_factory):
    """The same recordings, but who is unlabelled in `SQUAD` is said to do something else."""
    other = ("slow", "fast", "stand", "fast")
    recordings = [
        recorded(athlete, other) if athlete in SQUAD.unlabelled else recorded(athlete)
        for athlete in ATHLETES
    ]
    return cut(tmp_path_factory.mktemp("retold"), recordings)


def learnt(ground, windows, folder):
    folder.mkdir()
    ground = replace(ground, windows=windows, folder=folder)
    desk = Desk(ground, None, SQUAD, CHANNELS, CHANNELS, Clock())
    return learn(desk, None)


def test_labels_of_the_unlabelled_change_nothing(ground, retold, tmp_path):
    told = learnt(ground, ground.windows, tmp_path / "told")
    untold = learnt(ground, retold, tmp_path / "untold")
    assert told.choice.trials == untold.choice.trials
    for name, net in told.nets.items():
        for one, other in zip(net.parameters(), untold.nets[name].parameters(), strict=True):
            assert torch.equal(one, other), name
    for task, head in told.shipped.heads.items():
        np.testing.assert_array_equal(head.weight, untold.shipped.heads[task].weight)


def test_two_labelled_athletes_are_too_few_to_distil(ground):
    squad = squad_of(ATHLETES, labelled(2), 0)
    desk = Desk(ground, None, squad, CHANNELS, CHANNELS, Clock())
    with pytest.raises(TrainingError, match=r"2 athlete\(s\) .* raise distillation"):
        learn(desk, None)


def test_somebodys_own_teacher_labels_everybodys_windows(ground):
    asked = []

    def teacher(x):
        asked.append(len(x))
        return {task.name: np.ones((len(x), task.outputs)) for task in ground.tasks}

    soft = soft_labels(ground, SQUAD, CHANNELS, teacher)
    windows = sum(len(ground.windows.of(athlete).x) for athlete in SQUAD.everyone)
    assert sum(asked) == windows
    assert soft["label"].shape == (windows, 3)
    assert not list(ground.folder.iterdir())  # no teacher of ours was trained
