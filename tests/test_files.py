"""Whole or not at all."""

import errno
import os

import pytest

from distride.errors import DataError, TrainingError
from distride.files import appearing, read_limited, write_whole


@pytest.fixture
def umask():
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def test_a_file_is_replaced_whole_and_readable_by_all(tmp_path, umask):
    path = tmp_path / "deep" / "a.json"
    for data in (b"old", b"new"):
        write_whole(path, data, DataError)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_a_file_is_as_private_as_its_owner_wants_new_ones(tmp_path, umask):
    umask(0o077)
    write_whole(tmp_path / "anna.parquet", b"hers", DataError)
    assert (tmp_path / "anna.parquet").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_old_file_and_nothing_beside(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_whole(path, b"old", DataError)

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("distride.files.os.fsync", full)
    with pytest.raises(
        TrainingError, match=r"Could not write .*No space left.*nothing was changed"
    ):
        write_whole(path, b"new", TrainingError)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_inside_leaves_nothing(tmp_path):
    with pytest.raises(IsADirectoryError), appearing(tmp_path / "a.npz"):
        tmp_path.write_bytes(b"half")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_too_large_or_absent_is_refused(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"four")
    assert read_limited(path, 4, DataError) == b"four"
    with pytest.raises(DataError, match="larger than the 3 bytes allowed"):
        read_limited(path, 3, DataError)
    with pytest.raises(TrainingError, match=r"/b' cannot be read: No such file or directory\.$"):
        read_limited(tmp_path / "b", 3, TrainingError)
