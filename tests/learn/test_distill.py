from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.config import recipe_from
from distride.data import Fold
from distride.errors import TrainingError
from distride.heads import softmax
from distride.learn import distill
from distride.learn.batches import Pool
from distride.learn.choice import Trial
from distride.learn.distill import (
    ALONE,
    choose,
    one_task_students,
    students,
    validated,
    ways_of,
)
from distride.learn.fold import Clock, Desk, learn
from distride.learn.ground import Training, scores_of, seeded
from distride.learn.lessons import lessons
from distride.learn.loop import Schedule
from distride.learn.losses import Objective
from distride.learn.squad import Squad, squad_of
from distride.models.student import Student, StudentConfig

from .conftest import ATHLETES, CHANNELS, cut, recorded

SQUAD = Squad(("a1", "a2"), ("a0",), ("a3", "a4"))


def with_labels(count):
    return recipe_from({"distillation": {"labelled_athletes": count}})


FULL = Squad(("a1", "a2", "a3", "a4"), ("a0",), ())


def taught_by(ground, squad=SQUAD):
    """Lessons of a teacher that is hardly sure, but always of the same class."""

    def teacher(x):
        scores = {task.name: np.zeros((len(x), task.outputs), np.float32) for task in ground.tasks}
        scores["label"][:, 1] = 0.1
        return scores

    unjudged = tuple(sorted(squad.fit + squad.unlabelled))
    return lessons(ground, "fit", (CHANNELS, CHANNELS), (squad.fit, unjudged), teacher)


def scripted(monkeypatch, scores):
    """Trials that cost nothing; each named net gets its score on the validating athletes."""
    seen = {}

    def student(ground, name, objective, pool, taught=None):
        seen[name] = (objective, pool, taught)
        return name

    def tried(ground, net, judge):
        assert judge.athletes == ("a0",)
        return Trial(scores[net], np.full(2, scores[net]))

    monkeypatch.setattr(distill, "student", student)
    monkeypatch.setattr(distill, "tried", tried)
    return seen


@pytest.mark.parametrize(
    ("distilled", "alone", "ships", "stand_in"),
    [
        (0.9, 0.7, "student", "trial-a0.7-t2"),
        (0.79, 0.7, "student", "trial-a0.7-t2"),
        (0.7, 0.75, "student_label_smoothing", "trial-student_label_smoothing"),
        (0.85, 0.9, "student_alone", "trial-student_alone"),
    ],
)
def test_the_distilled_student_ships_unless_it_is_clearly_beaten_on_validating_athletes(  # noqa: PLR0913
    ground, altered, monkeypatch, distilled, alone, ships, stand_in
):
    scores = {
        "trial-student_alone": alone,
        "trial-student_label_smoothing": 0.8,
        "trial-a0.2-t2": 0.5,
        "trial-a0.7-t2": distilled,
        "trial-student_hard_labels-a0.2-t1": 0.7,
        "trial-student_hard_labels-a0.7-t1": 0.6,
    }
    seen = scripted(monkeypatch, scores)
    ground = replace(ground, recipe=altered(ground.recipe, "distillation", alphas=(0.2, 0.7)))
    choice = choose(ground, FULL, CHANNELS, taught_by(ground, FULL))
    assert choice.ships == ships
    assert (choice.distilled.alpha, choice.distilled.objective) == (0.7, Objective(2.0, 0.1))
    assert choice.ways["student_hard_labels"].alpha == 0.2
    assert choice.trials == scores
    assert choice.stand_in == stand_in
    assert choice.score == scores[stand_in]
    for name, (_, pool, taught) in seen.items():
        assert pool.athletes == FULL.fit, name  # who judges does not teach
        untaught = name in ("trial-student_alone", "trial-student_label_smoothing")
        assert (taught is None) == untaught, name
        if taught:
            assert taught.own.pool.athletes == FULL.fit
            assert taught.count == round(32 * (0.2 if "0.2" in name else 0.7))


def test_values_have_no_softness_to_be_told_from_decisions(ground):
    values = replace(ground, tasks=ground.tasks[1:])
    names = {way.name for way in ways_of(values, FULL)}
    assert names == {"student", "student_alone"}


def test_the_teacher_speaks_at_least_of_those_of_whom_nobody_else_does(ground, altered):
    ground = replace(ground, recipe=altered(ground.recipe, "distillation", alphas=(0.2, 0.3, 0.7)))

    def alphas(squad):
        return [way.alpha for way in ways_of(ground, squad) if way.name == "student"]

    assert alphas(FULL) == [0.2, 0.3, 0.7]
    assert alphas(SQUAD) == [0.4, 0.7]
    assert alphas(Squad(("a1",), (), ("a2", "a3", "a4"))) == [0.75]


def test_each_control_lacks_one_thing(ground, monkeypatch):
    seen = scripted(monkeypatch, {})
    labelled, taught = Pool(ground.windows, SQUAD.labelled, CHANNELS), taught_by(ground)
    students(ground, labelled, taught, ways_of(ground, FULL))
    assert {name: one[0] for name, one in seen.items()} == {
        "student": Objective(2.0, 0.1),
        "student_hard_labels": Objective(1.0, 0.1),
        "student_alone": Objective(),
        "student_label_smoothing": Objective(smoothing=0.1),
    }
    for name in ("student_alone", "student_label_smoothing"):
        assert seen[name][1:] == (labelled, None)
    assert seen["student"][2].lessons is taught
    firm = seen["student_hard_labels"][2].lessons
    assert firm.x is taught.x
    decided = softmax(firm.scores["label"])
    np.testing.assert_allclose(decided[:, 1], 0.9 + 0.1 / 3, rtol=1e-5)


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
    desk = Desk(ground, Fold(0, SQUAD.everyone, ("a5",)), SQUAD, CHANNELS, CHANNELS, Clock())
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
    squad = squad_of(ATHLETES, with_labels(2), 0, 0)
    desk = Desk(ground, Fold(0, ATHLETES, ()), squad, CHANNELS, CHANNELS, Clock())
    with pytest.raises(TrainingError, match=r"2 athlete\(s\) .* raise distillation"):
        learn(desk, None)


def test_each_task_may_have_a_student_of_its_own_as_a_control(ground, altered, monkeypatch):
    seen = scripted(monkeypatch, {})
    pool = Pool(ground.windows, SQUAD.labelled, CHANNELS)
    assert one_task_students(ground, pool) == {}
    asked = replace(ground, recipe=altered(ground.recipe, "student", one_task=True))
    assert one_task_students(asked, pool) == {"label": "one_task-0", "speed": "one_task-1"}
    assert all((goal, data) == (ALONE, pool) for goal, data, _ in seen.values())
    assert one_task_students(replace(asked, tasks=asked.tasks[:1]), pool) == {}


def test_a_number_is_validated_by_minus_its_mean_error(ground):
    speed = replace(ground, tasks=ground.tasks[1:])
    body = Student(StudentConfig(len(CHANNELS), 4))
    net = seeded(speed, Training("any", lambda: (body, body.feature_count), Schedule(1, 1e-3)))
    judge = Pool(ground.windows, ("a5",), CHANNELS)
    known = np.flatnonzero(judge.known(speed.tasks[0]))
    told = scores_of(net, ground.batches(judge, "judge", 32), known)["speed"][:, 0] * 0.5 + 1.0
    expected = -np.abs(told - judge.truth["speed"][known]).mean()
    assert validated(speed, net, judge) == pytest.approx(expected, rel=1e-5)


def test_where_nobody_is_held_out_only_what_ships_is_trained_in_full(ground):
    desk = Desk(ground, Fold(-1, FULL.labelled, ()), FULL, CHANNELS, CHANNELS, Clock())
    found = learn(desk, None)
    assert list(found.nets) == [found.choice.ships]
    kept = {file.stem for file in ground.folder.glob("student*.safetensors")}
    assert kept == {found.choice.ships}


@pytest.mark.parametrize("ships", ["student", "student_alone"])
def test_the_teacher_of_all_is_trained_only_for_a_student_that_hears_it(ground, monkeypatch, ships):
    monkeypatch.setattr(distill, "preferred", lambda trials, expected: ships)
    learn(Desk(ground, Fold(-1, FULL.labelled, ()), FULL, CHANNELS, CHANNELS, Clock()), None)
    assert bool(list(ground.folder.glob("teacher-*"))) == (ships == "student")
