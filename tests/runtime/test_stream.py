from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.bundle import Bundle, PersonalHead
from distride.errors import DataError
from distride.heads import personalize
from distride.runtime import Predictor, Quality, Smoothing, State, Stream

SWING = {"still": 0.0, "slow": 1.0, "fast": 3.0}


def session(order, seed=0, seconds=10, rate_hz=20.0):
    """``t`` and samples ``(time, 3)`` of someone who does one movement after the other."""
    rng, parts = np.random.default_rng(seed), []
    for movement in order:
        t = np.arange(int(seconds * rate_hz)) / rate_hz
        swing = np.sin(2 * np.pi * SWING[movement] * t)
        noise = rng.normal(scale=0.3, size=(len(t), 3))
        parts.append(np.outer(swing, [3.0, 1.0, 0.5]) + np.array([0, 0, 9.81]) + noise)
    samples = np.concatenate(parts).astype(np.float32)
    return np.arange(len(samples)) / rate_hz, samples


@pytest.fixture(scope="module")
def predictor(tiny):
    return Predictor(Bundle.open(tiny.path))


def states(events):
    return [event for event in events if isinstance(event, State)]


def test_movements_are_followed(predictor):
    t, samples = session(["still", "fast", "slow"])
    told = states(Stream(predictor).push(t, samples))
    for end, movement in ((9, "still"), (19, "fast"), (29, "slow")):
        assert [one.movement for one in told if one.t_s == pytest.approx(end)] == [movement]
    assert all(0 <= one.confidence <= 1 for one in told)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_how_samples_are_cut_into_pushes_changes_nothing(predictor, data):
    t, samples = session(["still", "fast"], seconds=6)
    t = np.where(np.arange(len(t)) >= 150, t + 3.0, t)  # a gap
    samples[200:] = np.nan  # and a lost sensor
    cuts = sorted(data.draw(st.lists(st.integers(0, len(t)), max_size=12)))
    whole = Stream(predictor).push(t, samples)
    stream, parts = Stream(predictor), []
    for rows in np.split(np.arange(len(t)), cuts):
        parts += stream.push(t[rows], samples[rows])
    for kind in (State, Quality):
        ours = [event for event in parts if isinstance(event, kind)]
        theirs = [event for event in whole if isinstance(event, kind)]
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert one.t_s == pytest.approx(other.t_s, abs=1e-6)
            if isinstance(one, State):
                assert (one.movement, one.abstained) == (other.movement, other.abstained)
                assert one.confidence == pytest.approx(other.confidence, abs=1e-5)
            else:
                assert (one.kind, one.channels) == (other.kind, other.channels)


def test_below_the_threshold_it_says_that_it_does_not_know(predictor, tiny):
    t, samples = session(["still"])
    rng = np.random.default_rng(0)
    strange = rng.normal(scale=30.0, size=samples.shape).astype(np.float32)
    told = states(Stream(predictor).push(t, strange))
    for one in told:
        assert one.abstained == (one.confidence < 0.4)
        assert bool(one.movement) != one.abstained
        assert ("below 0.40" in one.reason) == one.abstained
        assert one.cause == ("unsure" if one.abstained else "")
    assert states(Stream(predictor).push(t, samples))


def test_a_gap_is_told_and_what_was_before_it_is_forgotten(predictor):
    t, samples = session(["fast", "still"])
    t = np.where(t >= 10.0, t + 5.0, t)
    events = Stream(predictor, smoothing=Smoothing(99.0, 9.0)).push(t, samples)
    (gap,) = [event for event in events if isinstance(event, Quality)]
    assert gap.kind == "gap"
    assert gap.seconds == pytest.approx(5.05)
    after = [one for one in states(events) if one.t_s > 16.0]
    assert after[-1].movement == "still"  # so much memory would have kept "fast"


def test_no_signal_is_no_answer(predictor):
    t, samples = session(["still"])
    events = Stream(predictor).push(t, np.full_like(samples, np.nan))
    assert all(one.abstained and one.reason == "no signal" for one in states(events))
    assert {one.cause for one in states(events)} == {"no_signal"}


@pytest.fixture(scope="module")
def wary(tiny, predictor):
    """The bundle with a threshold under which one in twenty known windows falls."""
    bundle = predictor.bundle
    needed = float(np.quantile(predictor.predict(tiny.x).familiarity["label"], 0.05))
    (task,) = bundle.manifest.tasks
    manifest = replace(bundle.manifest, tasks=(replace(task, unknown_below=needed),))
    return replace(bundle, manifest=manifest)


def strange(t):
    """What nobody was taught: slow in x as no one moves, and fast in z."""
    samples = np.zeros((len(t), 3), np.float32)
    samples[:, 0] = 25 * np.sign(np.sin(4 * t))
    samples[:, 2] = 25 * np.sin(40 * t)
    return samples


def test_a_movement_never_taught_is_none_of_these(wary):
    t, samples = session(["still"])
    told = states(Stream(Predictor(wary)).push(t, strange(t)))
    assert {one.cause for one in told} == {"unknown"}
    assert all(one.abstained and not one.movement for one in told)
    assert all(one.reason.startswith("none of the movements") for one in told)
    known = states(Stream(Predictor(wary)).push(t, samples))
    assert "unknown" not in {one.cause for one in known}


def test_what_an_athlete_taught_is_not_unknown_to_their_own_stream(wary):
    t, _ = session(["still"])
    shared = Predictor(wary)
    windows = np.stack([strange(t[at : at + 40]).T for at in range(0, 160, 20)])
    head = personalize(wary.heads["label"], shared.features(windows), ["whirl"] * len(windows))
    own = PersonalHead("anna", wary.body_sha256, "2026-01-01T00:00:00+00:00", {"label": head})
    told = states(Stream(Predictor(wary, own)).push(t, strange(t)))
    assert {one.movement for one in told} == {"whirl"}


def test_a_window_without_one_of_its_sensors_is_not_called_unknown(wary):
    t, samples = session(["still"])
    samples[:, 0] = np.nan
    told = states(Stream(Predictor(wary)).push(t, samples))
    assert told
    assert "unknown" not in {one.cause for one in told}


@pytest.mark.parametrize("off", [(0, 99), (20, 40)])
def test_without_its_gyroscope_it_goes_on_and_says_so(trained, simulated, off):
    predictor = Predictor(Bundle.open(trained.bundle))
    (one,) = simulated.read("a")
    rows = one.t < 60.0
    t, samples = one.t[rows], one.samples(predictor.bundle.manifest.spec.channels)[rows]
    samples[(t >= off[0]) & (t < off[1]), 3:6] = np.nan
    events = Stream(predictor, 50.0).push(t, samples)
    told = [one for one in events if isinstance(one, Quality)]
    assert [one.kind for one in told] == (["missing", "back"] if off[1] < 60 else ["missing"])
    assert told[0].t_s == pytest.approx(off[0] + 0.5, abs=0.1)
    assert told[0].channels == tuple(f"wrist_gyr_{axis}" for axis in "xyz")
    assert "gyroscope (wrist)" in told[0].text
    during = [one for one in states(events) if off[0] + 3 <= one.t_s < off[1]]
    assert len(during) > 10
    needed = predictor.bundle.manifest.task("label").abstain_below
    for one in during:
        assert one.abstained == (one.confidence < needed)


def test_where_every_sensor_is_lost_that_is_told_too(predictor):
    t, samples = session(["slow", "still"])
    samples[t >= 10.0] = np.nan
    events = Stream(predictor).push(t, samples)
    assert [one.kind for one in events if isinstance(one, Quality)] == ["missing"]
    assert states(events)[-1].reason == "no signal"


def test_samples_of_another_shape_are_refused(predictor):
    with pytest.raises(DataError, match="wrist_acc_x"):
        Stream(predictor).push(np.zeros(3), np.zeros((3, 2)))
    with pytest.raises(DataError, match="shape"):
        Stream(predictor).push(np.zeros(3), np.zeros((2, 3)))


def test_nothing_pushed_is_nothing_told(predictor):
    assert Stream(predictor).push(np.zeros(0), np.zeros((0, 3))) == []
