"""The ledger of a fleet survives being cut anywhere."""

import json
from dataclasses import replace

import pytest

from distride.errors import DataError
from distride.fleet.ledger import LEDGER, Entry, Header, Ledger

HEADER = Header("ab", "squad", 100.0, "0.1", "2026-01-02T03:04:05+00:00")
LATER = replace(HEADER, created="2027-01-01T00:00:00+00:00")
ANNA = Entry("安娜", "ok", tasks={"label": {"windows": 3, "live": True, "shared_score": 0.5}})
BEN = Entry("ben", "failed", "No label.")


def test_a_run_that_goes_on_knows_what_was_done_and_keeps_its_date(tmp_path):
    Ledger(tmp_path, HEADER).add([ANNA, BEN])
    again = Ledger(tmp_path, LATER)
    assert again.header == HEADER
    assert again.live == {"安娜": True}
    assert again.failed == {"ben": "No label."}


def test_the_last_word_on_an_athlete_counts(tmp_path):
    Ledger(tmp_path, HEADER).add([BEN])
    Ledger(tmp_path, HEADER).add([replace(ANNA, athlete="ben")])
    again = Ledger(tmp_path, HEADER)
    assert again.live == {"ben": True}
    assert again.failed == {}


def test_a_reason_is_told_once(tmp_path):
    for _ in range(2):
        Ledger(tmp_path, HEADER).add([BEN])
    lines = (tmp_path / LEDGER).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line).get("athlete") for line in lines] == [None, "ben"]


def test_a_cut_anywhere_loses_no_whole_line(tmp_path):
    Ledger(tmp_path, HEADER).add([ANNA, BEN])
    whole = (tmp_path / LEDGER).read_bytes()
    for size in range(len(whole)):
        (tmp_path / LEDGER).write_bytes(whole[:size])
        ledger = Ledger(tmp_path, HEADER)
        known = {**ledger.live, **ledger.failed}
        ledger.add([one for one in (ANNA, BEN) if one.athlete not in known])
        assert (tmp_path / LEDGER).read_bytes() == whole


@pytest.mark.parametrize("change", [{"bundle_sha256": "cd"}, {"weight": 1.0}, {"cohort": "other"}])
def test_another_run_is_refused(tmp_path, change):
    Ledger(tmp_path, HEADER).add([ANNA])
    with pytest.raises(DataError, match="choose another --out"):
        Ledger(tmp_path, replace(HEADER, **change))


@pytest.mark.parametrize("line", ["{}", "[]", "no JSON", '{"athlete": "anna"}'])
def test_a_damaged_ledger_is_told(tmp_path, line):
    Ledger(tmp_path, HEADER).add([ANNA])
    with (tmp_path / LEDGER).open("a") as file:
        file.write(line + "\n")
    with pytest.raises(DataError, match="damaged"):
        Ledger(tmp_path, HEADER)


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be used"):
        Ledger(tmp_path / "file" / "out", HEADER)
