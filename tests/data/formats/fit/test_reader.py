import numpy as np
import pytest

from distride.data.formats.fit import SOURCE
from distride.errors import DataError

T0 = 1_000_000_000  # FIT seconds
RECORD, HR, FILE_ID, SESSION, ACCELEROMETER = 20, 132, 0, 18, 165
ACTIVITY = (FILE_ID, [(0, "E")], [(4,)])


@pytest.fixture
def read(fit_file, tmp_path):
    """Reads a FIT file of the given messages."""

    def of(*messages, change=lambda data: data):
        path = tmp_path / "a.fit"
        path.write_bytes(change(fit_file.fit(*(fit_file.message(*one) for one in messages))))
        return list(SOURCE.read(path, "ann"))

    return of


def test_units_and_names(read):
    fields = [(253, "I"), (0, "i"), (7, "H"), (39, "H"), (30, "B"), (4, "B"), (53, "B")]
    rows = [(T0 + at, 2**30, 250, 80, 178, 80, 64) for at in range(3)]
    (one,) = read(ACTIVITY, (RECORD, fields, rows))
    channels = {name: float(values[0]) for name, values in one.recording.channels.items()}
    assert channels == pytest.approx(
        {
            "latitude_deg": 90.0,
            "power_w": 250,
            "vertical_oscillation_m": 0.008,
            "cadence_rpm": 80.5,
        },
        rel=1e-5,
    )  # the balance of left and right is a flag and a share in one byte, and left out


def test_position_and_distance_written_apart_share_their_second(read):
    position = (RECORD, [(253, "I"), (0, "i")], [(T0, 1), (T0 + 1, 2)])
    (one,) = read(ACTIVITY, (RECORD, [(253, "I"), (5, "I")], [(T0, 700)]), position)
    assert one.recording.t.tolist() == [0, 1]
    np.testing.assert_array_equal(one.recording.channels["distance_m"], [7, np.nan])


def test_a_clock_that_was_never_set_counts_from_switching_on(read):
    (one,) = read(ACTIVITY, (RECORD, [(253, "I"), (3, "B")], [(500, 90), (505, 91)]))
    assert (one.start_s, one.recording.t.tolist()) == (500, [0, 5])


def test_sports_of_a_triathlon_are_labels(read):
    rows = [(T0 + at, 120) for at in range(6)]
    sports = (SESSION, [(2, "I"), (5, "E")], [(T0 + 3, 2), (T0, 5)])
    (one,) = read(ACTIVITY, (RECORD, [(253, "I"), (3, "B")], rows), sports)
    assert one.recording.labels["sport"].tolist() == ["swimming"] * 3 + ["cycling"] * 3


def test_the_straps_heart_rate_replaces_the_watchs_where_it_is(read):
    watch = (RECORD, [(253, "I"), (3, "B")], [(T0 + at, 100) for at in range(0, 40, 10)])
    strap = (HR, [(253, "I"), (6, "B")], [(T0 + at, 150) for at in (-60, 9, 10, 99)])
    (one,) = read(ACTIVITY, watch, strap)
    known = one.recording.channels["heart_rate"]
    told = dict(zip(one.recording.t.tolist(), known.tolist(), strict=True))
    assert told[0] == told[20] == told[30] == 100
    assert told[9] == told[10] == 150
    assert one.warnings == ("2 heart rates of the strap are from outside the activity.",)


def test_chained_files_are_several_recordings(fit_file, tmp_path):
    path = tmp_path / "chain.fit"
    path.write_bytes(fit_file.run() + fit_file.run(start=T0) + fit_file.run(kind=49, seconds=0))
    names = [one.recording.name for one in SOURCE.read(path, "ann")]
    assert names == ["chain-1", "chain-2"]


def test_damage_gives_what_was_before_it(read):
    rows = [(T0 + at, 120) for at in range(50)]
    run = (ACTIVITY, (RECORD, [(253, "I"), (3, "B")], rows))
    (one,) = read(*run, change=lambda data: data[:-60])
    assert 30 < len(one.recording.t) < 50
    assert "could be read up to byte" in one.warnings[0]
    (one,) = read(*run, change=lambda data: data[:-1] + b"\x00")
    assert len(one.recording.t) == 50
    assert one.warnings == ("The checksum does not fit: some values may be damaged.",)


def test_raw_motion_that_is_not_read_is_told(read):
    rows = [(T0 + at, 120) for at in range(5)]
    motion = (ACCELEROMETER, [(253, "I"), (0, "H")], [(T0, 1), (T0, 2)])
    (one,) = read(ACTIVITY, (RECORD, [(253, "I"), (3, "B")], rows), motion)
    assert one.warnings == ("2 messages of raw motion sensors are not read.",)


@pytest.mark.parametrize(("kind", "named"), [(49, "sleep"), (5, "workout"), (32, "monitoring_b")])
def test_a_file_without_records_says_what_it_is(read, kind, named):
    with pytest.raises(DataError, match=f"a FIT file of {named}, no activity: .*1 file_id"):
        read((FILE_ID, [(0, "E")], [(kind,)]))


def test_a_file_of_an_unknown_kind_or_of_none(read, tmp_path):
    with pytest.raises(DataError, match="an unknown kind"):
        read((SESSION, [(5, "E")], [(1,)]))
    (tmp_path / "b.fit").write_bytes(b"nothing like it")
    with pytest.raises(DataError, match="is no FIT file"):
        list(SOURCE.read(tmp_path / "b.fit", "ann"))


def test_without_its_library_the_extra_is_named(sample, monkeypatch):
    import sys

    from distride.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "fitdecode", None)
    with pytest.raises(MissingExtraError, match="formats"):
        list(SOURCE.read(sample("fit"), "ann"))
