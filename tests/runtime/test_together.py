"""Whoever is calm goes on with others; what is told must not depend on it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.bundle import Bundle
from distride.runtime import Crowd, Predictor, Stream
from distride.runtime.together import take_together

from .conftest import same

SOURCE_HZ = 50.0  # faster than the bundle's 20 Hz: the filter works too
SECONDS = 12


@pytest.fixture(scope="module")
def predictor(tiny):
    return Predictor(Bundle.open(tiny.path))


def lived(seed, trouble):
    """A session with what may go wrong, half way."""
    rng, count = np.random.default_rng(seed), int(SECONDS * SOURCE_HZ)
    t = 7.0 * seed + np.arange(count) / SOURCE_HZ + rng.uniform(0, 0.004, count)
    swing = np.outer(np.sin(2 * np.pi * rng.uniform(0.5, 3.5) * t), [3.0, 1.0, 0.5])
    samples = swing + np.array([0, 0, 9.81]) + rng.normal(scale=0.3, size=(count, 3))
    at = slice(count // 2, count // 2 + 60)
    if trouble == "unknown":
        samples[at, 1] = np.nan
    elif trouble == "absurd":
        samples[at.start] = 1e30
    elif trouble == "flat":
        samples[at.start :, 2] = 9.81
    elif trouble == "late":
        t[at.start] -= 1.0
    elif trouble == "leap":
        t[at.start :] += 40.0
    elif trouble == "gap":
        t, samples = np.delete(t, at), np.delete(samples, at, axis=0)
    elif trouble == "slower":
        keep = np.r_[: at.start, at.start : count : 2]
        t, samples = t[keep], samples[keep]
    return t, samples


TROUBLES = st.sampled_from(["none", "unknown", "absurd", "flat", "late", "leap", "gap", "slower"])


@settings(max_examples=12, deadline=None)
@given(st.lists(TROUBLES, min_size=2, max_size=5), st.integers(1, 120), st.integers(0, 50))
def test_events_are_those_of_each_stream_alone(predictor, troubles, size, seed):
    crowd = Crowd(predictor)
    sessions = {str(at): lived(seed + at, one) for at, one in enumerate(["none", *troubles])}
    streams = {who: Stream(predictor, SOURCE_HZ) for who in sessions}
    for who in sessions:
        crowd.join(who, source_hz=SOURCE_HZ)
    for at in range(0, int(SECONDS * SOURCE_HZ), size):
        rows = slice(at, at + size)
        given = {who: (t[rows], samples[rows]) for who, (t, samples) in sessions.items()}
        told = crowd.push(given)
        for who, stream in streams.items():
            same(told[who], stream.push(*given[who]))


def test_calm_streams_go_on_together_and_others_alone(predictor):
    streams = {who: Stream(predictor, SOURCE_HZ) for who in "abc"}
    sessions = {who: lived(seed, "none") for seed, who in enumerate(streams)}
    for who, stream in streams.items():
        assert stream.calm is None
        stream.push(*(part[:50] for part in sessions[who]))
        assert stream.calm is not None
    given = {who: tuple(part[50:100] for part in one) for who, one in sessions.items()}
    given["c"][1][3, 0] = np.nan
    parts = [set(taken) for taken in take_together(streams, given)]
    assert parts == [{"a", "b"}, {"c"}]
