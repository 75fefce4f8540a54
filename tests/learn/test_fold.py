"""What ships is calibrated on athletes whom its stand-in never saw."""

import numpy as np
import pytest

from distride.data import UNKNOWN, Fold
from distride.heads import Familiarity, log_loss, softmax
from distride.learn.batches import Pool
from distride.learn.fold import (
    CAUTION,
    LEAST_FAMILIAR,
    LEAST_SURE,
    Clock,
    Desk,
    Thresholds,
    shipped_heads,
)
from distride.learn.ground import Training, scores_of, seeded
from distride.learn.loop import Schedule
from distride.learn.shared import known_features, shared_head
from distride.learn.squad import Squad
from distride.models.student import Student, StudentConfig

from .conftest import CHANNELS

SQUAD = Squad(("a1", "a2"), ("a0",), ())


def build():
    body = Student(StudentConfig(len(CHANNELS), 4))
    return body, body.feature_count


def net_of(ground, name):
    return seeded(ground, Training(name, build, Schedule(1, 1e-3))).eval()


def desk_of(ground, squad=SQUAD):
    return Desk(ground, Fold(0, squad.labelled, ("a5",)), squad, CHANNELS, CHANNELS, Clock())


def stand_in_scores(ground, stand_in):
    judge = Pool(ground.windows, SQUAD.validate, CHANNELS)
    known = np.flatnonzero(judge.truth["label"] != UNKNOWN)
    scores = scores_of(stand_in, ground.batches(judge, "judge", 64), known)["label"]
    return scores, judge.truth["label"][known]


def test_confidence_is_calibrated_by_who_validates(ground):
    net, stand_in = net_of(ground, "final"), net_of(ground, "trial")
    heads, thresholds = shipped_heads(desk_of(ground), net, stand_in)
    scores, truth = stand_in_scores(ground, stand_in)

    def loss(temperature):
        fit = log_loss(softmax(scores / temperature), truth).mean()
        return fit + CAUTION * np.log(temperature) ** 2

    found = heads["label"].temperature
    assert loss(found) <= min(loss(found * 0.9), loss(found * 1.1))
    silent = (softmax(scores / found).max(axis=1) < thresholds["label"].abstain_below).mean()
    assert silent == pytest.approx(LEAST_SURE, abs=1 / len(truth))


def test_what_is_unfamiliar_is_told_by_who_validates(ground):
    net, stand_in = net_of(ground, "final"), net_of(ground, "trial")
    _, thresholds = shipped_heads(desk_of(ground), net, stand_in)
    fit, judge = (Pool(ground.windows, one, CHANNELS) for one in (SQUAD.fit, SQUAD.validate))
    known = Familiarity.of(shared_head(ground, stand_in, fit, ground.tasks[0]))
    features, _ = known_features(ground, stand_in.body, judge, ground.tasks[0])
    silent = (known(features) < thresholds["label"].unknown_below).mean()
    assert silent == pytest.approx(LEAST_FAMILIAR, abs=1 / len(features))


def test_the_head_itself_is_of_the_net_that_ships(ground):
    net, stand_in = net_of(ground, "final"), net_of(ground, "trial")
    desk = desk_of(ground)
    heads, thresholds = shipped_heads(desk, net, stand_in)
    expected = shared_head(ground, net, desk.labelled, ground.tasks[0])
    np.testing.assert_array_equal(heads["label"].weight, expected.weight)
    assert heads["speed"].temperature == 1.0  # a number has no confidence
    assert thresholds["speed"] == Thresholds()


def test_where_nobody_validates_confidence_stays_as_it_is(ground):
    net = net_of(ground, "final")
    heads, thresholds = shipped_heads(desk_of(ground, Squad(("a1",), (), ())), net, net)
    assert heads["label"].temperature == 1.0
    assert thresholds == {"label": Thresholds(), "speed": Thresholds()}


def test_a_clock_adds_up_by_kind_of_work():
    clock = Clock()
    for kind in ("teacher", "student", "teacher"):
        with clock.of(kind):
            pass
    assert set(clock.seconds) == {"teacher", "student"}
    assert all(seconds >= 0 for seconds in clock.seconds.values())


def test_a_held_out_athlete_is_seen_by_the_labels_they_have(ground):
    desk = desk_of(ground)
    pool, known = desk.held_out("a5", CHANNELS)
    assert pool.athletes == ("a5",)
    assert (pool.truth["label"][known] >= 0).all()
    assert len(known) == (pool.truth["label"] >= 0).sum() < len(pool)
