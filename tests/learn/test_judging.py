"""Who is judged, by what, and beside whom."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.data import Fold
from distride.heads import softmax
from distride.learn import baselines, judging
from distride.learn.distill import Way
from distride.learn.fold import Clock, Desk, Shipped
from distride.learn.ground import Training, scores_of, seeded
from distride.learn.judging import judge_baselines, judge_nets, judge_personal, judge_teacher
from distride.learn.loop import Schedule
from distride.learn.losses import Objective
from distride.learn.members import NetMember
from distride.learn.posture import SEEN, UNSEEN
from distride.learn.shared import shared_head
from distride.learn.squad import Squad
from distride.models.net import parameter_count
from distride.models.student import Student, StudentConfig

from .conftest import CHANNELS

SQUAD = Squad(("a1", "a2"), ("a0",), ("a3",))


def build():
    body = Student(StudentConfig(len(CHANNELS), 4))
    return body, body.feature_count


@pytest.fixture
def net(ground):
    return seeded(ground, Training("any", build, Schedule(1, 1e-3))).eval()


@pytest.fixture
def desk_of(ground):
    def make(*held_out):
        return Desk(ground, Fold(0, SQUAD.everyone, held_out), SQUAD, CHANNELS, CHANNELS, Clock())

    return make


def test_a_net_is_judged_by_its_own_head_on_who_is_held_out(desk_of, net):
    desk = desk_of("a4", "a5")
    found = judge_nets(desk, {"student": net, "again": net}, temperature=2.0)
    assert found["student"] == found["again"]
    assert list(found["student"]) == ["a4", "a5"]
    pool, known = desk.held_out("a5", CHANNELS)
    p = softmax(scores_of(net, desk.ground.batches(pool, "any", 64), known)["label"] / 2)
    right = p.argmax(axis=1) == pool.truth["label"][known]
    assert found["student"]["a5"].accuracy == pytest.approx(right.mean())
    assert found["student"]["a5"].windows == len(known)


def answers(by_athlete):
    """Without the confidence, which an ensemble of one rounds otherwise."""
    return {athlete: one.confusion for athlete, one in by_athlete.items()}


def test_the_teacher_that_is_judged_never_saw_who_is_held_out(desk_of, monkeypatch):
    seen = []

    def taught(ground, name, pool):
        seen.append((name, pool.athletes))
        nets = [seeded(ground, Training(one, build, Schedule(1, 1e-3))).eval() for one in "ab"]
        return [NetMember(one, net) for one, net in zip("ab", nets, strict=True)]

    monkeypatch.setattr(judging, "taught", taught)
    found = judge_teacher(desk_of("a4"), None)["label"]
    assert seen == [("teacher", SQUAD.labelled)]
    assert list(found.together) == ["a4"]
    assert {name: list(one) for name, one in found.members.items()} == {"a": ["a4"], "b": ["a4"]}
    assert found.members["a"] != found.members["b"]
    assert answers(found.without["a"]) == answers(found.members["b"])
    assert answers(found.without["b"]) == answers(found.members["a"])
    assert found.cost["flops_per_window"] > found.cost["params"] > 0


def test_a_member_that_is_alone_adds_to_nobody(desk_of, monkeypatch):
    net = seeded(desk_of("a4").ground, Training("a", build, Schedule(1, 1e-3))).eval()
    monkeypatch.setattr(judging, "taught", lambda ground, name, pool: [NetMember("a", net)])
    found = judge_teacher(desk_of("a4"), None)["label"]
    assert answers(found.members["a"]) == answers(found.together)
    assert found.without == {}


def test_somebodys_own_teacher_is_judged_by_its_answers(desk_of):
    desk = desk_of("a4")
    pool, known = desk.held_out("a4", CHANNELS)
    truth = {
        window.tobytes(): one
        for window, one in zip(pool.gather(known), pool.truth["label"][known], strict=True)
    }

    def all_knowing(x):
        answers = np.array([truth.get(window.tobytes(), 0) for window in x])
        return {"label": 9.0 * np.eye(3)[answers], "speed": np.full((len(x), 1), 2.0)}

    by_task = judge_teacher(desk, all_knowing)
    speed = pool.truth["speed"][pool.known(desk.ground.tasks[1])]
    assert by_task["speed"].together["a4"].mae == pytest.approx(np.abs(speed - 2.0).mean())
    found = by_task["label"]
    assert found.together["a4"].macro_f1 == 1.0
    assert found.members == {}
    assert found.cost == {"params": None, "flops_per_window": None}


def test_a_teacher_is_judged_by_what_it_has_an_opinion_of(desk_of):
    desk = desk_of("a4", "a5")
    pool, known = desk.held_out("a4", CHANNELS)
    (first,) = pool.gather(known[:1])

    def shy(x):
        scores = np.where([[np.array_equal(one, first)] for one in x], [9.0, 0, 0], np.nan)
        return {"label": scores, "speed": np.full((len(x), 1), np.nan)}

    by_task = judge_teacher(desk, shy)
    assert list(by_task["label"].together) == ["a4"]
    assert by_task["label"].together["a4"].windows == 1
    assert by_task["speed"].together == {}


def test_classic_peers_get_the_windows_that_have_labels(desk_of, monkeypatch):
    trained = []

    def first_class(train, seed):
        trained.append(train)
        torch.set_num_threads(3)  # as numba does, for the whole process
        return lambda x: np.zeros(len(x), int)

    before = torch.get_num_threads()
    monkeypatch.setattr(baselines, "BASELINES", {"first": first_class})
    desk = desk_of("a4")
    found = judge_baselines(desk)
    assert torch.get_num_threads() == before
    known = desk.labelled.truth["label"] >= 0
    assert len(trained[0].x) == known.sum()
    assert set(np.unique(trained[0].y)) == {0, 1, 2}
    assert found["first"]["a4"].ece is None
    assert found["first"]["a4"].accuracy == pytest.approx(1 / 3, abs=0.05)

    monkeypatch.setattr(judging, "MOST_WINDOWS", 20)
    judge_baselines(desk)
    assert len(trained[1].x) == 20


def test_classic_peers_see_posture_where_nets_do(desk_of, monkeypatch):
    shown = []

    def mean_of(train, seed):
        shown.append(np.abs(train.x.mean(axis=2)).max())
        return lambda x: (shown.append(np.abs(x.mean(axis=2)).max()), np.zeros(len(x), int))[1]

    monkeypatch.setattr(baselines, "BASELINES", {"mean": mean_of})
    desk = desk_of("a4")
    judge_baselines(replace(desk, ground=replace(desk.ground, posture=SEEN)))
    assert min(shown) > 0.1
    shown.clear()
    judge_baselines(replace(desk, ground=replace(desk.ground, posture=UNSEEN)))
    assert max(shown) < 1e-5


def test_a_number_has_peers_of_its_own_and_errors_in_its_unit(desk_of, monkeypatch):
    monkeypatch.setattr(baselines, "BASELINES", {})
    label, speed = desk_of("a4").each_task()
    assert judge_baselines(label) == {}
    pool, known = speed.held_out("a4", CHANNELS)
    train = speed.labelled.truth["speed"]
    mean = train[np.isfinite(train)].mean()
    found = judge_baselines(speed)["training_mean"]["a4"]
    assert found.mae == pytest.approx(np.abs(pool.truth["speed"][known] - mean).mean(), rel=1e-5)
    assert found.windows == len(known)


def test_a_regression_is_judged_in_its_own_unit(desk_of, net):
    speed = desk_of("a5").each_task()[1]
    found = judge_nets(speed, {"student": net})["student"]["a5"]
    pool, known = speed.held_out("a5", CHANNELS)
    scores = scores_of(net, speed.ground.batches(pool, "any", 64), known)["speed"][:, 0]
    told = scores * 0.5 + 1.0  # mean and scale of the task
    assert found.mae == pytest.approx(np.abs(told - pool.truth["speed"][known]).mean(), rel=1e-5)
    assert judge_personal(speed, None) == {}


def shipped_of(desk, net):
    head = shared_head(desk.ground, net, desk.labelled, desk.task)
    return Shipped(
        net, {"label": head}, {"label": 0.0}, Way("student", Objective()), "student", None
    )


@pytest.mark.parametrize(("held_out", "givers"), [(("a4", "a5"), ("a5", "a4")), (("a4",), ("a0",))])
def test_the_placebo_comes_from_somebody_else(desk_of, net, monkeypatch, held_out, givers):
    desk = desk_of(*held_out)
    given = []

    def curves(head, body, own, other, recipe, seed):
        given.append((own, other))
        return len(given)

    monkeypatch.setattr(judging, "curves", curves)
    found = judge_personal(desk, shipped_of(desk, net))
    assert list(found) == list(held_out)
    for (own, other), athlete, giver in zip(given, held_out, givers, strict=True):
        for windows, name in ((own, athlete), (other, giver)):
            pool, known = desk.held_out(name, CHANNELS)
            batches = desk.ground.batches(pool, "any", 64)
            assert torch.equal(windows.x, next(batches.views(known)))
        assert not set(own.split.calibration) & set(own.split.test)


def test_a_giver_without_windows_is_passed_over(desk_of, net, monkeypatch):
    desk, found = desk_of("a4"), []
    own_windows = judging.own_windows
    monkeypatch.setattr(
        judging,
        "own_windows",
        lambda desk, body, name: None if name == "a0" else own_windows(desk, body, name),
    )
    monkeypatch.setattr(judging, "curves", lambda head, body, own, other, *_: found.append(other))
    judge_personal(desk, shipped_of(desk, net))
    assert np.array_equal(found[0].x, own_windows(desk, net.body, "a1").x)


def test_what_a_net_costs(ground, net):
    cost = judging.net_cost(net, len(CHANNELS), ground.windows)
    assert cost["params"] == parameter_count(net)
    assert cost["flops_per_window"] > cost["params"]
