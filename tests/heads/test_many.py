"""In the space of the windows heads are what they are in the space of the features."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import TrainingError
from distride.heads import Calibration, Guard, fit_head, guarded, one_hot

NAMES = ("run", "walk", "jump")
CENTRES = np.random.default_rng(1).normal(scale=1.5, size=(4, 24))


def features_of(rng, truth):
    return (CENTRES[truth] + rng.normal(size=(len(truth), 24))).astype(np.float32)


def shared(rng):
    truth = rng.integers(3, size=300)
    head = fit_head(features_of(rng, truth), one_hot(truth, 3), None, 1.0, NAMES, "label")
    return replace(head, temperature=0.3)


def shared_of_values(rng):
    features = features_of(rng, rng.integers(3, size=300))
    return fit_head(features, features[:, :1] * 20 + 120, None, 1.0, (), "heart_rate")


def around(rng, count):
    """Weights, groups, and which windows are near each other: in time, as neighbours are."""
    weight = rng.uniform(0.5, 30.0, count) if rng.integers(2) else 20.0
    near = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) < rng.integers(1, 4)
    return rng.integers(5, size=count), weight, near if rng.integers(2) else None


def athlete(rng):
    """Somebody with few windows or more than features, with or without a movement of their own."""
    truth = rng.integers(rng.integers(2, 5), size=rng.integers(1, 40))
    names = np.array([*NAMES, f"own {rng.integers(9)}"], object)
    features = features_of(rng, rng.permutation(4)[truth])  # they may move as others do not
    return Calibration(features, names[truth], *around(rng, len(truth)))


def valued(rng):
    count = rng.integers(1, 20)
    features = features_of(rng, rng.integers(3, size=count))
    values = features[:, 0] * 15 - rng.choice([120, -150])
    return Calibration(features, values, *around(rng, count))


KINDS = [(shared, athlete), (shared_of_values, valued)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS))
def test_each_verdict_is_that_of_the_other_way(seed, kinds):
    rng = np.random.default_rng(seed)
    head, own = kinds[0](rng), kinds[1](rng)
    here = Guard(head)(own)
    there = guarded(head, own.features, own.labels, own.groups, own.weight, own.near)
    assert (here.live, here.step) == (there.live, there.step)
    assert here.shared_score == pytest.approx(there.shared_score, abs=1e-6)
    assert here.personal_score == pytest.approx(there.personal_score, abs=1e-3)
    assert here.reason[:40] == there.reason[:40]
    assert here.head.labels == there.head.labels
    for name in ("weight", "bias", "targets", "sums"):
        np.testing.assert_allclose(
            getattr(here.head, name), getattr(there.head, name), rtol=1e-3, atol=1e-3
        )
    np.testing.assert_array_equal(here.head.evidence, head.evidence)


def test_some_go_live_and_some_do_not():
    rng = np.random.default_rng(0)
    guard = Guard(shared(rng))
    assert {guard(athlete(rng)).step for _ in range(60)} >= {0.0, 1.0}


DIGEST = """
import hashlib
import numpy as np
from distride.heads import Calibration, Guard, fit_head, one_hot
rng = np.random.default_rng(0)
centres = rng.normal(size=(5, 128))
def some(count):
    truth = rng.integers(5, size=count)
    return (centres[truth] + rng.normal(size=(count, 128))).astype(np.float32), truth
features, truth = some(600)
names = np.array(list("abcde"), object)
guard = Guard(fit_head(features, one_hot(truth, 5), None, 1.0, tuple(names), "label"))
digest = hashlib.sha256()
for count in (1, 5, 15, 16, 40, 75, 100, 128, 200):
    features, truth = some(count)
    verdict = guard(Calibration(features, names[(truth + 1) % 5], np.arange(count) % 5))
    digest.update(verdict.head.weight.tobytes() + verdict.reason.encode())
print(digest.hexdigest())
"""


def test_more_cores_change_no_bit():
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=os.environ | {"OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(digests) == 1


def test_windows_that_do_not_fit_are_refused_as_elsewhere():
    bad = Calibration(np.zeros((2, 7), np.float32), np.array(["run", "walk"]), np.arange(2))
    with pytest.raises(TrainingError, match=r"\(2, 7\)"):
        Guard(shared(np.random.default_rng(0)))(bad)
