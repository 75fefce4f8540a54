"""A bench is the main job on several cohorts; here each of them was done before."""

import json
import shutil

import pytest

from distride.config import Recipe
from distride.errors import DataError
from distride.runs.bench import Bench, Entry


@pytest.fixture
def recipes(tmp_path, quick_recipe):
    folder = tmp_path / "recipes"
    folder.mkdir()
    shutil.copy(quick_recipe, folder / "five.toml")
    return folder


@pytest.fixture
def bench(trained, recipes, tmp_path):
    return Bench(tmp_path / "results", trained.folder.parent, recipes, folds=1)


def test_results_lie_under_the_entrys_name(bench, trained, simulated):
    run = bench(Entry("five", simulated.path))
    assert run.folder == trained.folder
    written = json.loads((bench.out / "five.json").read_text(encoding="utf-8"))
    assert written["models"] == trained.results["models"]
    assert [file.name for file in bench.out.iterdir()] == ["five.json"]


def test_an_entry_may_have_a_recipe_of_its_own(bench, simulated):
    assert bench.recipe(Entry("five", simulated.path)).student.size == "small"
    assert bench.recipe(Entry("other", simulated.path)) == Recipe()
    few = Bench(bench.out, bench.work, bench.recipes, labelled=3).recipe(Entry("five", bench.out))
    assert few.distillation.labelled_athletes == 3
    assert few.student.size == "small"


def test_a_place_that_cannot_be_written_does_not_lose_the_run(bench, simulated):
    bench.out.write_text("no folder")
    with pytest.raises(DataError, match="The run itself lies in"):
        bench(Entry("five", simulated.path))
