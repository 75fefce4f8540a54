import numpy as np
import pytest

from distride.data import Recording
from distride.data.audit.repeats import repeats_of
from distride.data.simulate import simulate_athlete


def windowed(recording, size=128, hop=64):
    """Half overlapping windows put in a row."""
    starts = range(0, len(recording.t) - size, hop)
    rows = np.concatenate([np.arange(start, start + size) for start in starts])
    return Recording(
        "ann",
        "windows",
        np.arange(len(rows)) / 50,
        {name: values[rows] for name, values in recording.channels.items()},
    )


def test_overlapping_windows_in_a_row_repeat_in_every_column():
    found = repeats_of(windowed(simulate_athlete("ann", 0, 1)[0]))
    assert {repeat.distance for repeat in found} == {64}
    assert len({repeat.column for repeat in found}) >= 6
    assert min(repeat.correlation for repeat in found) > 0.995


@pytest.mark.parametrize("name", ["ann", "bo", "cy"])
def test_an_exercise_repeated_by_a_person_is_no_repeat(name):
    assert repeats_of(simulate_athlete(name, 0, 1)[0]) == []


def test_one_column_filled_with_its_own_past_is_found():
    recording = simulate_athlete("ann", 0, 1)[0]
    column = recording.channels["wrist_gyr_y"].copy()
    column[4000:5000] = column[2500:3500]
    channels = {**recording.channels, "wrist_gyr_y": column}
    (repeat,) = repeats_of(Recording("ann", "r", recording.t, channels))
    assert (repeat.column, repeat.distance) == ("wrist_gyr_y", 1500)
    assert repeat.rows == pytest.approx(1000, abs=30)
