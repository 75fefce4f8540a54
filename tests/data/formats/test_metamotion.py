import numpy as np
import pytest

from distride.data.formats.metamotion import SOURCE


def read(folder, cells, rows="1600000000000,d,0.0,1,2,3\n1600000000040,d,0.04,1,2,3\n"):
    path = folder / "a.csv"
    path.write_text(f"epoch (ms),time (01:00),elapsed (s),{cells}\n{rows}", encoding="utf-8")
    (one,) = SOURCE.read(path, "ann")
    return one.recording.channels


@pytest.mark.parametrize("unit", ["deg/s", "°/s"])
def test_old_and_new_headers(tmp_path, unit):
    old = read(tmp_path, f"x-axis ({unit}),y-axis ({unit}),z-axis ({unit})")
    new = read(tmp_path, f"X-Axis ({unit}),Y-Axis ({unit}),Z-Axis ({unit})")
    for channels in (old, new):
        assert list(channels) == ["gyr_x", "gyr_y", "gyr_z"]
        np.testing.assert_allclose(channels["gyr_y"], np.deg2rad(2), rtol=1e-6)


def test_sensors_that_are_no_motion_keep_their_name(tmp_path):
    rows = "1600000000000,d,0.0,1\n1600000000040,d,0.04,1\n"
    assert list(read(tmp_path, "pressure (Pa)", rows)) == ["pressure_hpa"]
    assert list(read(tmp_path, "state", rows)) == ["state"]


def test_files_of_one_session_answer_the_same(tmp_path):
    names = [
        "squat_MetaWear_2019-01-11T16.10.08.270_C42732BE255C_Accelerometer_12.500Hz_1.4.4.csv",
        "squat_MetaWear_2019-01-11T16.10.08.270_C42732BE255C_Gyroscope_25.000Hz_1.4.4.csv",
    ]
    assert {SOURCE.session(tmp_path / name) for name in names} == {
        "squat_MetaWear_2019-01-11T16.10.08.270_C42732BE255C"
    }
    other = tmp_path / "Left Jab 10 Jack_Gyroscope_2019-11-05T16-19-57.817.csv"
    assert SOURCE.session(other) == "Left Jab 10 Jack_2019-11-05T16-19-57.817"
