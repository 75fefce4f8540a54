from dataclasses import replace

import numpy as np
import pytest

from distride.data import Recording
from distride.data.audit.gravity import GRAVITY


def turned(athlete, scale=(1.0, 1.0, 1.0), offset=0.0, noise=0.05):
    """Rest in forty postures of three seconds."""
    rng = np.random.default_rng(3)
    ways = rng.normal(size=(40, 3))
    acc = np.repeat(9.81 * ways / np.linalg.norm(ways, axis=1, keepdims=True), 150, axis=0)
    acc = acc * scale + [offset, 0.0, 0.0] + rng.normal(0, noise, acc.shape)
    channels = {f"leg_acc_{axis}": acc[:, n].astype(np.float32) for n, axis in enumerate("xyz")}
    return Recording(athlete, "r", np.arange(len(acc)) / 50, channels)


def found(*recordings):
    seen = {one.athlete: GRAVITY.summarise(None, [one]) for one in recordings}
    return list(GRAVITY.judge(None, seen))


def test_a_sound_sensor_and_movement_are_quiet(athletes):
    assert found(turned("ann")) == []
    assert [one for own in athletes.values() for one in found(own[0])] == []


@pytest.mark.parametrize(
    ("scale", "told"),
    [
        (1 / 9.81, "the unit is g"),
        (0.1 / 9.81, "gravity was taken out"),
        (0.8, "a scale or an offset is off"),
        (100 / 9.81, "these are not m/s²"),
    ],
)
def test_wrong_gravity_is_named_by_its_likely_cause(scale, told):
    (finding,) = found(turned("ann", (scale,) * 3, noise=0.05 * scale))
    assert finding.check == "wrong-gravity"
    assert told in finding.seen
    assert finding.sure > 0.8


def test_axes_of_different_scale_are_told_apart():
    finding = found(turned("ann", (1.0, 1.5, 1.0)))[-1]
    assert "leg_acc_x 1.00, leg_acc_y 1.50, leg_acc_z 1.00" in finding.seen


def test_an_offset_changes_gravity_with_the_posture():
    (finding,) = found(turned("ann", offset=1.2))
    assert "changes with the posture" in finding.seen


def test_athletes_in_other_units_are_compared():
    findings = found(turned("ann"), turned("bo", (100 / 9.81,) * 3))
    (mixed,) = [one for one in findings if one.check == "mixed-scales"]
    assert "from 9.81 (ann) to 100 (bo)" in mixed.seen


def test_too_little_rest_or_none_tells_nothing(athletes):
    short = turned("ann", (2.0,) * 3)
    rows = slice(0, 500)
    cut = {name: values[rows] for name, values in short.channels.items()}
    assert found(replace(short, t=short.t[rows], channels=cut)) == []
    assert found(Recording("ann", "r", np.zeros(0), {"leg_acc_x": np.zeros(0)})) == []
