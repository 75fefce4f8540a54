"""A fleet's heads: those of each athlete alone, the same however many work, never made twice."""

import os
import shutil
import signal
from dataclasses import replace
from datetime import datetime
from functools import partial

import numpy as np
import pytest

from distride import Bundle, Cohort
from distride.errors import BundleError, DataError
from distride.fleet import Crew, joined, personalize
from distride.fleet.athletes import Order, personalized
from distride.fleet.ledger import LEDGER, Ledger
from distride.fleet.personalizing import LOST, work

DATE = "2026-01-02T03:04:05+00:00"
WHOLE = ["a", "b", "c", "f", "g"]


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch):
    monkeypatch.setattr("distride.fleet.personalizing.AT_ONCE", 2)


def heads_in(folder):
    return {file.name.partition(".")[0]: file for file in folder.glob("*.head.safetensors")}


def bytes_in(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def inodes_in(folder):
    """Of the heads: a head that is written again is another file."""
    return {name: file.stat().st_ino for name, file in heads_in(folder).items()}


def begun_like(done, folder):
    """A folder in which the run of another has just begun."""
    folder.mkdir()
    with (done / LEDGER).open() as lines:
        (folder / LEDGER).write_text(next(lines))
    return folder


def test_each_head_is_the_athletes_own_and_failures_are_theirs_alone(tiny, squad, tmp_path):
    told = []
    fleet = personalize(tiny.path, squad, tmp_path / "out", progress=lambda *one: told.append(one))
    assert (fleet.athletes, fleet.heads) == (7, 5)
    assert sorted(heads_in(fleet.folder)) == WHOLE
    assert "no window of one label" in fleet.failed["d"]
    assert "not a readable Parquet file" in fleet.failed["e"]
    assert told[-1] == ("athletes", 7, 7)
    student = Bundle.open(tiny.path)
    for athlete, file in heads_in(fleet.folder).items():
        head = student.bundle.personal_head(file)
        one = student.personalize(squad.read(athlete), created=datetime.fromisoformat(DATE))
        assert head.athlete == athlete
        assert head.created == fleet.created
        assert (head.shots, head.reasons) == (one.shots, one.reasons)
        assert head.heads.keys() == one.heads.keys()
        for task, own in one.heads.items():
            np.testing.assert_allclose(head.heads[task].weight, own.weight, atol=1e-4)
    assert fleet.live == sum(
        bool(student.bundle.personal_head(file).heads) for file in heads_in(fleet.folder).values()
    )


def test_two_workers_give_the_same_bytes(tiny, squad, tmp_path, ray_of_two):
    alone = personalize(tiny.path, squad, tmp_path / "alone")
    folder = begun_like(alone.folder, tmp_path / "two")
    with joined(Crew(2)):
        two = personalize(tiny.path, squad, folder)
    assert replace(two, folder=alone.folder) == alone
    assert bytes_in(folder) == bytes_in(alone.folder)


def test_a_run_cut_at_any_moment_goes_on_to_the_same_bytes(tiny, squad, tmp_path):
    whole = personalize(tiny.path, squad, tmp_path / "whole")

    def cut(stage, done, total):
        raise KeyboardInterrupt

    folder = begun_like(whole.folder, tmp_path / "cut")
    with pytest.raises(KeyboardInterrupt):
        personalize(tiny.path, squad, folder, progress=cut)
    before = inodes_in(folder)
    assert sorted(before) == ["a", "b"]
    told = []
    again = personalize(tiny.path, squad, folder, progress=lambda *one: told.append(one))
    assert told[0] == ("athletes", 4, 7)
    assert before.items() <= inodes_in(folder).items()
    assert (whole.kept, again.kept) == (0, 2)
    assert replace(again, folder=whole.folder, kept=0) == whole
    assert bytes_in(folder) == bytes_in(whole.folder)


def test_a_worker_killed_mid_way_repeats_nothing_that_is_finished(
    tiny, squad, tmp_path, two_workers
):
    whole = personalize(tiny.path, squad, tmp_path / "whole")
    folder = begun_like(whole.folder, tmp_path / "killed")
    date = datetime.fromisoformat(whole.created)
    order = Order(tiny.path, replace(squad, athletes=()), folder, date, 1.0)
    inode = tmp_path / "inode"

    def killed_once(athletes):
        if "c" in athletes and not inode.exists():
            personalized(order, ["c"])
            inode.write_text(str(order.file("c").stat().st_ino))
            os.kill(os.getpid(), signal.SIGKILL)
        return personalized(order, athletes)

    ledger = Ledger(folder, header_of(whole))
    work(killed_once, squad.athletes, ledger, lambda *told: None)
    assert inodes_in(folder)["c"] == int(inode.read_text())
    assert bytes_in(folder) == bytes_in(whole.folder)


def header_of(fleet):
    import json

    from distride.fleet.ledger import Header

    with (fleet.folder / LEDGER).open() as lines:
        return Header(**json.loads(next(lines)))


def test_who_takes_workers_down_takes_nobody_along(tiny, squad, tmp_path, two_workers, monkeypatch):
    monkeypatch.setattr("distride.fleet.cluster.RETRIES", 0)
    whole = personalize(tiny.path, squad, tmp_path / "whole")
    folder = begun_like(whole.folder, tmp_path / "poison")
    date = datetime.fromisoformat(whole.created)
    order = Order(tiny.path, replace(squad, athletes=()), folder, date, 1.0)

    def poisoned(athletes):
        if "b" in athletes:
            os.kill(os.getpid(), signal.SIGKILL)
        return personalized(order, athletes)

    ledger = Ledger(folder, header_of(whole))
    work(poisoned, squad.athletes, ledger, lambda *told: None)
    assert ledger.failed.keys() == {"b", "d", "e"}
    assert ledger.failed["b"] == LOST
    assert sorted(heads_in(folder)) == ["a", "c", "f", "g"]


def test_who_failed_is_tried_again_and_who_has_a_head_is_not(tiny, squad, tmp_path):
    out = tmp_path / "out"
    first = personalize(tiny.path, squad, out)
    before = inodes_in(out)
    shutil.copy(squad.path / "a.parquet", squad.path / "e.parquet")
    (out / "g.head.safetensors").unlink()
    again = personalize(tiny.path, Cohort.open(squad.path), out)
    assert again.failed.keys() == {"d"}
    assert again.heads == 6
    assert again.created == first.created
    after = inodes_in(out)
    assert {name: after[name] for name in "abcf"} == {name: before[name] for name in "abcf"}
    assert sorted(after) == ["a", "b", "c", "e", "f", "g"]


def test_new_recordings_are_learnt_anew_and_others_keep_their_heads(tiny, squad, tmp_path):
    out = tmp_path / "out"
    personalize(tiny.path, squad, out)
    before = bytes_in(out)
    shutil.copy(squad.path / "b.parquet", squad.path / "a.parquet")
    shutil.copy(squad.path / "d.parquet", squad.path / "c.parquet")  # has no label
    again = personalize(tiny.path, Cohort.open(squad.path), out)
    assert (again.heads, again.kept) == (4, 3)
    assert "c" in again.failed
    after = bytes_in(out)
    assert after["a.head.safetensors"] != before["a.head.safetensors"]
    assert "c.head.safetensors" not in after
    for name in "bfg":
        assert after[f"{name}.head.safetensors"] == before[f"{name}.head.safetensors"]
    assert personalize(tiny.path, Cohort.open(squad.path), out).kept == 4


def test_heads_of_another_run_or_damaged_are_made_anew(tiny, squad, tmp_path):
    order = Order(tiny.path, squad, tmp_path, datetime.fromisoformat(DATE), 1.0)
    do = partial(personalized, order)
    assert [one.state for one in do(["a", "b"])] == ["ok", "ok"]
    before = inodes_in(tmp_path)
    data = order.file("b").read_bytes()
    order.file("b").write_bytes(data[:-1] + b"x")
    do(["a", "b"])
    assert inodes_in(tmp_path)["a"] == before["a"]
    assert order.file("b").read_bytes() == data
    later = replace(order, created=datetime.fromisoformat("2027-01-01T00:00:00+00:00"))
    personalized(later, ["a"])
    assert Bundle.open(tiny.path).bundle.personal_head(order.file("a")).created.startswith("2027")


def test_what_nobody_foresaw_costs_one_athlete_only(tiny, squad, tmp_path, monkeypatch):
    def broken(cohort, athlete):
        raise ZeroDivisionError("of\nthis  kind")

    monkeypatch.setattr(Cohort, "read", broken)
    order = Order(tiny.path, squad, tmp_path, datetime.fromisoformat(DATE), 1.0)
    (entry,) = personalized(order, ["a"])
    assert (entry.state, entry.reason) == ("failed", "ZeroDivisionError: of this kind")


def test_what_concerns_all_ends_the_run(tiny, squad, tmp_path):
    with pytest.raises(BundleError):
        personalize(tmp_path / "none.distride", squad, tmp_path / "out")
    with pytest.raises(DataError, match="No cohort"):
        personalize(tiny.path, tmp_path / "nobody", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    personalize(tiny.path, squad, tmp_path / "out")
    with pytest.raises(DataError, match="choose another --out"):
        personalize(tiny.path, squad, tmp_path / "out", weight=5.0)
