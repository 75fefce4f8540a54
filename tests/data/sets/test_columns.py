import numpy as np

from distride.data.sets.columns import channel, triads


def test_what_is_no_finite_number_is_unknown():
    values = channel(np.array([1.5, np.inf, 1e300, np.nan]))
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, np.float32([1.5, np.nan, np.nan, np.nan]))


def test_sensors_are_taken_from_their_columns_and_scaled():
    channels = triads(np.arange(12.0).reshape(2, 6), {"wrist_acc": 3, "wrist_gyr": 0}, 2.0)
    assert list(channels) == [
        f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz"
    ]
    assert channels["wrist_acc_x"].tolist() == [6, 18]
    assert channels["wrist_gyr_z"].tolist() == [4, 16]
