import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from distride.data import Cohort
from distride.errors import GuidanceError, MissingExtraError
from distride.guidance import Session, summarize, write_fit
from distride.runtime import Heart, SetEnded

fitdecode = pytest.importorskip("fitdecode", reason="the extra 'formats' is not installed")
pytest.importorskip("fit_tool", reason="the extra 'formats' is not installed")


def named(number, began, ended, movement="squat", repetitions=9):
    return SetEnded(ended + 2, began, ended, number, movement, repetitions, 3.1, 64.0, 0.93, 0.9)


def read(path):
    with fitdecode.FitReader(path, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        return [one for one in reader if one.frame_type == fitdecode.FIT_FRAME_DATA]


def of(messages, name):
    return [
        {field.name: field.value for field in one.fields} for one in messages if one.name == name
    ]


@pytest.fixture(scope="module")
def written(session, anna, tmp_path_factory):
    path = tmp_path_factory.mktemp("fit") / "anna.fit"
    write_fit(path, session, summarize(session, anna))
    return read(path)


def test_another_reader_finds_sets_with_their_repetitions(written):
    sets = of(written, "set")
    active = [one for one in sets if one["set_type"] == "active"]
    assert [one["repetitions"] for one in active] == [9, 9, 9]
    assert [one["category"] for one in active] == ["squat"] * 3
    assert [one["duration"] for one in active] == [108.0] * 3
    assert [one["movement"] for one in active] == ["squat"] * 3
    assert active[0]["range"] == pytest.approx(64.0)
    assert active[0]["start_time"] == dt.datetime(2026, 5, 1, 18, 0, 2, tzinfo=dt.UTC)
    assert {one["set_type"] for one in sets} == {"active", "rest"}
    assert sum(one["duration"] for one in sets) == pytest.approx(599, abs=0.1)


def test_another_reader_finds_the_heart_the_laps_and_the_totals(written, session, anna):
    records, laps, (total,) = (of(written, name) for name in ("record", "lap", "session"))
    assert len(records) == 600
    told = [one.bpm for one in session.of(Heart)]
    assert np.abs(np.array([one["heart_rate"] for one in records]) - told).max() <= 0.5
    assert len(laps) == total["num_laps"] == 7
    assert [one["intensity"] for one in laps[:2]] == ["rest", "active"]
    assert laps[1]["total_cycles"] == 9
    assert (total["sport"], total["sub_sport"]) == ("training", "strength_training")
    assert total["total_elapsed_time"] == 599.0
    assert total["total_cycles"] == 27
    load = summarize(session, anna).load
    assert total["avg_heart_rate"] == round(load.mean_bpm.value)
    assert total["trimp"] == pytest.approx(load.trimp.value, abs=1e-3)
    assert total["session_rpe_load"] == pytest.approx(load.session_rpe.value, abs=1e-3)
    assert sum(total["time_in_hr_zone"]) == pytest.approx(600, abs=2)
    assert (written[0].name, written[-1].name) == ("file_id", "activity")


def test_our_own_import_reads_it(session, anna, tmp_path):
    from distride.data.importing import import_recordings

    folder = tmp_path / "files" / "anna"
    folder.mkdir(parents=True)
    write_fit(folder / "monday.fit", session, summarize(session, anna))
    import_recordings([tmp_path / "files"], tmp_path / "cohort")
    (recording,) = Cohort.open(tmp_path / "cohort").read("anna")
    assert recording.channels["heart_rate"].mean() == pytest.approx(130, abs=2)
    assert set(recording.labels["sport"]) == {"training"}


def test_a_session_without_a_heart_rate_or_a_profile_is_written_too(tmp_path):
    events = (named(1, 2.0, 30.0, "", 5), named(2, 40.0, 70.0, "跳绳", 8))
    session = Session("anna", dt.datetime(2026, 5, 1, tzinfo=dt.UTC), events)
    write_fit(tmp_path / "a.fit", session, summarize(session, None))
    messages = read(tmp_path / "a.fit")
    assert all("heart_rate" not in one for one in of(messages, "record"))
    active = [one for one in of(messages, "set") if one["set_type"] == "active"]
    assert [one.get("movement") for one in active] == [None, "跳绳"]
    assert [one["category"] for one in active] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("movement", "category"),
    [
        ("dumbbell bench-press", "bench_press"),
        ("leg_curl", "leg_curl"),
        ("biceps_curl", "curl"),
        ("throw", "unknown"),
    ],
)
def test_a_movement_is_told_in_fits_own_words_where_it_has_them(tmp_path, movement, category):
    session = Session(
        "anna", dt.datetime(2026, 5, 1, tzinfo=dt.UTC), (named(1, 0.0, 30.0, movement),)
    )
    write_fit(tmp_path / "a.fit", session, summarize(session, None))
    assert of(read(tmp_path / "a.fit"), "set")[0]["category"] == category


def test_what_fit_cannot_say_and_what_is_missing_is_one_sentence(
    session, anna, tmp_path, monkeypatch
):
    old = replace(session, start=dt.datetime(1980, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(GuidanceError, match="before 1990"):
        write_fit(tmp_path / "a.fit", old, summarize(old, anna))
    monkeypatch.setitem(sys.modules, "fit_tool", None)
    monkeypatch.setitem(sys.modules, "fit_tool.fit_file_builder", None)
    with pytest.raises(MissingExtraError, match="'formats'"):
        write_fit(tmp_path / "a.fit", session, summarize(session, anna))
    assert list(Path(tmp_path).iterdir()) == []
