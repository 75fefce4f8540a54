"""One folder an athlete, and nothing that athletes share: to forget one is to remove theirs."""

import re
from pathlib import Path
from urllib.parse import quote

from distride.errors import BundleError


def athlete_folder(folder: str | Path, athlete: str) -> Path:
    """Where an athlete's files lie in a folder of many; any name, and never a way out of it.

    >>> athlete_folder("heads", "../ann/é").name, athlete_folder("heads", "anna b").name
    ('%2E%2E%2Fann%2F%C3%A9', 'anna%20b')

    Raises:
        BundleError: The name is empty: it would be the folder of all.
    """
    if not athlete:
        raise BundleError(f"An athlete without a name has no folder in '{folder}': give a name.")
    return Path(folder) / quote(athlete, safe="").replace(".", "%2E")


def remove_folder(folder: Path, ours: re.Pattern[str]) -> None:
    """Remove an athlete's folder with all of our files, damaged ones too.

    Args:
        folder: Of one athlete.
        ours: What the names of our files look like.

    Raises:
        BundleError: There is nothing, or there are files that are not ours.
    """
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    foreign = [file.name for file in files if not ours.fullmatch(file.name)]
    if foreign or not folder.is_dir():
        found = f"holds {foreign[:3]}, which is not ours" if foreign else "is no folder"
        raise BundleError(f"'{folder}' {found}: nothing was removed.")
    for file in files:
        file.unlink()
    folder.rmdir()
