from dataclasses import replace

import numpy as np
import pytest

from distride.data.audit.saturation import SATURATION, clipped


def test_cut_peaks_are_told_by_sensor(athletes):
    recording = athletes["ann"][0]
    channels = dict(recording.channels)
    channels["wrist_gyr_y"] = np.clip(channels["wrist_gyr_y"], -1.5, 99)
    seen = {"ann": SATURATION.summarise(None, [replace(recording, channels=channels)])}
    (finding,) = SATURATION.judge(None, seen)
    assert finding.where.columns == ("wrist_gyr_y",)
    assert "at -1.5" in finding.seen


@pytest.mark.parametrize("name", ["ann", "bo", "cy", "di"])
def test_movement_is_not_cut(athletes, name):
    assert SATURATION.summarise(None, athletes[name]) == ()


def test_coarse_rest_and_a_posture_at_an_end_are_no_range():
    coarse = np.round(np.random.default_rng(0).normal(0, 1, 5000))
    assert clipped(coarse) is None
    assert clipped(np.where(np.arange(5000) < 2000, 3.0, coarse - 9)) is None
    assert clipped(np.zeros(0)) is None
    assert clipped(np.ones(50)) is None
