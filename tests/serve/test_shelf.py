from pathlib import Path

import pytest

from distride.serve.settings import ServerError
from distride.serve.shelf import BucketShelf, FolderShelf, Shelf


def shelves(folder: Path) -> list[Shelf]:
    return [FolderShelf(folder / "shelf"), BucketShelf(f"memory://{folder.name}/recordings")]


def test_what_was_put_there_can_be_read_until_it_is_removed(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="the extra 's3' is not installed")
    for shelf in shelves(tmp_path):
        for group, name in (("anna", "1"), ("anna", "2"), ("ben", "1")):
            (tmp_path / "new").write_text(group + name)
            shelf.put(group, name, tmp_path / "new")
            assert not (tmp_path / "new").exists()
        shelf.remove("anna", "1")
        with shelf.opened("anna", "2") as file:
            assert file.read_text() == "anna2"
        shelf.remove("anna")
        shelf.remove("anna")
        with pytest.raises(FileNotFoundError), shelf.opened("anna", "2") as file:
            file.read_text()
        with shelf.opened("ben", "1") as file:
            assert file.read_text() == "ben1"


def test_a_store_that_is_none_is_told() -> None:
    pytest.importorskip("fsspec", reason="the extra 's3' is not installed")
    with pytest.raises(ServerError, match="cannot be used"):
        BucketShelf("nonsense://x")
