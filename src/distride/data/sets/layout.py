"""Finding a data set's files in the folder a person gives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from distride.errors import DataError

DEEPEST = 2  # archives unpack into a folder of their own, some of them twice


@dataclass(frozen=True)
class Layout:
    """What tells a data set's folder from any other.

    Attributes:
        title: What a person calls the set.
        signs: Patterns of files; a folder with a file of any of them is in this layout.
    """

    title: str
    signs: tuple[str, ...]

    def detects(self, folder: Path) -> bool:
        """Whether the folder, or the one its archive unpacked into, has such files."""
        return self._find(folder) is not None

    def home(self, folder: Path) -> Path:
        """The folder that the documentation's paths start from.

        Raises:
            DataError: The folder is in another layout.
        """
        found = self._find(folder)
        if found is None:
            raise DataError(
                f"'{folder}' is not in the layout of {self.title}, which has {self.signs[0]}: "
                "give the folder that its archive was unpacked into."
            )
        return found

    def _find(self, folder: Path) -> Path | None:
        for place in _places(folder):
            if any(any(place.glob(sign)) for sign in self.signs):
                return place
        return None


def numbered(folder: Path, pattern: str) -> dict[int, Path]:
    """Files or folders by the last number in their name, rising."""
    numbers = {path: re.findall(r"\d+", path.stem) for path in folder.glob(pattern)}
    return dict(sorted((int(found[-1]), path) for path, found in numbers.items() if found))


def _places(folder: Path) -> Iterator[Path]:
    """The folder and, while it holds a single one, the folder inside."""
    yield folder
    for _ in range(DEEPEST):
        inside = _subfolders(folder)
        if len(inside) != 1:
            return
        folder = inside[0]
        yield folder


def _subfolders(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return []
    return [path for path in found if not path.name.startswith((".", "__"))]
