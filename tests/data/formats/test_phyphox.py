import numpy as np
import pytest

from distride.data.formats.phyphox import SOURCE


def read(folder, text):
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert SOURCE.detects(path)
    (one,) = SOURCE.read(path, "ann")
    return one.recording.channels


def test_acceleration_without_gravity_is_another_sensor(tmp_path):
    channels = read(
        tmp_path,
        "Time (s),Linear Acceleration x (m/s^2),Acceleration x (m/s^2),"
        "Absolute acceleration (m/s^2)\n0,1,9,9\n0.01,1,9,9\n",
    )
    assert list(channels) == ["lacc_x", "acc_x"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_sensors_and_separators(tmp_path, separator):
    head = ["Time (s)", "Gyroscope z (rad/s)", "Magnetic field y (µT)", "Pressure (hPa)", "Note"]
    rows = [head, ["0", "1", "2", "3", "x"], ["0.1", "1", "2", "3", "x"]]
    channels = read(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert list(channels) == ["gyr_z", "mag_y", "pressure_hpa"]
    np.testing.assert_array_equal(channels["mag_y"], [2, 2])
