import numpy as np
import pytest

from distride.data.sets.wisdm import ACTIVITIES, SOURCE
from distride.errors import DataError

STEP_NS = 50_000_000


def write(folder, device, sensor, lines, subject=1600):
    file = folder / "raw" / device / sensor / f"data_{subject}_{sensor}_{device}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


def line(activity, step, x=1.0, subject=1600, start_ns=90426708196641):
    return f"{subject},{activity},{start_ns + int(STEP_NS * step)},{x},2.5,-3.5;"


def read(folder):
    return list(SOURCE.read(folder, ""))


def test_a_device_and_activity_is_a_recording_named_by_where_it_is_worn(tmp_path):
    for device in ("watch", "phone"):
        write(tmp_path, device, "accel", [line("A", 0), line("A", 1), line("M", 900)])
    recordings = [one.recording for one in read(tmp_path)]
    assert [one.name for one in recordings] == [
        "phone_walking",
        "phone_kicking",
        "watch_walking",
        "watch_kicking",
    ]
    assert list(recordings[0].channels) == ["pocket_acc_x", "pocket_acc_y", "pocket_acc_z"]
    assert list(recordings[2].channels) == ["wrist_acc_x", "wrist_acc_y", "wrist_acc_z"]
    assert recordings[0].t.tolist() == [0.0, 0.05]


def test_sensors_of_a_device_share_its_clock_and_are_nan_between(tmp_path):
    write(tmp_path, "watch", "accel", [line("A", step, step) for step in (0, 1, 2)])
    write(tmp_path, "watch", "gyro", [line("A", step, step) for step in (1, 2.5)])
    (loaded,) = read(tmp_path)
    channels = loaded.recording.channels
    np.testing.assert_allclose(loaded.recording.t, [0.0, 0.05, 0.1, 0.125])
    np.testing.assert_array_equal(channels["wrist_acc_x"], [0, 1, 2, np.nan])
    np.testing.assert_array_equal(channels["wrist_gyr_x"], [np.nan, 1, np.nan, 2.5])
    assert loaded.start_s == pytest.approx(90426.708)


def test_samples_out_of_order_are_sorted_and_repeated_ones_counted(tmp_path):
    write(tmp_path, "phone", "accel", [line("A", step, step) for step in (2, 0, 1, 1, 3)])
    (loaded,) = read(tmp_path)
    assert loaded.recording.channels["pocket_acc_x"].tolist() == [0, 1, 2, 3]
    assert loaded.warnings == ("Left out 1 sample(s) that repeat a timestamp.",)


@pytest.mark.parametrize(
    "damaged",
    [
        "1600,A,904",
        "1600,A,0,1,2,3;",
        "1600,A,90426808196641,1,2,;",
        "1600,A,9e13,1,2,3;",
        "1600,A,99999999999999999999999999,1,2,3;",
        "1600,N,90426808196641,1,2,3;",
        "1601,A,90426808196641,1,2,3;",
        "1600,A,90426808196641,1,2,3,4;",
    ],
)
def test_damaged_samples_are_counted(tmp_path, damaged):
    write(tmp_path, "phone", "gyro", [line("A", 0), damaged, line("A", 2)])
    (loaded,) = read(tmp_path)
    assert loaded.recording.t.tolist() == [0.0, 0.1]
    assert "Left out 1 sample(s) of this athlete's file" in loaded.warnings[0]


def test_a_sensor_that_recorded_nothing_of_an_activity_is_told(tmp_path):
    write(tmp_path, "phone", "accel", [line("A", 0), line("B", 1)])
    write(tmp_path, "phone", "gyro", [line("A", 0)])
    walking, jogging = read(tmp_path)
    assert not walking.warnings
    assert "1 of its sensors recorded nothing" in jogging.warnings[0]
    assert np.isnan(jogging.recording.channels["pocket_gyr_x"]).all()


def test_a_file_without_a_readable_sample_is_refused(tmp_path):
    write(tmp_path, "phone", "gyro", ["1600,A,904"])
    with pytest.raises(DataError, match=r"data_1600_gyro_phone\.txt.*no readable sample"):
        read(tmp_path)


def test_there_is_no_activity_n():
    assert "".join(ACTIVITIES) == "ABCDEFGHIJKLMOPQRS"
    assert len(set(ACTIVITIES.values())) == 18
