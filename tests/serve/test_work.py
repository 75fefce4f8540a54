from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from distride.config import Recipe
from distride.data import Cohort
from distride.data.athlete_file import write_athlete
from distride.data.progress import Progress
from distride.runs import Run
from distride.serve.work import FAILED, PROGRESS, RESULT, Order, main, read, write_order


def test_a_training_leaves_a_bundle_and_no_name_or_signal(
    tmp_path: Path, simulated: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {}
    for number, athlete in enumerate(simulated.athletes):
        for one in simulated.read(athlete):
            write_athlete(tmp_path / f"{number}.parquet", [one])
            files[f"000000000000000{number}"] = [f"{number}.parquet"]

    def learnt(cohort: Path, out: Path, recipe: Recipe, folds: int, progress: Progress) -> Run:
        """Stands in for a training of a minute: what it is asked is held against the order."""
        opened = Cohort.open(cohort)
        assert opened.athletes == tuple(sorted(files))
        assert opened.sampling_hz == pytest.approx(50, rel=0.01)
        assert (recipe.student.size, folds) == ("small", 1)
        with ThreadPoolExecutor(4) as side_by_side:
            list(side_by_side.map(lambda step: progress("fold", step, 100), range(101)))
        out.mkdir()
        for name in ("student.distride", "report.html", "results.json"):
            (out / name).write_text(name)
        return Run(out, {"distillation": {"reason": "why"}})

    monkeypatch.setattr("distride.runs.train", learnt)
    write_order(tmp_path, Order("train", files, '[student]\nsize = "small"', folds=1))
    main(tmp_path)
    result = read(tmp_path, RESULT)
    assert result == {"state": "done", "message": "why"}
    assert (tmp_path / "student.distride").read_text() == "student.distride"
    assert read(tmp_path, PROGRESS)["total"] == 100
    assert (tmp_path / "report.html").exists()
    assert {one.name for one in tmp_path.iterdir() if one.is_dir()} == set()


def test_a_file_that_is_damaged_says_nothing(tmp_path: Path) -> None:
    (tmp_path / PROGRESS).write_bytes(b"\xff{")
    assert read(tmp_path, PROGRESS) == read(tmp_path, RESULT) == {}


def test_what_cannot_be_done_is_told_in_one_sentence(tmp_path: Path) -> None:
    write_order(tmp_path, Order("train", {}))
    main(tmp_path)
    result = read(tmp_path, RESULT)
    assert result["state"] == "failed"
    assert result["message"].startswith("There is no recording")


def test_a_fault_is_told_as_one_and_not_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(folder: Path, order: Order) -> None:
        raise ValueError("Anna's file")

    monkeypatch.setattr("distride.serve.work.train", faulty)
    write_order(tmp_path, Order("train", {}))
    main(tmp_path)
    assert read(tmp_path, RESULT) == {"state": "failed", "message": FAILED}
