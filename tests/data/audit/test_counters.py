from dataclasses import replace

import numpy as np
import pytest

from distride.data.audit.counters import COUNTERS


def with_extra(still, values_of):
    recordings = []
    for seed in range(4):
        first = 0
        for name in ("one", "two"):
            recording = still(f"a{seed}", seed, name)
            values = values_of(recording, first).astype(np.float32)
            recordings.append(replace(recording, channels={**recording.channels, "extra": values}))
            first += len(recording.t)
    return recordings


def test_a_row_counter_names_the_recording(judged, still):
    (finding,) = judged(COUNTERS, with_extra(still, lambda one, first: first + np.arange(3000)))
    assert finding.severity == "invalidates"
    assert finding.where.columns == ("extra",)
    assert "4 of 4" in finding.basis


def test_a_window_number_does_so_though_it_goes_to_and_fro(judged, still):
    def window(recording, first):
        return np.random.default_rng(first).permutation(60)[np.arange(3000) // 50] + first

    (finding,) = judged(COUNTERS, with_extra(still, window))
    assert finding.severity == "invalidates"


def test_a_clock_that_starts_anew_is_a_warning(judged, still):
    (finding,) = judged(COUNTERS, with_extra(still, lambda one, first: one.t / 3))
    assert finding.severity == "warning"
    assert "clock" in finding.seen


NOISE = np.random.default_rng(0).normal(size=3000)


@pytest.mark.parametrize("values_of", [lambda one, first: np.arange(3000) // 600, lambda *_: NOISE])
def test_levels_and_signals_are_no_counters(judged, still, values_of):
    assert judged(COUNTERS, with_extra(still, values_of)) == []
