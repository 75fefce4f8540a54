import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from distride.serve import Server, Settings
from distride.serve.settings import ServerError
from distride.serve.shelf import BucketShelf, FolderShelf, Shelf

from .api.test_phone import raw_of, sent_session
from .conftest import World

ADDRESS = "s3://gym/recordings"


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """A server that speaks S3, in this process; its module's settings."""
    pytest.importorskip("s3fs", reason="the extra 's3' is not installed")
    pytest.importorskip("moto", reason="the extra 'dev' is not installed")
    from moto import settings
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    served = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    served.start()
    with pytest.MonkeyPatch.context() as patch:
        host, port = served.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "gym")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        yield settings
    served.stop()


@pytest.fixture
def bucket(s3: Any) -> Iterator[Callable[[], list[str]]]:
    """What the names in it are."""
    import s3fs

    store = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    store.mkdir("gym")
    yield lambda: store.find("gym")
    store.rm("gym", recursive=True)


def check_shelf(shelf: Shelf, folder: Path) -> None:
    for group, name in (("anna", "1"), ("anna", "2"), ("ben", "1")):
        (folder / "new").write_text(group + name)
        shelf.put(group, name, folder / "new")
        assert not (folder / "new").exists()
    shelf.remove("anna", "1")
    with shelf.opened("anna", "2") as file:
        assert file.read_text() == "anna2"
    shelf.remove("anna")
    shelf.remove("anna")
    with pytest.raises(FileNotFoundError), shelf.opened("anna", "2") as file:
        file.read_text()
    with shelf.opened("ben", "1") as file:
        assert file.read_text() == "ben1"


def test_what_was_put_into_a_folder_can_be_read_until_it_is_removed(tmp_path: Path) -> None:
    check_shelf(FolderShelf(tmp_path / "shelf"), tmp_path)


def test_what_was_put_into_a_bucket_can_be_read_until_it_is_removed(
    bucket: Callable[[], list[str]], tmp_path: Path
) -> None:
    check_shelf(BucketShelf(ADDRESS), tmp_path)
    assert bucket() == ["gym/recordings/ben/1"]


def test_recordings_of_a_bucket_are_read_labelled_exported_and_deleted(
    bucket: Callable[[], list[str]], make_world: Callable[..., World]
) -> None:
    world = make_world(recordings=ADDRESS)
    kim = world.coach("Kim")
    anna, ben = (world.athlete(kim, name) for name in ("Anna", "Ben"))
    for key in ("a", "b"):
        sent_session(anna, key, raw=raw_of(40))
    sent_session(ben, raw=raw_of(40))
    assert len(bucket()) == 3
    first, second = (one["id"] for one in kim.get(f"athletes/{anna.id}/recordings")["items"])
    squat = {"from_s": 0.0, "to_s": 1.0, "label": "squat"}
    kim.send("PUT", f"recordings/{first}/labels", 204, json=[squat])
    assert kim.get(f"recordings/{first}/labels")["items"] == [squat]
    assert kim.get(f"recordings/{first}").content[:4] == b"PAR1"
    exported = zipfile.ZipFile(io.BytesIO(anna.get(f"athletes/{anna.id}/export").content))
    assert {f"recordings/{one}.parquet" for one in (first, second)} <= set(exported.namelist())
    kim.send("DELETE", f"recordings/{second}", 204)
    assert f"gym/recordings/{anna.id}/{second}.parquet" not in bucket()
    anna.send("DELETE", f"athletes/{anna.id}", 204)
    (left,) = bucket()
    assert left.startswith(f"gym/recordings/{ben.id}/")
    assert not (world.server.settings.folder / "recordings").exists()


def test_a_bucket_that_fails_stores_nothing_and_is_told(
    bucket: Callable[[], list[str]], s3: Any, make_world: Callable[..., World], monkeypatch: Any
) -> None:
    world = make_world(recordings=ADDRESS)
    anna = world.athlete(world.coach("Kim"), "Anna")
    with monkeypatch.context() as patch:
        patch.setattr(s3, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
        problem = sent_session(anna, status=503, raw=raw_of(40))["error"]
        assert "store of recordings" in problem["message"]
    assert anna.get(f"athletes/{anna.id}/sessions")["items"] == bucket() == []
    sent_session(anna, raw=raw_of(40))


@pytest.mark.parametrize(
    ("address", "why"), [("nonsense://x", "cannot be used"), ("s3://other/x", "not exist.*AWS")]
)
def test_a_store_that_is_none_is_told_at_the_start(
    s3: Any, tmp_path: Path, address: str, why: str
) -> None:
    with pytest.raises(ServerError, match=why):
        Server(Settings(tmp_path, recordings=address))


def test_keys_that_are_wrong_or_absent_are_told_at_the_start(
    bucket: Callable[[], list[str]], s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(s3, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
        with pytest.raises(ServerError, match=r"Access Key Id.*does not exist.*AWS environment"):
            Server(Settings(tmp_path, recordings=ADDRESS))
        patch.delenv("AWS_ACCESS_KEY_ID")
        patch.delenv("AWS_SECRET_ACCESS_KEY")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with pytest.raises(ServerError, match=r"credentials.*AWS environment"):
            Server(Settings(tmp_path, recordings=ADDRESS))
