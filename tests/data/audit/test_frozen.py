from dataclasses import replace

import numpy as np

from distride.data import Recording
from distride.data.audit.frozen import FROZEN


def frozen(recording, seconds, times, columns):
    """Holds the named columns for so long, so many times."""
    channels = {name: values.copy() for name, values in recording.channels.items()}
    for number in range(times):
        rows = slice(500 + 500 * number, 500 + 500 * number + round(seconds * 50))
        for name in columns:
            channels[name][rows] = 0.0
    return FROZEN.summarise(None, [replace(recording, channels=channels)])


def motion(recording):
    return [name for name in recording.channels if name != "heart_rate"]


def test_zeros_in_all_sensors_are_told_with_their_length(athletes):
    recording = athletes["ann"][0]
    (finding,) = frozen(recording, 1.0, 6, motion(recording))
    assert "'wrist' keep one value for 6 s" in finding.seen
    assert "up to 1.0 s" in finding.seen
    assert finding.where.recordings == ("ann/session_1",)


def test_one_axis_or_a_moment_is_not_enough(athletes):
    recording = athletes["ann"][0]
    assert frozen(recording, 1.0, 6, ["wrist_acc_x"]) == ()
    assert frozen(recording, 0.2, 6, motion(recording)) == ()


def test_a_coarse_sensor_alone_may_rest_for_a_while(still):
    recording = still("ann", 0)
    assert frozen(recording, 5.0, 4, motion(recording)) == ()
    (finding,) = frozen(recording, 15.0, 1, motion(recording))
    assert finding.sure < 1


def test_a_recording_without_rows_or_columns_is_quiet():
    assert FROZEN.summarise(None, [Recording("ann", "r", np.zeros(0), {})]) == ()
