import numpy as np
import pytest

from distride.data.formats.polar import SOURCE
from distride.errors import DataError

ACC = "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]\n"
GYRO = "Phone timestamp;sensor timestamp [ns];X [dps];Y [dps];Z [dps]\n"
STAMP = "2022-04-25T11:39:{:06.3f}"


def written(folder, name, head, late_s, sensor_s, values="0;1000;0"):
    """Two samples 20 ms apart that reach the phone late."""
    path = folder / f"Polar_Sense_{name}.txt"
    rows = [
        f"{STAMP.format(20 + late_s + 0.02 * at)};{round((sensor_s + 0.02 * at) * 1e9)};{values}\n"
        for at in range(2)
    ]
    path.write_text(head + "".join(rows))
    return path


def read(path):
    (one,) = SOURCE.read(path, "ann")
    return one


def test_streams_agree_on_the_sensors_clock_however_late_they_arrive(tmp_path):
    acc = written(tmp_path, "ACC", ACC, 2.0, 1000.0)
    gyro = written(tmp_path, "GYRO", GYRO, 0.5, 1000.0)
    assert read(acc).start_s == pytest.approx(read(gyro).start_s, abs=1e-6)
    (tmp_path / "Polar_Sense_HR.txt").write_text(
        "Phone timestamp;HR [bpm]\n" + STAMP.format(20.5) + ";60\n" + STAMP.format(21.5) + ";61\n"
    )
    assert read(tmp_path / "Polar_Sense_HR.txt").start_s == pytest.approx(read(acc).start_s)


def test_another_session_beside_it_does_not_move_the_clock(tmp_path):
    acc = written(tmp_path, "ACC", ACC, 2.0, 1000.0)
    before = read(acc).start_s
    written(tmp_path, "GYRO", GYRO, 0.0, 5.0).rename(tmp_path / "Polar_H10_GYRO.txt")
    assert read(acc).start_s == before
    assert SOURCE.session(acc) == "Polar_Sense"


def test_units(tmp_path):
    gyro = read(written(tmp_path, "GYRO", GYRO, 0, 1, "180;0;0")).recording
    np.testing.assert_allclose(gyro.channels["gyr_x"], np.pi, rtol=1e-6)
    magn = read(written(tmp_path, "MAGN", GYRO.replace("dps", "G"), 0, 1, "0.5;0;0")).recording
    np.testing.assert_allclose(magn.channels["mag_x"], 50)


def test_light_is_kept_in_counts(tmp_path):
    head = "Phone timestamp;sensor timestamp [ns];channel 0;channel 1;channel 2;ambient\n"
    ppg = read(written(tmp_path, "PPG", head, 0, 1, "261545;278928;293066;-644;")).recording
    assert list(ppg.channels) == ["ppg_0", "ppg_1", "ppg_2", "ppg_ambient"]


def test_intervals_that_the_sensor_distrusts_are_unknown(tmp_path):
    path = tmp_path / "Polar_Sense_PPI.txt"
    path.write_text(
        "Phone timestamp;PP-interval [ms];error estimate [ms];blocker;contact;contact;hr [bpm]\n"
        "2022-04-25T11:39:41.224;1117;882;1;1;1;0\n2022-04-25T11:39:42.341;1135;10;0;1;1;53\n"
    )
    one = read(path)
    np.testing.assert_allclose(one.recording.channels["pp_interval_s"], [np.nan, 1.135])
    assert list(one.recording.channels) == ["pp_interval_s"]
    assert one.warnings == ("1 intervals count as unknown: the sensor marked them as bad.",)


def test_markers_are_no_samples(tmp_path):
    path = tmp_path / "MARKER.txt"
    path.write_text("Phone timestamp;Marker start/stop\n2022-04-25T11:40:02.383;MARKER_START\n")
    with pytest.raises(DataError, match="1 markers"):
        read(path)
