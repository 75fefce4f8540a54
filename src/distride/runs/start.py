"""Where students start: the base that a recipe names, found, read, and held against the cohort."""

from pathlib import Path

from distride.config import Recipe
from distride.data import Cohort, Windows
from distride.errors import DataError, RecipeError
from distride.learn.graft import every_unit, grafted
from distride.models.net import Net, Task, parameter_count
from distride.models.saved import SavedStudent, load_student
from distride.models.student import BUDGETS
from distride.runs.bundling import WEIGHTS, origin_of
from distride.runs.plan import Plan

GENERAL = "general"  # what a recipe calls the base that ships with the package
BASES = Path(__file__).parents[1] / "bases"  # one a size of student


def base_of(recipe: Recipe, cohort: Cohort) -> SavedStudent | None:
    """The base that the recipe names; None where students start from nothing.

    Raises:
        DataError: There is no such base, or it learnt from this very cohort.
        RecipeError: No general base of the student's size ships.
    """
    named = recipe.student.base
    if not named:
        return None
    file = _general(recipe.student.size) if named == GENERAL else weights_in(named)
    base = load_student(file)
    check_strange(base, cohort)
    return base


def weights_in(source: str | Path) -> Path:
    """The file to go on from: of a run's or a base's folder, or the file itself."""
    return Path(source) / WEIGHTS if Path(source).is_dir() else Path(source)


def _general(size: str) -> Path:
    file = BASES / f"{size}.safetensors"
    if not file.exists():
        held = ", ".join(sorted(one.stem for one in BASES.glob("*.safetensors"))) or "none"
        raise RecipeError(
            f"No general base of size '{size}' ships with this version, which has {held}: make one "
            "with 'distride base COHORT…' and give its folder."
        )
    return file


def check_strange(source: SavedStudent, cohort: Cohort) -> None:
    """A score on athletes whom the source has seen would be no score on unseen athletes.

    Raises:
        DataError: It learnt from a cohort of that name, or from a recording of this one.
    """
    own = origin_of(cohort)
    known = {one for origin in source.origins for one in origin.recordings}
    if cohort.name in {origin.cohort for origin in source.origins} or known & set(own.recordings):
        raise DataError(
            f"'{source.name}' learnt from '{cohort.name}' itself, so no athlete of it is unseen: "
            "start from one made of other cohorts."
        )


def check_size(base: SavedStudent, size: str, windows: Windows, plan: Plan) -> None:
    """A base brings filters of its own, and a student of a size has a budget.

    Raises:
        RecipeError: It knows no sensor of the cohort, or a student from it would be too large.
    """
    body, features = grafted(every_unit(base, plan.channels))
    tasks = tuple(Task(name, labels) for name, labels in windows.labels.items())
    count = parameter_count(Net(body, features, tasks))
    if count > BUDGETS[size]:
        raise RecipeError(
            f"A student from the base '{base.name}' would have {count:,} parameters on "
            f"{len(plan.channels)} channels, and '{size}' allows {BUDGETS[size]:,}: choose a "
            "larger student.size, fewer channels, or a smaller base."
        )
