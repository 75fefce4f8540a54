import numpy as np
import pytest

from distride.data.streams import (
    Stream,
    constant,
    loaded,
    loaded_parts,
    merge,
    numbered,
    stream_of_points,
)
from distride.errors import DataError

NAN = float("nan")


def stream(t, **channels):
    return Stream(np.array(t, float), {name: np.array(x, float) for name, x in channels.items()})


def table(one):
    """Rows as tuples, NaN as None, so that they compare."""
    columns = [one.t, *one.channels.values()]
    return [
        tuple(None if np.isnan(x) else float(x) for x in row) for row in zip(*columns, strict=True)
    ]


def test_streams_of_two_rates_share_one_clock():
    joined = merge([stream([0, 1, 2], a=[1, 2, 3]), stream([0.5, 1], b=[5, 6])])
    assert table(joined) == [(0, 1, None), (0.5, None, 5), (1, 2, 6), (2, 3, None)]


def test_sensors_read_in_turn_share_a_row():
    joined = merge([stream([0, 0.02], a=[1, 2]), stream([0.0001, 0.0201], b=[5, 6])])
    assert table(joined) == [(0, 1, 5), (0.02, 2, 6)]


def test_a_fast_sensor_keeps_all_its_samples():
    t = np.arange(10) / 4000
    joined = merge([stream(t, a=t), stream([0], b=[1])])
    assert len(joined.t) == 10


def test_samples_of_one_stamp_are_all_kept():
    joined = merge([stream([0, 0, 1], a=[1, 2, 3]), stream([0, 1], b=[5, 6])])
    assert table(joined) == [(0, 1, 5), (0, 2, None), (1, 3, 6)]


def test_where_two_streams_have_a_channel_the_later_one_fills_in():
    joined = merge([stream([0, 1], a=[1, 2]), stream([1, 2], a=[NAN, 9])])
    assert table(joined) == [(0, 1), (1, 2), (2, 9)]


def test_labels_go_along():
    one, other = stream([0, 1], a=[1, 2]), stream([2], b=[3])
    labelled = Stream(other.t, other.channels, {"label": constant("run", other.t)})
    assert merge([one, labelled]).labels["label"].tolist() == ["", "", "run"]


def test_nothing_merges_to_nothing():
    assert len(merge([]).t) == 0
    assert len(merge([stream([], a=[])]).t) == 0


def test_points_of_one_instant_that_tell_different_things_are_one():
    points = [(1.0, {"a": 1.0}), (1.0, {"b": 2.0}), (1.0, {"a": 3.0}), (2.0, {})]
    assert table(stream_of_points(points)) == [(1, 1, 2), (1, 3, None)]


def test_a_recording_starts_at_zero_and_keeps_the_clock():
    one = loaded([stream([10, 11], a=[1, 2])], "ann", "run")
    assert (one.recording.t.tolist(), one.start_s, one.warnings) == ([0, 1], 10, ())
    assert one.recording.channels["a"].dtype == np.float32


def test_every_lost_sample_is_counted_by_its_reason():
    year = 3.2e7
    t = [0, 1, NAN, 2, 1.5, 3, 3 + year, np.inf]
    one = loaded([stream(t, a=np.arange(8))], "ann", "run")
    assert one.recording.channels["a"].tolist() == [0, 1, 4, 5]
    assert one.warnings == (
        "2 of 8 samples are left out: their time is unreadable.",
        "1 of 8 samples are left out: their time runs backwards.",
        "1 of 5 samples are left out: they are more than a day away from the rest.",
    )


def test_one_time_far_ahead_costs_one_sample():
    one = loaded([stream([0, 1, 900, 2, 3, 4], a=np.arange(6))], "ann", "run")
    assert one.recording.channels["a"].tolist() == [0, 1, 3, 4, 5]


def test_a_heart_rate_of_zero_is_unknown_and_infinite_values_too():
    one = loaded([stream([0, 1, 2], heart_rate=[60, 0, 62], a=[np.inf, 1e300, 1])], "ann", "run")
    np.testing.assert_array_equal(one.recording.channels["heart_rate"], [60, np.nan, 62])
    np.testing.assert_array_equal(one.recording.channels["a"], [np.nan, np.nan, 1])
    assert one.warnings[0].startswith("1 heart rates of 0")


@pytest.mark.parametrize(
    "one", [stream([], a=[]), stream([0], a=[1]), stream([0, 1], a=[NAN, NAN])]
)
def test_too_little_is_no_time_series(one):
    with pytest.raises(DataError, match="no time series"):
        loaded([one], "ann", "run")


def test_a_part_without_samples_is_counted_where_others_have_some():
    good, bad = [stream([0, 1], a=[1, 2])], [stream([0], a=[1])]
    (one,) = loaded_parts([("ann", "x", bad), ("ann", "y", good)], ["Told before."])
    assert one.recording.name == "y"
    assert one.warnings == ("Told before.", "1 of 2 parts of the file hold no time series.")
    with pytest.raises(DataError, match="'x' holds no time series"):
        list(loaded_parts([("ann", "x", bad), ("ann", "y", bad)]))


def test_several_recordings_of_a_file_are_numbered():
    assert numbered("run", 3) == ["run-1", "run-2", "run-3"]
