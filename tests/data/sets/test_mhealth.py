import math

import numpy as np
import pytest

from distride.data import LABEL
from distride.data.sets.mhealth import SOURCE


@pytest.fixture
def file(tmp_path):
    """24 columns, each cell telling its column, at the label 1 to 12 in turn."""
    table = np.tile(np.arange(1.0, 25.0), (24, 1))
    table[:, 23] = np.arange(24) % 13
    file = tmp_path / "mHealth_subject7.log"
    np.savetxt(file, table, fmt="%.6g", delimiter="\t")
    return file


def test_rotation_becomes_radians_and_acceleration_stays(file):
    channels = next(SOURCE.read(file.parent, "")).recording.channels
    first = {name: float(values[0]) for name, values in channels.items()}
    assert [first[f"chest_acc_{axis}"] for axis in "xyz"] == [1, 2, 3]
    assert [first[f"left_ankle_acc_{axis}"] for axis in "xyz"] == [6, 7, 8]
    assert [first[f"right_wrist_acc_{axis}"] for axis in "xyz"] == [15, 16, 17]
    assert first["left_ankle_gyr_x"] == pytest.approx(math.radians(9))
    assert first["right_wrist_gyr_z"] == pytest.approx(math.radians(20))
    assert len(channels) == 15  # no ECG, no magnetometer


def test_the_null_class_has_no_label(file):
    labels = next(SOURCE.read(file.parent, "")).recording.labels[LABEL]
    assert labels[0] == labels[13] == ""
    assert labels[1:13].tolist()[-2:] == ["running", "jump_front_and_back"]
    assert len(set(labels)) == 13


def test_a_damaged_line_leaves_a_gap(file):
    lines = file.read_text().splitlines()
    lines[4] = lines[4][:30]
    file.write_text("\n".join(lines))
    loaded = next(SOURCE.read(file.parent, ""))
    assert loaded.recording.t[3:5].tolist() == [0.06, 0.1]
    assert loaded.warnings == (
        "Left out 1 line(s) that do not hold 24 numbers; the clock goes on.",
    )
