"""Where recordings' files lie: a folder, or a bucket of a store that speaks S3."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from distride.errors import MissingExtraError
from distride.serve.observe import LOG
from distride.serve.problems import STORE_SILENT, Refused
from distride.serve.settings import ServerError

FRESH = {"skip_instance_cache": True, "use_listings_cache": False}  # others may use the store too
PROBE = ".distride"


class Shelf(Protocol):
    """Files by name, in groups that go away together."""

    def put(self, group: str, name: str, file: Path) -> None:
        """Move a file there; it is there whole, or not at all."""

    def opened(self, group: str, name: str) -> Any:
        """A context in which the file can be read; gives its path."""

    def remove(self, group: str, name: str = "") -> None:
        """Remove a file, or a whole group; what is not there is gone already."""


class FolderShelf:
    """A folder of this machine.

    Args:
        folder: It holds a folder a group.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, group: str, name: str, file: Path) -> None:
        """Move a file there; it is there whole, or not at all."""
        target = self._folder / group / name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{name}.partial")
        shutil.move(file, partial)
        partial.replace(target)

    @contextmanager
    def opened(self, group: str, name: str) -> Iterator[Path]:
        """A context in which the file can be read; gives its path."""
        yield self._folder / group / name

    def remove(self, group: str, name: str = "") -> None:
        """Remove a file, or a whole group; what is not there is gone already."""
        if name:
            (self._folder / group / name).unlink(missing_ok=True)
        elif (self._folder / group).exists():
            shutil.rmtree(self._folder / group)


class BucketShelf:
    """A store that fsspec reaches by an address, such as `s3://bucket/recordings`.

    Keys and endpoint come from the store's own settings (for S3: the AWS environment variables).

    Raises:
        ServerError: The address is none, of a kind that is not installed, or takes no files.
    """

    def __init__(self, address: str) -> None:
        try:
            import fsspec
        except ModuleNotFoundError as error:
            raise MissingExtraError("A store of files", "s3") from error
        try:
            self._store, self._root = fsspec.core.url_to_fs(address, **FRESH)
        except (ImportError, ValueError) as error:
            raise ServerError(
                f"The store '{address}' cannot be used: {error}; for S3 install 'distride[s3]'."
            ) from error
        try:
            self._store.pipe_file(f"{self._root}/{PROBE}", b"")
            self._store.rm_file(f"{self._root}/{PROBE}")
        except Exception as error:  # each kind of store has errors of its own
            raise ServerError(
                f"The store '{address}' takes no files: {str(error).rstrip('.')}; see that the "
                "bucket is there, and that the AWS environment variables name its endpoint and "
                "keys that may write, read, list and delete."
            ) from error

    def put(self, group: str, name: str, file: Path) -> None:
        """Move a file there; it is there whole, or not at all."""
        with _asked():
            self._store.put_file(str(file), self._at(group, name))
        file.unlink()

    @contextmanager
    def opened(self, group: str, name: str) -> Iterator[Path]:
        """A context in which the file can be read; gives its path."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / name
            with _asked():
                self._store.get_file(self._at(group, name), str(file))
            yield file

    def remove(self, group: str, name: str = "") -> None:
        """Remove a file, or a whole group; what is not there is gone already."""
        place = self._at(group, name) if name else f"{self._root}/{group}"
        with _asked():
            if self._store.exists(place):
                self._store.rm(place, recursive=True)

    def _at(self, group: str, name: str) -> str:
        return f"{self._root}/{group}/{name}"


@contextmanager
def _asked() -> Iterator[None]:
    """Asking a store: whatever it answers is told as one thing, except that a file is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        LOG.error("the store of recordings failed", exc_info=error)
        raise Refused(503, STORE_SILENT) from error
