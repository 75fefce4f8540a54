import numpy as np
import pytest

from distride.data import Recording
from distride.errors import DataError


def recording(t=(0.0, 0.1, 0.1, 0.3), **columns):
    channels = {name: np.asarray(values, np.float32) for name, values in columns.items()}
    return Recording("ann", "one", np.array(t), channels)


def test_seconds_are_from_the_first_sample_to_the_last():
    assert recording((2.0, 2.5, 4.0)).seconds == 2.0
    assert recording(()).seconds == 0.0


def test_samples_come_in_the_order_asked_for_and_absent_ones_are_nan():
    one = recording(a=[1, 2, 3, 4], b=[5, 6, 7, 8])
    samples = one.samples(("b", "c", "a"), slice(1, 3))
    assert samples.dtype == np.float32
    np.testing.assert_array_equal(samples, [[6, np.nan, 2], [7, np.nan, 3]])


@pytest.mark.parametrize(
    ("t", "columns", "message"),
    [
        ((0.0, 1.0), {"a": [1]}, "'a' has 1 rows, the clock 2"),
        ((0.0, np.nan), {}, "the clock holds NaN"),
        ((0.0, np.inf), {}, "the clock holds NaN"),
        ((0.0, 2.0, 1.0), {}, "the clock runs backwards"),
    ],
)
def test_what_is_no_recording_says_whose(t, columns, message):
    with pytest.raises(DataError, match=f"Recording 'one' of 'ann': .*{message}"):
        recording(t, **columns)


def test_a_label_as_long_as_the_clock_is_needed_too():
    with pytest.raises(DataError, match="column 'label' has 1 rows"):
        Recording("ann", "one", np.zeros(2), {}, {"label": np.array(["walk"], object)})
