import numpy as np
import pytest

from distride.guidance.posture import RATE_HZ, Postures

from .limbs import CHANNELS, sensed
from .limbs import RATE_HZ as SOURCE_HZ


def still(angle, seconds=6.0):
    return sensed(np.full(round(seconds * SOURCE_HZ), angle))


def test_gravity_tells_the_tilt_whatever_its_unit():
    for unit in (1.0, 1 / 9.81):
        t, samples = still(0.5)
        clock, postures = Postures(CHANNELS, SOURCE_HZ).push(t, samples * unit)
        assert len(clock) == len(postures)
        np.testing.assert_allclose(np.diff(clock), 1 / RATE_HZ)
        tilt = postures[-1, :3]
        np.testing.assert_allclose(tilt, [np.sin(0.5), np.cos(0.5), 0], atol=0.05)


def test_range_is_how_far_a_sensor_turned():
    postures = Postures(CHANNELS, SOURCE_HZ)
    angle = np.concatenate([np.full(200, 0.1), np.linspace(0.1, 1.1, 100), np.full(200, 1.1)])
    _, told = postures.push(*sensed(angle))
    assert postures.range_deg(told[50], told[-1]) == pytest.approx(np.degrees(1.0), abs=6)
    assert postures.range_deg(told[50], told[50]) == pytest.approx(0, abs=0.1)


def test_turns_are_forgotten_as_an_offset_must_be():
    t, samples = still(0.0, 30.0)
    samples[:, 5] += 0.05  # rad/s, a gyroscope's offset
    _, told = Postures(CHANNELS, SOURCE_HZ).push(t, samples)
    assert abs(told[-1, 3:]).max() < 0.1


def test_where_a_sensor_is_silent_the_limb_is_where_it_was():
    t, samples = still(0.5)
    samples[150:, :3] = np.nan
    _, told = Postures(CHANNELS, SOURCE_HZ).push(t, samples)
    np.testing.assert_allclose(told[-1, :3], told[70, :3], atol=0.05)
    assert np.isfinite(told).all()
