import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.bundle import Bundle
from distride.runtime import Drift, Predictor, Stream, to_json
from distride.runtime.drift import STRANGE, USUAL, Cusum, DriftWatch, Gravity

LIMIT = math.log(50)


def told(shares, seed=0, limit=LIMIT, part=1.0):
    """Numbers of the windows at which drift begins, of windows that are strange so often."""
    rng, count = np.random.default_rng(seed), Cusum(limit)
    return [at for at, share in enumerate(shares) if count.push(rng.random() < share, part)]


def test_false_alarms_are_as_rare_as_promised_among_independent_windows():
    runs = [next(iter(told([USUAL] * 3000, seed)), 3000) for seed in range(200)]
    assert np.mean(runs) >= 50


@pytest.mark.parametrize("share", [0.6, 0.9])
def test_what_is_strange_is_noticed_soon(share):
    rate = share * math.log(STRANGE / USUAL) + (1 - share) * math.log((1 - STRANGE) / (1 - USUAL))
    delays = [told([share] * 500, seed)[0] for seed in range(50)]
    assert np.mean(delays) < 2 * LIMIT / rate


def test_an_episode_is_told_once_and_a_second_one_again():
    episode = [1.0] * 60
    assert len(told(episode)) == 1
    assert len(told([*episode, *[0.0] * 60, *episode])) == 2


def test_windows_that_overlap_count_for_what_is_new():
    assert told([1.0] * 60, part=0.5)[0] == pytest.approx(2 * told([1.0] * 60)[0], abs=2)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.booleans(), max_size=200))
def test_it_never_counts_more_strange_windows_than_windows(windows):
    count = Cusum(LIMIT)
    for one in windows:
        count.push(one, 0.5)
        assert 0 <= count.strange <= count.windows <= len(windows)


@pytest.fixture(scope="module")
def manifest(tiny):
    bundle = Bundle.open(tiny.path)
    (task,) = bundle.manifest.tasks
    return replace(bundle.manifest, tasks=(replace(task, unknown_below=0.3),))


def windows_of(manifest, scale=1.0):
    samples = np.zeros((3, manifest.spec.window_samples), np.float32)
    samples[2] = 9.81 * scale
    return samples


def pushed(manifest, samples, familiarity, confidence, count=200):
    watch = DriftWatch(manifest, manifest.tasks[0])
    (weight,) = Gravity(manifest)(samples[None])
    lacks = np.isnan(samples).all(axis=1).any()
    return [
        drift
        for at in range(count)
        for drift in watch.push(2.0 + at, None if lacks else familiarity, confidence, weight)
    ]


@pytest.mark.parametrize(
    ("cause", "scale", "familiarity", "confidence"),
    [("inputs", 1.0, 0.1, 0.9), ("confidence", 1.0, 0.9, 0.1), ("gravity", 0.5, 0.9, 0.9)],
)
def test_each_cause_is_told_with_its_numbers(manifest, cause, scale, familiarity, confidence):
    (drift,) = pushed(manifest, windows_of(manifest, scale), familiarity, confidence)
    assert drift.cause == cause
    assert drift.share == 1.0
    assert drift.t_s < 62.0
    assert f"in {drift.seconds:.1f} s" in drift.text
    assert "record a calibration" in drift.text
    assert json.loads(to_json(drift))["event"] == "drift"


def test_nothing_is_told_of_windows_as_they_should_be(manifest):
    assert pushed(manifest, windows_of(manifest), 0.9, 0.9) == []


def test_without_a_sensor_the_inputs_are_not_asked(manifest):
    samples = windows_of(manifest)
    samples[0] = np.nan
    assert pushed(manifest, samples, 0.1, 0.9) == []


def test_accelerometers_without_gravity_are_not_weighed(manifest):
    scaler = replace(manifest.scaler, mean=(0.0, 0.0, 0.0), scale=(1.0, 1.0, 1.0))
    free = replace(manifest, scaler=scaler)
    assert pushed(free, windows_of(manifest, 0.1), 0.9, 0.9) == []


def session(seconds, strange):
    """Samples of someone who swings slowly, or as nobody was taught."""
    rng, t = np.random.default_rng(0), np.arange(seconds * 20) / 20.0
    swing = np.outer(np.sin(2 * np.pi * t), [3.0, 1.0, 0.5]) + np.array([0, 0, 9.81])
    odd = np.stack([25 * np.sign(np.sin(4 * t)), np.sin(t), 25 * np.sin(40 * t)], axis=1)
    noise = rng.normal(scale=0.3, size=(len(t), 3))
    return t, np.where(strange, odd, swing + noise).astype(np.float32)


def test_a_stream_asks_once_however_it_is_cut_and_is_quiet_otherwise(tiny):
    bundle = Bundle.open(tiny.path)
    (task,) = bundle.manifest.tasks
    needed = float(np.quantile(Predictor(bundle).predict(tiny.x).familiarity["label"], 0.05))
    tasks = (replace(task, unknown_below=needed),)
    predictor = Predictor(replace(bundle, manifest=replace(bundle.manifest, tasks=tasks)))

    def drifts(t, samples, cuts):
        stream = Stream(predictor)
        parts = np.array_split(np.arange(len(t)), cuts)
        events = [event for rows in parts for event in stream.push(t[rows], samples[rows])]
        return [event for event in events if isinstance(event, Drift)]

    assert drifts(*session(120, strange=False), 1) == []
    whole = drifts(*session(120, strange=True), 1)
    assert [one.cause for one in whole if one.cause == "inputs"] == ["inputs"]
    assert whole == drifts(*session(120, strange=True), 37)
