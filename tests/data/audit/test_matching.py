import numpy as np

from distride.data.audit.fingerprint import channel_fingerprints, joined
from distride.data.audit.matching import candidates


def test_the_likeliest_pair_comes_first_with_its_distance():
    noise = np.random.default_rng(0).normal(size=3000)
    parts = [noise, noise[200:1400], noise[2400:]]
    found = candidates(
        joined([channel_fingerprints(one, "x", number) for number, one in enumerate(parts)])
    )
    assert [(one.first, one.second, one.distance) for one in found] == [(0, 1, -200), (0, 2, -2400)]
    assert found[0].starts.min() >= 200
    assert found[0].stops.max() <= 1400


def test_nothing_that_moves_gives_no_pair():
    still = [channel_fingerprints(np.zeros(500), "x", number) for number in range(3)]
    assert candidates(joined(still)) == []
    assert candidates(joined([])) == []
