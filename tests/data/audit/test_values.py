from dataclasses import replace

import numpy as np
import pytest

from distride.data.audit.values import IMPOSSIBLE

HEART = "heart_rate"


def found(*recordings):
    return list(IMPOSSIBLE.judge(None, {"a": IMPOSSIBLE.summarise(None, list(recordings))}))


def test_real_movement_is_possible(athletes):
    assert found(*athletes["ann"]) == []


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("wrist_acc_z", 200.0, "beyond -162 to 162 m/s^2, from 200 to 200"),
        ("wrist_gyr_x", -90.0, "beyond -36 to 36 rad/s"),
        (HEART, 3.0, "1 value of heart_rate"),
        (HEART, np.inf, "from inf to inf"),
    ],
)
def test_what_cannot_be_is_counted(athletes, column, value, told):
    recording = athletes["ann"][0]
    values = recording.channels[column].copy()
    values[7] = value
    (finding,) = found(replace(recording, channels={**recording.channels, column: values}))
    assert told in finding.seen
    assert finding.where.columns == (column,)
    assert finding.where.recordings == ("ann/session_1",)
