import numpy as np
import pytest

from distride.bundle import Bundle, PersonalHead
from distride.errors import BundleError, DataError
from distride.heads import personalize
from distride.runtime import Crowd, Predictor, Stream

from .conftest import same


def swings(seed, seconds=20.0):
    rng, t = np.random.default_rng(seed), np.arange(int(seconds * 20)) / 20.0
    swing = np.outer(np.sin(2 * np.pi * rng.uniform(0.5, 3.5) * t), [3.0, 1.0, 0.5])
    noise = rng.normal(scale=0.3, size=(len(t), 3))
    return t + 100 * seed, (swing + np.array([0, 0, 9.81]) + noise).astype(np.float32)


@pytest.fixture(scope="module")
def predictor(tiny):
    return Predictor(Bundle.open(tiny.path))


@pytest.fixture(scope="module")
def own(predictor, tiny):
    bundle = predictor.bundle
    names = np.array(["still", "slow", "whirl"], object)[tiny.truth]
    head = personalize(bundle.heads["label"], predictor.features(tiny.x), names)
    return PersonalHead("2", bundle.body_sha256, "2026-01-01T00:00:00+00:00", {"label": head})


def test_each_is_told_what_they_would_be_told_alone(predictor, own):
    crowd = Crowd(predictor)
    sessions = {str(number): swings(number) for number in range(5)}
    heads = {"2": own, "4": own}
    for who in sessions:
        crowd.join(who, heads.get(who))
    assert crowd.athletes == tuple(sessions)
    told = {who: [] for who in sessions}
    for rows in np.array_split(np.arange(400), 7):
        given = {who: (t[rows], samples[rows]) for who, (t, samples) in sessions.items()}
        for who, events in crowd.push(given).items():
            told[who] += events
    for who, (t, samples) in sessions.items():
        worn = predictor.with_head(own) if who in heads else predictor
        alone = Stream(worn).push(t, samples)
        same(told[who], alone)


def test_some_may_push_and_who_left_is_unknown(predictor):
    crowd = Crowd(predictor)
    crowd.join("anna")
    crowd.join("bo")
    assert list(crowd.push({"bo": swings(0)})) == ["bo"]
    assert crowd.push({}) == {}
    assert crowd.push({"anna": (np.zeros(0), np.zeros((0, 3)))}) == {"anna": []}
    crowd.leave("bo")
    crowd.leave("bo")
    with pytest.raises(DataError, match="did not join"):
        crowd.push({"bo": swings(0)})


def test_one_athletes_bad_samples_cost_nobody_theirs(predictor):
    crowd, (t, samples) = Crowd(predictor), swings(0)
    crowd.join("anna")
    crowd.join("bo")
    with pytest.raises(DataError, match="shape"):
        crowd.push({"anna": (t, samples), "bo": (t, samples[:, :2])})
    assert crowd.push({"anna": (t, samples)})["anna"] == Stream(predictor).push(t, samples)


def test_a_head_for_another_body_does_not_join(predictor, own):
    other = PersonalHead("x", "0" * 64, own.created, own.heads)
    with pytest.raises(BundleError, match="another body"):
        Crowd(predictor).join("x", other)
