import numpy as np
import pytest

from distride.data import Recording
from distride.data.audit.fingerprint import channel_fingerprints, fingerprints_of


def noise(seed, count=2000):
    return np.random.default_rng(seed).normal(size=count).cumsum()


@pytest.mark.parametrize(
    "change", [lambda x: x, lambda x: 0.02 * x - 7, lambda x: -3 * x, np.float32]
)
def test_scale_offset_sign_and_start_do_not_matter(change):
    original = channel_fingerprints(noise(0), "a", 0)
    copy = channel_fingerprints(change(noise(0))[137:], "a", 0)
    shared, here, there = np.intersect1d(original.content, copy.content, return_indices=True)
    assert len(shared) > 0.9 * len(copy.content)
    assert set(original.start[here] - copy.start[there]) == {137}


def test_another_signal_or_column_has_others():
    found = {
        tuple(channel_fingerprints(noise(seed), name, 0).content)
        for seed, name in ((0, "a"), (1, "a"), (0, "b"))
    }
    contents = [content for one in found for content in one]
    assert len(set(contents)) == len(contents)


def test_unknown_samples_are_passed_over_and_rows_are_the_tables():
    slow = np.full(6000, np.nan)
    slow[::3] = noise(0)
    dense, sparse = (channel_fingerprints(values, "a", 0) for values in (noise(0), slow))
    np.testing.assert_array_equal(dense.content, sparse.content)
    np.testing.assert_array_equal(3 * dense.start, sparse.start)


@pytest.mark.parametrize("values", [np.zeros(0), np.full(50, np.nan), np.ones(500), noise(0, 12)])
def test_what_does_not_move_has_none(values):
    assert len(channel_fingerprints(values, "a", 0).content) == 0


def test_of_too_many_a_copy_keeps_the_same():
    def of(rows):
        values = noise(0, 20_000)[rows].astype(np.float32)
        return fingerprints_of([Recording("a", "r", np.arange(len(values)), {"x": values})], 100)

    whole, part = of(slice(None)), of(slice(500, None))
    assert len(whole.content) == len(part.content) == 100
    assert len(np.intersect1d(whole.content, part.content)) > 90
