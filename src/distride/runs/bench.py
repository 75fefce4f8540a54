"""The full protocol on several cohorts; cut at any moment, it goes on fold by fold."""

from dataclasses import dataclass
from pathlib import Path

from distride.config import Recipe, read_recipe
from distride.data.progress import Progress, silent
from distride.errors import DataError
from distride.files import write_whole
from distride.runs.train import RESULTS, Run, measure


@dataclass(frozen=True)
class Entry:
    """One line of a bench.

    Attributes:
        name: Of its results and, if there is one, its recipe.
        cohort: The cohort's folder.
    """

    name: str
    cohort: Path

    @classmethod
    def of(cls, text: str) -> "Entry":
        """Read ``COHORT`` or ``NAME=COHORT``.

        >>> Entry.of("arm=data/dsads").name, Entry.of("data/dsads").name
        ('arm', 'dsads')
        """
        name, sign, folder = text.rpartition("=")
        cohort = Path(folder)
        return cls(name if sign else cohort.resolve().name, cohort)


@dataclass(frozen=True)
class Bench:
    """How a bench is run.

    Attributes:
        out: Where `NAME.json` goes.
        work: Where the runs lie, a folder each.
        recipes: A folder that may hold `NAME.toml`; defaults without.
        folds: How many; all if None.
        labelled: Athletes who keep their labels in training; as the recipe says if None.
        device: Where nets train; as the recipe says if None.
    """

    out: Path
    work: Path
    recipes: Path | None = None
    folds: int | None = None
    labelled: int | None = None
    device: str | None = None

    def recipe(self, entry: Entry) -> Recipe:
        """The entry's own, or the defaults."""
        file = self.recipes / f"{entry.name}.toml" if self.recipes else None
        recipe = read_recipe(file) if file and file.exists() else Recipe()
        return recipe.with_labelled(self.labelled).with_device(self.device)

    def __call__(self, entry: Entry, progress: Progress = silent) -> Run:
        """Run one entry, or what is left of it, and put its results where they belong.

        Raises:
            DistrideError: As `train` does.
        """
        folder, recipe = self.work / entry.name, self.recipe(entry)
        run = measure(entry.cohort, folder, recipe, self.folds, progress)
        target = self.out / f"{entry.name}.json"
        try:
            write_whole(target, (run.folder / RESULTS).read_bytes(), DataError)
        except DataError as error:
            raise DataError(f"{error} The run itself lies in '{run.folder}'.") from error
        return run
