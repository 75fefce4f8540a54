import numpy as np
import pytest

from distride.data import LABEL, Cohort
from distride.data.sets.dsads import SOURCE, UNITS
from distride.errors import DataError


def write_segment(folder, activity, person, segment, rows):
    file = folder / f"a{activity:02d}" / f"p{person}" / f"s{segment:02d}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(file, rows, fmt="%.9g", delimiter=",")
    return file


@pytest.fixture
def activity(tmp_path):
    """Three segments of one activity, each cell telling its line."""
    for segment in (1, 2, 3):
        rows = np.tile(np.arange(125.0)[:, None] + 1000 * segment, (1, 45))
        write_segment(tmp_path, 12, 3, segment, rows)
    return tmp_path


def test_segments_are_one_recording_in_the_order_of_their_numbers(activity):
    (loaded,) = SOURCE.read(activity, "")
    recording = loaded.recording
    assert (recording.athlete, recording.name) == ("subject_3", "a12")
    assert np.allclose(np.diff(recording.t), 0.04)
    assert (np.diff(recording.channels["torso_acc_x"]) > 0).all()
    assert set(recording.labels[LABEL]) == {"running_treadmill"}


def test_units_are_told_apart_and_magnetometers_left_out(tmp_path):
    write_segment(tmp_path, 1, 1, 1, np.tile(np.arange(45.0), (125, 1)))
    channels = next(SOURCE.read(tmp_path, "")).recording.channels
    assert len(channels) == 30
    for unit, first in UNITS.items():
        assert [channels[f"{unit}_acc_{axis}"][0] for axis in "xyz"] == [
            first,
            first + 1,
            first + 2,
        ]
        assert channels[f"{unit}_gyr_x"][0] == first + 3


def test_a_person_may_lack_an_activity(activity):
    write_segment(activity, 1, 4, 1, np.ones((125, 45)))
    people = [(one.recording.athlete, one.recording.name) for one in SOURCE.read(activity, "")]
    assert people == [("subject_3", "a12"), ("subject_4", "a01")]


def test_an_absent_segment_leaves_a_gap_of_five_seconds(activity):
    (activity / "a12" / "p3" / "s02.txt").unlink()
    (loaded,) = SOURCE.read(activity, "")
    assert np.diff(loaded.recording.t).max() == pytest.approx(5.04)
    assert "125 sample(s) are missing" in loaded.warnings[0]


def test_lines_beyond_a_segment_and_damaged_ones_are_counted(activity):
    file = activity / "a12" / "p3" / "s02.txt"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:50], "1,2,3", *lines[51:], lines[0], lines[0]]))
    (loaded,) = SOURCE.read(activity, "")
    assert len(loaded.recording.t) == 374
    assert "3 line(s)" in loaded.warnings[0]
    assert "1 sample(s) are missing" in loaded.warnings[1]


def test_an_empty_segment_does_not_spoil_the_others_but_nothing_at_all_is_refused(activity):
    files = sorted((activity / "a12" / "p3").iterdir())
    files[0].write_text("")
    assert len(next(SOURCE.read(activity, "")).recording.t) == 250
    for file in files[1:]:
        file.write_text("")
    with pytest.raises(DataError, match="activity 12 of 'subject_3'"):
        next(SOURCE.read(activity, ""))


@pytest.mark.real
def test_rows_of_the_prepared_cohort_come_back_the_same(real_data, tmp_path):
    prepared = Cohort.open(real_data / "dsads").read("subject_2")
    segments, rows = 3, 125
    for number, recording in enumerate(prepared, 1):
        table = np.zeros((segments * rows, 45))
        for unit, first in UNITS.items():
            names = [f"{unit}_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz"]
            table[:, first : first + 6] = recording.samples(tuple(names))[: segments * rows]
        for segment in range(segments):
            part = table[segment * rows : (segment + 1) * rows]
            write_segment(tmp_path, number, 2, segment + 1, part)
    loaded = list(SOURCE.read(tmp_path, ""))
    assert len(loaded) == len(prepared) == 19
    for ours, theirs in zip((one.recording for one in loaded), prepared, strict=True):
        assert (ours.athlete, ours.name) == (theirs.athlete, theirs.name)
        assert ours.labels[LABEL].tolist() == theirs.labels[LABEL][: segments * rows].tolist()
        np.testing.assert_allclose(ours.t, theirs.t[: segments * rows], atol=1e-9)
        assert list(ours.channels) == list(theirs.channels)
        for name, values in ours.channels.items():
            np.testing.assert_array_equal(values, theirs.channels[name][: segments * rows])
