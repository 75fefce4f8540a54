import numpy as np
import pytest

from distride.data import LABEL
from distride.data.sets.uci_har import SOURCE

SIGNALS = [f"{signal}_{axis}" for signal in ("total_acc", "body_gyro") for axis in "xyz"]


def cut(signal):
    return [signal[start : start + 128] for start in range(0, len(signal) - 127, 64)]


def write(folder, runs):
    """Runs are (subject, activity, signal); every channel holds the same signal."""
    part = folder.name
    (folder / "Inertial Signals").mkdir(parents=True)
    windows = [window for _, _, signal in runs for window in cut(signal)]
    for name in SIGNALS:
        np.savetxt(folder / "Inertial Signals" / f"{name}_{part}.txt", windows, fmt="%.7e")
    for name, column in (("subject", 0), ("y", 1)):
        numbers = [run[column] for run in runs for _ in cut(run[2])]
        np.savetxt(folder / f"{name}_{part}.txt", numbers, fmt="%d")


def noise(seed, samples):
    return np.random.default_rng(seed).normal(size=samples)


def read(folder):
    return list(SOURCE.read(folder, ""))


def test_overlapping_windows_become_the_signal_they_were_cut_from(tmp_path):
    signal = noise(0, 128 + 5 * 64)
    write(tmp_path / "train", [(1, 4, signal)])
    (loaded,) = read(tmp_path)
    recording = loaded.recording
    assert len(recording.t) == len(signal)
    np.testing.assert_allclose(recording.channels["waist_gyr_x"], signal, rtol=1e-6)
    np.testing.assert_allclose(recording.channels["waist_acc_z"], signal * 9.80665, rtol=1e-6)
    assert recording.t[-1] == pytest.approx((len(signal) - 1) / 50)


def test_no_sample_is_there_twice(tmp_path):
    runs = [(1, 1, noise(0, 320)), (1, 2, noise(1, 256)), (2, 1, noise(2, 128))]
    write(tmp_path / "train", runs)
    samples = [one.recording.channels["waist_gyr_x"] for one in read(tmp_path)]
    assert [len(values) for values in samples] == [320, 256, 128]
    together = np.concatenate(samples)
    assert len(np.unique(together)) == len(together)


def test_a_run_ends_where_the_next_window_does_not_go_on(tmp_path):
    write(tmp_path / "test", [(2, 5, noise(0, 256)), (2, 5, noise(1, 256))])
    names = [one.recording.name for one in read(tmp_path)]
    assert names == ["test_001", "test_002"]


def test_windows_of_two_people_are_never_joined(tmp_path):
    signal = noise(0, 256)
    write(tmp_path / "train", [(1, 5, signal[:192]), (2, 5, signal[64:])])
    assert [one.recording.athlete for one in read(tmp_path)] == ["subject_1", "subject_2"]


def test_a_run_over_two_activities_labels_each_sample_by_its_first_window(tmp_path):
    signal = noise(0, 256)
    write(tmp_path / "train", [(1, 5, signal[:192]), (1, 1, signal[128:])])
    (loaded,) = read(tmp_path)
    assert loaded.recording.labels[LABEL].tolist() == ["standing"] * 192 + ["walking"] * 64


def test_people_follow_each_other_through_both_parts(tmp_path):
    write(tmp_path / "train", [(3, 1, noise(0, 128)), (1, 1, noise(1, 128))])
    write(tmp_path / "test", [(2, 1, noise(2, 128)), (1, 6, noise(3, 128))])
    recordings = [one.recording for one in read(tmp_path)]
    assert [(one.athlete, one.name) for one in recordings] == [
        ("subject_1", "train_001"),
        ("subject_1", "test_001"),
        ("subject_2", "test_001"),
        ("subject_3", "train_001"),
    ]


def test_a_damaged_window_parts_the_run_and_is_counted(tmp_path):
    write(tmp_path / "train", [(1, 5, noise(0, 128 + 4 * 64))])
    file = tmp_path / "train" / "Inertial Signals" / "body_gyro_y_train.txt"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:2], lines[2][:40], *lines[3:]]))
    loaded = read(tmp_path)
    assert [len(one.recording.t) for one in loaded] == [192, 192]
    assert loaded[0].warnings == ("Left out 1 window(s) with a damaged line.",)
    assert not loaded[1].warnings


def test_an_activity_without_a_name_is_no_label_and_counted(tmp_path):
    write(tmp_path / "train", [(1, 9, noise(0, 192))])
    (loaded,) = read(tmp_path)
    assert set(loaded.recording.labels[LABEL]) == {""}
    assert "192 sample(s)" in loaded.warnings[0]
