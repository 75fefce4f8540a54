import errno
import json

import numpy as np
import pytest

from distride.data import Cohort
from distride.data import table as tables
from distride.data.formats import SOURCES as FORMATS
from distride.data.importing import ImportOptions, import_recordings
from distride.data.sets import SOURCES as SETS
from distride.errors import DataError

OWN = "t,wrist_acc_x,label\n0,1,run\n0.02,2,run\n"
HEAD = "epoch (ms),time (01:00),elapsed (s),"
SLEEPLESS = "timestamp_measurement,HR\n2017-04-01,43\n"


def axes(unit, start_ms, step_ms, count, value):
    names = ",".join(f"{axis}-axis ({unit})" for axis in "xyz")
    rows = (f"{start_ms + step_ms * at},d,0,{value},0,0\n" for at in range(count))
    return f"{HEAD}{names}\n{''.join(rows)}"


@pytest.fixture
def squad(tmp_path):
    """Two athletes: a session of two files, a file of our own, and one without samples."""
    files = {
        "ann/squat_Accelerometer.csv": axes("g", 1_600_000_000_040, 80, 4, 1),
        "ann/squat_Gyroscope.csv": axes("deg/s", 1_600_000_000_000, 40, 8, 180),
        "ben/run.csv": OWN,
        "ben/daily.csv": SLEEPLESS,
    }
    for name, text in files.items():
        path = tmp_path / "squad" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "squad"


def test_no_two_sources_have_one_name():
    names = [source.name for source in (*FORMATS, *SETS)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("source", [*FORMATS, *SETS], ids=lambda source: source.name)
def test_no_source_takes_a_cohort_or_a_folder_of_a_squad_for_its_own(source, squad, tmp_path):
    cohort = import_recordings([squad], tmp_path / "c").cohort
    assert not source.detects(cohort.path)
    assert not source.detects(squad)
    assert not source.detects(cohort.path / "ann.parquet")


def test_a_folder_becomes_a_cohort(squad, tmp_path):
    found = import_recordings([squad], tmp_path / "c")
    cohort = found.cohort
    assert cohort.athletes == ("ann", "ben")
    assert cohort.sampling_hz == 50
    assert cohort.meta["name"] == "c"
    assert cohort.meta["licence"]
    (squat,) = cohort.read("ann")
    assert squat.name == "squat"
    (run,) = cohort.read("ben")
    assert run.labels["label"].tolist() == ["run", "run"]
    assert [one.file.name for one in found.skipped] == ["daily.csv"]


def test_two_sensors_share_one_clock(squad, tmp_path):
    cohort = import_recordings([squad], tmp_path / "c").cohort
    (squat,) = cohort.read("ann")
    np.testing.assert_allclose(squat.t, 0.04 * np.arange(8), atol=1e-6)
    acc, gyr = squat.channels["body_acc_x"], squat.channels["body_gyr_x"]
    np.testing.assert_allclose(gyr, np.pi, rtol=1e-6)
    np.testing.assert_allclose(acc[1::2], 9.80665, rtol=1e-6)
    assert np.isnan(acc[::2]).all()


def test_a_dry_run_reads_all_and_writes_nothing(squad, tmp_path):
    found = import_recordings([squad], None)
    assert found.cohort is None
    squat, run = found.recordings
    assert squat.rates_hz["body_acc_x"] == 12.5
    assert squat.rates_hz["body_gyr_x"] == 25
    assert (squat.athlete, squat.recording, squat.samples) == ("ann", "squat", 8)
    assert [file.name for file in squat.files] == ["squat_Accelerometer.csv", "squat_Gyroscope.csv"]
    assert (run.source, run.labels, run.seconds) == ("csv", ("label",), 0.02)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["squad"]


def test_what_files_do_not_tell_is_given(squad, tmp_path):
    options = ImportOptions(athlete="eva", placement="left_thigh")
    found = import_recordings([squad], tmp_path / "c", options)
    recordings = {one.name: one for one in found.cohort.read("eva")}
    assert set(recordings) == {"ann/squat", "ben/run"}
    assert "left_thigh_acc_x" in recordings["ann/squat"].channels
    assert "wrist_acc_x" in recordings["ben/run"].channels
    assert found.notes == ()
    assert any("--placement" in note for note in import_recordings([squad], None).notes)


def test_a_placement_is_a_name():
    with pytest.raises(DataError, match="'Left wrist' cannot name a placement"):
        ImportOptions(placement="Left wrist")


def test_a_mapping_reads_what_has_no_dialect(tmp_path):
    (tmp_path / "eva.csv").write_text("when;ax\n0;1\n20;1\n")
    (tmp_path / "m.toml").write_text(
        '[time]\ncolumn = "when"\nunit = "ms"\n[channels]\nacc_x = { column = "ax", unit = "g" }\n'
    )
    options = ImportOptions(placement="ankle", mapping=tmp_path / "m.toml")
    found = import_recordings([tmp_path / "eva.csv"], tmp_path / "c", options)
    (one,) = found.cohort.read("eva")
    assert one.channels["ankle_acc_x"][0] == pytest.approx(9.80665)
    assert found.recordings[0].source == "mapped"


def test_a_clock_in_another_unit_than_seconds_is_a_warning(tmp_path):
    for name, step in (("anna", 20), ("bo", 0.02), ("cy", 20_000)):
        rows = "".join(f"{step * at},1,60\n" for at in range(9))
        (tmp_path / f"{name}.csv").write_text("t,wrist_acc_x,heart_rate\n" + rows)
    files = [tmp_path / f"{name}.csv" for name in ("anna", "bo", "cy")]
    anna, bo, cy = import_recordings(files, None).recordings
    assert "Samples of movement come at 0.05 Hz: is 't' in seconds?" in anna.warnings[0]
    assert "come at 5e-05 Hz" in cy.warnings[0]
    assert bo.warnings == ()


def test_an_import_adds_to_a_cohort(squad, tmp_path):
    cohort = import_recordings([squad / "ann"], tmp_path / "c").cohort
    assert cohort.athletes == ("ann",)
    found = import_recordings([squad / "ben"], tmp_path / "c")
    assert found.cohort.athletes == ("ann", "ben")
    assert any("states 25 Hz" in note for note in found.notes)


def test_the_same_again_changes_nothing(squad, tmp_path):
    import_recordings([squad], tmp_path / "c")
    before = {path.name: path.read_bytes() for path in (tmp_path / "c").iterdir()}
    with pytest.raises(DataError, match="already has a recording"):
        import_recordings([squad], tmp_path / "c")
    assert {path.name: path.read_bytes() for path in (tmp_path / "c").iterdir()} == before


def test_an_empty_folder_is_filled_and_a_foreign_one_refused(squad, tmp_path):
    (tmp_path / "c").mkdir()
    assert import_recordings([squad], tmp_path / "c").cohort.athletes == ("ann", "ben")
    with pytest.raises(DataError, match=r"empty|meta\.json"):
        import_recordings([squad], squad)


def test_a_file_named_itself_must_be_readable(squad, tmp_path):
    with pytest.raises(DataError, match="HRV4Training"):
        import_recordings([squad / "ben" / "run.csv", squad / "ben" / "daily.csv"], tmp_path / "c")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["squad"]


def test_nothing_readable_is_one_error(squad, tmp_path):
    (squad / "ben" / "run.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"Nothing could be read: .* 1 more files"):
        import_recordings([squad / "ben"], tmp_path / "c")
    (tmp_path / "void").mkdir()
    with pytest.raises(DataError, match="no files"):
        import_recordings([tmp_path / "void"], tmp_path / "c")
    assert not (tmp_path / "c").exists()


def test_two_files_of_one_session_with_one_channel_are_refused(squad, tmp_path):
    twin = squad / "ann" / "squat_Magnetometer.csv"
    twin.write_text((squad / "ann" / "squat_Gyroscope.csv").read_text())
    with pytest.raises(DataError, match=r"both hold 'gyr_x' of the session 'squat'"):
        import_recordings([squad], tmp_path / "c")


def test_a_damaged_file_of_a_session_leaves_the_others(squad, tmp_path):
    (squad / "ann" / "squat_Gyroscope.csv").write_text(f"{HEAD}x-axis (deg/s)\n")
    found = import_recordings([squad], tmp_path / "c")
    (squat,) = found.cohort.read("ann")
    assert list(squat.channels) == ["body_acc_x", "body_acc_y", "body_acc_z"]
    assert "squat_Gyroscope.csv" in {one.file.name for one in found.skipped}


@pytest.mark.parametrize("existing", [False, True])
def test_a_full_disk_leaves_everything_as_it_was(squad, tmp_path, monkeypatch, existing):
    if existing:
        import_recordings([squad / "ann"], tmp_path / "c")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write = tables.write_table

    def full(path, table):
        if path.stem == "ben":
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, table)

    monkeypatch.setattr("distride.data.athlete_file.write_table", full)
    with pytest.raises(DataError, match="No space left"):
        import_recordings([squad if not existing else squad / "ben"], tmp_path / "c")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_recordings_stand_in_the_order_of_time(tmp_path):
    started_ms = {"10": 1_600_000_000_000, "9": 1_700_000_000_000, "11": 1_500_000_000_000}
    for name, start_ms in started_ms.items():
        file = tmp_path / "ann" / f"s{name}_Accelerometer.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_text(axes("g", start_ms, 40, 8, 1))
    found = import_recordings([tmp_path], tmp_path / "c")
    assert [one.name for one in found.cohort.read("ann")] == ["s11", "s10", "s9"]


def test_recordings_without_dates_stand_in_the_order_of_their_numbers(tmp_path):
    (tmp_path / "bo").mkdir()
    for name in ("run10", "run9"):
        (tmp_path / "bo" / f"{name}.csv").write_text(OWN)
    found = import_recordings([tmp_path], tmp_path / "c")
    assert [one.name for one in found.cohort.read("bo")] == ["run9", "run10"]


@pytest.mark.parametrize("name", ["Bo/../x", ".bo", "b" * 101, "施" * 70])
def test_an_athlete_whose_name_is_none_is_left_out_of_a_folder(tmp_path, name):
    text = "t,athlete,wrist_acc_x\n0,{0},1\n0.02,{0},2\n"
    for file, athlete in (("a", "Anna M. O'Neill (2)"), ("b", name), ("c", "cy")):
        (tmp_path / "mix" / f"{file}.csv").parent.mkdir(exist_ok=True)
        (tmp_path / "mix" / f"{file}.csv").write_text(text.format(athlete))
    for to in (None, tmp_path / "c"):
        found = import_recordings([tmp_path / "mix"], to)
        assert [one.athlete for one in found.recordings] == ["Anna M. O'Neill (2)", "cy"]
        (left,) = found.skipped
        assert left.file.name == "b.csv"
        assert "in UTF-8 without '/' and '\\'" in left.reason
    assert found.cohort.athletes == ("Anna M. O'Neill (2)", "cy")
    for to in (None, tmp_path / "d"):
        with pytest.raises(DataError, match=r"b\.csv': '.*' cannot name an athlete's file"):
            import_recordings([tmp_path / "mix" / "b.csv"], to)
    assert not (tmp_path / "d").exists()


def test_an_athlete_whose_files_lie_apart_is_no_silent_loss(tmp_path):
    text = "t,athlete,wrist_acc_x\n0,{0},1\n1,{0},2\n"
    for name, athlete in (("a", "x"), ("b", "y"), ("c", "x")):
        (tmp_path / f"{name}.csv").write_text(text.format(athlete))
    files = [tmp_path / f"{name}.csv" for name in "abc"]
    import_recordings(files[1:2], tmp_path / "cohort")
    with pytest.raises(DataError, match="'x' do not follow each other"):
        import_recordings([files[0], files[1], files[2]], tmp_path / "cohort2")
    (tmp_path / "b.csv").write_text(text.format("z"))
    with pytest.raises(DataError, match="'x' do not follow each other"):
        import_recordings(files, tmp_path / "cohort")
    assert Cohort.open(tmp_path / "cohort").athletes == ("y",)


def test_progress_is_told(squad):
    heard = []
    import_recordings([squad], None, told=lambda *step: heard.append(step))
    assert heard[-1] == ("files", 3, 3)


@pytest.mark.real
def test_all_real_files_at_once(real_data, tmp_path):
    found = import_recordings([real_data / "formats"], tmp_path / "c")
    assert len(found.recordings) == 42
    assert len(found.skipped) == 19
    assert len(found.cohort.athletes) == 13
    polar = next(one for one in found.recordings if one.source == "polar")
    assert polar.rates_hz["body_acc_x"] == pytest.approx(51.7, abs=0.1)
    assert polar.rates_hz["heart_rate"] == pytest.approx(1, abs=0.01)
    (one,) = found.cohort.read("csv_polar_sensor_logger")
    together = np.isfinite(one.channels["body_acc_x"]) & np.isfinite(one.channels["body_gyr_x"])
    assert together.sum() == 1298
    assert json.loads((tmp_path / "c" / "meta.json").read_text())["sampling_hz"] > 190
