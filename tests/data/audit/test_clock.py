from dataclasses import replace

import numpy as np
import pytest

from distride.data import Recording
from distride.data.audit.clock import CLOCKS


@pytest.fixture
def clocks(written, still):
    """Checks of findings on one athlete's clock beside three sound ones."""

    def judged(change, **meta):
        recordings = [still(f"a{seed}", seed) for seed in range(3)]
        odd = still("bo", 9)
        cohort = written([*recordings, replace(odd, t=change(odd.t))], **meta)
        seen = {name: CLOCKS.summarise(cohort, cohort.read(name)) for name in cohort.athletes}
        return {finding.check: finding for finding in CLOCKS.judge(cohort, seen)}

    return judged


def test_a_jittering_clock_is_sound(clocks):
    assert clocks(lambda t: t + np.random.default_rng(0).uniform(-0.002, 0.002, len(t))) == {}


def test_a_gap_is_told_with_its_place(clocks):
    found = clocks(lambda t: t + 7.5 * (t > 20.0))
    assert list(found) == ["gap"]
    assert "1 gap, 7.5 s in all (11.1%), the longest 7.5 s in 'r' at 20.0 s" in found["gap"].seen


def test_another_rate_than_stated_and_than_others(clocks):
    found = clocks(lambda t: t * 2)
    assert set(found) == {"wrong-rate", "mixed-rates"}
    assert "25 Hz where meta.json states 50" in found["wrong-rate"].seen
    assert "50 Hz in 3, 25 Hz in 1" in found["mixed-rates"].seen


def test_a_clock_in_milliseconds_is_told(clocks):
    found = clocks(lambda t: t * 1000)
    assert "samples of movement come at 0.05 Hz in 'r'" in found["low-rate"].seen
    assert found["low-rate"].severity == "warning"
    assert found["low-rate"].todo.startswith("Is 't' in seconds?")


def test_a_heart_rate_a_second_is_no_slow_movement(written):
    channels = {"heart_rate": np.arange(60, dtype=np.float32)}
    cohort = written([Recording("ann", "r", np.arange(60.0), channels)], sampling_hz=1.0)
    assert list(CLOCKS.judge(cohort, {"ann": CLOCKS.summarise(cohort, cohort.read("ann"))})) == []


def test_repeated_times_and_a_late_start(clocks):
    found = clocks(lambda t: np.repeat(t[::2], 2) + 30.0)
    assert set(found) == {"repeated-time", "late-start", "uneven-steps"}
    assert "1500 rows" in found["repeated-time"].seen
    assert found["late-start"].severity == "note"


def test_samples_lost_at_random_leave_uneven_steps(clocks):
    steps = np.random.default_rng(0).geometric(0.5, 3000) / 50
    assert {"uneven-steps", "wrong-rate"} <= set(clocks(lambda t: steps.cumsum()))


def test_a_stated_irregular_time_is_believed(clocks):
    steps = np.random.default_rng(0).geometric(0.1, 3000).astype(float)
    assert clocks(lambda t: steps.cumsum() - steps[0], time_is_irregular=True) == {}


def test_slow_streams_beside_a_fast_one_do_not_count(written, still):
    slow = np.full(3000, np.nan)
    slow[::50] = 80 + np.arange(60)
    cohort = written([still(f"a{seed}", seed, heart_rate=slow) for seed in range(4)])
    seen = {name: CLOCKS.summarise(cohort, cohort.read(name)) for name in cohort.athletes}
    assert list(CLOCKS.judge(cohort, seen)) == []


def test_a_few_rows_or_none_tell_no_rate(written):
    channels = {"wrist_acc_x": np.ones(3, np.float32)}
    cohort = written([Recording("ann", "r", np.zeros(3), channels)])
    assert CLOCKS.summarise(cohort, cohort.read("ann")) == ()
