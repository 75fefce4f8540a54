"""A run's folder belongs to one run, and each fold in it is done once."""

import json

import numpy as np
import pytest

from distride.config import Recipe, recipe_from
from distride.data import Cohort, Recording, Windowing
from distride.errors import DataError, TrainingError
from distride.runs.folder import ALL, claim, through_folds, write_json
from distride.signals import SignalSpec

ATHLETES = ("a0", "a1", "a2", "a3", "unlabelled")


def recorded(athlete):
    t = np.arange(80) / 20.0
    label = np.repeat(np.array(["walk", "run"], object), 40)
    label[:] = "" if athlete == "unlabelled" else label
    channels = {"w_acc_x": np.sin(t).astype(np.float32)}
    return Recording(athlete, "one", t, channels, {"label": label})


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    meta = {"name": "small", "sampling_hz": 20}
    cohort = Cohort.write(folder / "cohort", meta, map(recorded, ATHLETES))
    spec = SignalSpec(("w_acc_x",), 20.0, 1.0, 0.5)
    return Windowing(cohort, spec, ("label",)).into(folder / "windows")


class Work:
    """A fold's work that costs nothing; it may fail once."""

    def __init__(self, fails_at=None):
        self.done, self.fails_at = [], fails_at

    def __call__(self, fold, folder):
        if fold.number == self.fails_at:
            self.fails_at = None
            raise KeyboardInterrupt
        self.done.append(fold)
        for name in ("student.distride", "weights.safetensors"):
            (folder / name).write_text(f"of fold {fold.number}")
        return {"held_out": list(fold.held_out)}


def shipped(folder):
    return {(folder / name).read_text() for name in ("student.distride", "weights.safetensors")}


def test_one_fold_ships_its_own(windows, tmp_path):
    work = Work()
    found = through_folds(tmp_path, windows, Recipe(), 1, work)
    assert [fold.number for fold in work.done] == [0]
    assert (found.available, len(found.chosen)) == (4, 1)
    assert found.final == found.each[0]
    assert shipped(tmp_path) == {"of fold 0"}


def test_several_folds_ship_what_learnt_from_everybody(windows, tmp_path):
    work = Work()
    found = through_folds(tmp_path, windows, Recipe(), None, work)
    assert [fold.number for fold in work.done] == [0, 1, 2, 3, ALL]
    held_out = sorted(name for one in found.each for name in one["held_out"])
    assert held_out == ["a0", "a1", "a2", "a3"]  # who has no label judges nothing
    assert work.done[-1].training == ATHLETES
    assert found.final == {"held_out": []}
    assert shipped(tmp_path) == {f"of fold {ALL}"}


def test_who_only_measures_learns_from_no_more_than_the_folds(windows, tmp_path):
    work = Work()
    found = through_folds(tmp_path, windows, Recipe(), 2, work, deploy=False)
    assert [fold.number for fold in work.done] == [0, 1]
    assert found.final == found.each[0]
    assert shipped(tmp_path) == {"of fold 0"}


def test_what_was_done_before_a_cut_is_not_done_again(windows, tmp_path):
    work = Work(fails_at=2)
    with pytest.raises(KeyboardInterrupt):
        through_folds(tmp_path, windows, Recipe(), 4, work)
    assert not (tmp_path / "student.distride").exists()
    cut = through_folds(tmp_path, windows, Recipe(), 4, work)
    assert [fold.number for fold in work.done] == [0, 1, 2, 3, ALL]
    whole = through_folds(tmp_path / "whole", windows, Recipe(), 4, Work())
    assert cut == whole


@pytest.mark.parametrize("folds", [0, 5, -1])
def test_folds_that_are_not_there_are_refused(windows, tmp_path, folds):
    with pytest.raises(TrainingError, match=f"{folds} folds .* has 1 to 4"):
        through_folds(tmp_path, windows, Recipe(), folds, Work())


def test_a_folder_is_claimed_by_one_run(tmp_path):
    for _ in range(2):  # the same run goes on
        with claim(tmp_path, "windows", Recipe(), "plan"):
            pass
    others = (
        ("windows", recipe_from({"seed": 1}), "plan"),
        ("other windows", Recipe(), "plan"),
        ("windows", Recipe(), "another source"),
    )
    for other in others:
        with pytest.raises(TrainingError, match="choose another --out"), claim(tmp_path, *other):
            pytest.fail("what is refused must touch nothing")
    assert json.loads((tmp_path / "run.json").read_text())["recipe"]["seed"] == 0


def test_a_run_that_could_not_begin_claims_nothing(tmp_path):
    with pytest.raises(DataError), claim(tmp_path, "windows", Recipe(), "plan"):
        raise DataError("no window at all")
    with claim(tmp_path, "other windows", Recipe(), "plan"):
        pass


def test_a_file_appears_at_once(tmp_path):
    write_json(tmp_path / "a.json", {"athlete": "安娜"})
    with pytest.raises(TypeError):
        write_json(tmp_path / "a.json", {"no": object()})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"athlete": "安娜"}


def test_who_has_no_label_teaches_in_every_fold_and_is_held_out_of_none(windows, tmp_path):
    work = Work()
    through_folds(tmp_path, windows, Recipe(), None, work)
    for fold in work.done:
        assert "unlabelled" in fold.training
        assert "unlabelled" not in fold.held_out


def test_folds_done_by_others_give_what_one_process_gives(windows, tmp_path, two_workers):
    def do(fold, folder):
        for name in ("student.distride", "weights.safetensors"):
            (folder / name).write_text(f"of fold {fold.number}")
        with (folder / "times").open("a") as file:
            file.write("x")
        return {"held_out": list(fold.held_out)}

    found = through_folds(tmp_path, windows, Recipe(), None, do)
    assert found == through_folds(tmp_path, windows, Recipe(), None, do)
    assert [one.read_text() for one in tmp_path.glob("folds/*/times")] == ["x"] * 5
    assert found == through_folds(tmp_path / "alone", windows, Recipe(), None, Work())
    assert shipped(tmp_path) == {f"of fold {ALL}"}
