"""Files that are there whole or not at all, and are never larger than they may be."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from distride.errors import DistrideError

MEBIBYTE = 2**20


def partial_of(path: Path) -> Path:
    """A name beside a file or folder, for it while it is not whole."""
    return path.with_name(f".{path.name}.partial-{secrets.token_hex(8)}")


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A file beside, to be written inside; it takes the name at the end.

    A reader, or a crash, never sees half a file. What fails inside leaves the old file, or none.

    Raises:
        OSError: As on a full disk; nothing is left then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(path)
    partial.touch(exist_ok=False)  # as readable as the user's umask lets new files be
    try:
        yield partial
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes, kind: type[DistrideError]) -> None:
    """Write a file that appears at once.

    Args:
        path: Of the file; its folder is made.
        data: All of it.
        kind: Of the error.

    Raises:
        DistrideError: It cannot be written; nothing was changed.
    """
    try:
        with appearing(path) as partial:
            partial.write_bytes(data)
    except OSError as error:
        raise kind(f"Could not write '{path}': {reason(error)}; nothing was changed.") from error


def reason(error: Exception) -> str:
    """What an error says beside the path, which the message around it names already.

    >>> reason(FileNotFoundError(2, "No such file or directory", "x"))
    'No such file or directory'
    """
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def read_limited(path: Path, limit: int, kind: type[DistrideError]) -> bytes:
    """All bytes of a file that is no larger than a limit.

    Args:
        path: Of the file.
        limit: Bytes.
        kind: Of the error.

    Raises:
        DistrideError: It cannot be read, or is larger.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise kind(f"'{path}' cannot be read: {reason(error)}.") from error
    if len(data) > limit:
        raise kind(f"'{path}' is larger than the {limit} bytes allowed: it is not ours.")
    return data
