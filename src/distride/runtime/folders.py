"""One folder an athlete, and nothing that athletes share: to forget one is to remove theirs."""

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from distride.errors import BundleError

IN_PROCESS = Lock()  # of those whose folders cannot be locked


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


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until nobody else, in any process, is in an athlete's folder; made where it is absent.

    Whoever is in it may remove it: the next one then gets a new one. Where folders cannot be locked
    (on Windows, and on some network drives) only this process's own threads wait.
    """
    try:
        turn: AbstractContextManager[object] = _locked(folder)
    except (ImportError, OSError):
        turn = IN_PROCESS
    with turn:
        yield


def _locked(folder: Path) -> ExitStack:
    """What lets go of the folder. The folder itself is locked: a file for that would stay in it."""
    import fcntl

    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held, suppress(FileNotFoundError):  # it was removed: once more
            handle = os.open(folder, os.O_RDONLY)
            held.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(handle), folder.stat()):
                return held.pop_all()
