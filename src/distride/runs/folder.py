"""A run's folder: claimed by one recipe, filled fold by fold, never half written."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from distride.config import Recipe
from distride.data import Fold, Windows, athlete_folds
from distride.errors import TrainingError
from distride.files import write_whole
from distride.fleet import in_order
from distride.runs.bundling import BUNDLE, WEIGHTS
from distride.runs.plan import labelled_athletes

MARK, FOUND, FOLDS = "run.json", "fold.json", "folds"
FORMAT = 4  # of what a fold finds: folds of other formats are not mixed
ALL = -1  # number of the fold that holds nobody out


@dataclass(frozen=True)
class Found:
    """What the folds of a run found.

    Attributes:
        chosen: The folds that were run.
        available: How many there are.
        each: By fold what was found.
        final: What was found where nobody is held out, or by the only fold.
    """

    chosen: tuple[Fold, ...]
    available: int
    each: list[dict[str, Any]]
    final: dict[str, Any]


@contextmanager
def claim(folder: Path, fingerprint: str, recipe: Recipe, rest: object) -> Iterator[None]:
    """Mark the folder as this run's, once what is done inside has gone well.

    Args:
        folder: The run's; what is done inside may fill it, for nobody else's run is in it.
        fingerprint: Of the windows.
        recipe: Of the run.
        rest: All else that its results depend on.

    Raises:
        TrainingError: It holds another run.
    """
    key = hashlib.sha256(repr((FORMAT, fingerprint, recipe, rest)).encode()).hexdigest()
    mark = folder / MARK
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["key"] != key:
        raise TrainingError(
            f"'{folder}' holds a run of another recipe, other data or an older version: choose "
            "another --out, or remove that folder."
        )
    yield
    write_json(mark, {"key": key, "recipe": asdict(recipe)})


def through_folds(
    folder: Path,
    windows: Windows,
    recipe: Recipe,
    folds: int | None,
    do: Callable[[Fold, Path], dict[str, Any]],
    deploy: bool = True,
) -> Found:
    """Do each fold that was not done before; what leaves training lies in the folder at the end.

    Folds do not need each other: they are the pieces of work of the crew that was `joined`.
    Athletes without a label are held out of nothing: their recordings teach in every fold.

    Args:
        folder: The run's.
        windows: Of the cohort.
        recipe: Of the run.
        folds: How many; all if None.
        do: A fold's work, in a folder of its own; its result is kept.
        deploy: End with a model of all athletes; else what leaves training is the first fold's.

    Raises:
        TrainingError: Too few athletes, or more folds than there are.
    """
    labelled = labelled_athletes(windows, recipe.signals.tasks[0])
    others = tuple(athlete for athlete in windows.athletes if athlete not in labelled)
    every = tuple(
        replace(fold, training=tuple(sorted(fold.training + others)))
        for fold in athlete_folds(labelled, recipe.seed)
    )
    if folds is not None and not 1 <= folds <= len(every):
        raise TrainingError(f"{folds} folds were asked for: this cohort has 1 to {len(every)}.")
    chosen = every[:folds]
    places = {folder / FOLDS / str(one.number): one for one in chosen}
    source, number = folder / FOLDS / str(chosen[0].number), 0
    if deploy and len(chosen) > 1:
        source, number = folder / FOLDS / "all", len(chosen)
        places[source] = Fold(ALL, tuple(sorted(windows.athletes)), ())
    found = list(in_order(partial(_kept, do), places.items()))
    for name in (BUNDLE, WEIGHTS):
        write_whole(folder / name, (source / name).read_bytes(), TrainingError)
    return Found(chosen, len(every), found[: len(chosen)], found[number])


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """The file appears at once.

    Raises:
        TrainingError: It cannot be written, as on a full disk.
    """
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    write_whole(path, text.encode(), TrainingError)


def _kept(do: Callable[[Fold, Path], dict[str, Any]], place: tuple[Path, Fold]) -> dict[str, Any]:
    folder, fold = place
    file = folder / FOUND
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_json(file, do(fold, folder))
    return dict(json.loads(file.read_text(encoding="utf-8")))
