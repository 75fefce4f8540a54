import io
import json
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from distride.bundle import PersonalHead
from distride.runtime import Versions
from distride.runtime.folders import alone_in
from distride.serve.schema import Account

from ..conftest import PASSWORD, Somebody, World
from .test_phone import SESSION, sent_session


@pytest.fixture
def calibrated(tiny, world: World, kim: Somebody, anna: Somebody) -> Versions:
    """Anna has the tiny bundle, and two versions of her own head."""
    bundle = kim.send("POST", "bundles", 201, content=tiny.path.read_bytes())["id"]
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": bundle})
    head = PersonalHead(
        "Anna",
        kim.get("bundles")["items"][0]["body_sha256"],
        "2026-05-01T18:00:00+00:00",
        {"label": tiny.head},
        {"label": {"slow": 6}},
        {"label": {"shared_score": 0.5}},
        {"label": "better"},
    )
    versions = Versions(world.server.settings.folder / "athletes" / anna.id / "heads", "Anna")
    versions.add(head, "0" * 64)
    other = replace(tiny.head, bias=tiny.head.bias + np.float32(1))
    versions.add(replace(head, heads={"label": other}), "1" * 64)
    return versions


def test_a_coach_and_the_athlete_see_the_athlete(kim: Somebody, anna: Somebody) -> None:
    told = kim.get(f"athletes/{anna.id}")
    assert (told["name"], told["sessions"], told["bundle"]) == ("Anna", 0, None)
    assert kim.get("athletes")["items"] == anna.get("athletes")["items"] == [told]


def test_a_name_is_given_once(kim: Somebody, anna: Somebody) -> None:
    problem = kim.send("POST", "athletes", 409, json={"name": "Anna"})["error"]
    assert "taken" in problem["message"]
    kim.send("POST", "athletes", 422, json={"name": "../Anna"})


def test_an_athlete_invites_nobody(anna: Somebody) -> None:
    anna.send("POST", "athletes", 403, json={"name": "Ben"})
    anna.send("POST", f"athletes/{anna.id}/invitation", 403)


def test_another_link_gives_a_new_password_and_ends_the_one_before(
    world: World, kim: Somebody, anna: Somebody
) -> None:
    lost, link = (kim.send("POST", f"athletes/{anna.id}/invitation", 201)["link"] for _ in range(2))
    sent = {"link": lost.partition("#")[2], "password": PASSWORD}
    assert world.page().post("/api/v1/first-login", json=sent).status_code == 401
    anna.get("me")
    world.enter(link)
    anna.get("me", 401)


def test_the_phone_gets_the_bundle_and_the_live_head(
    tiny, kim: Somebody, anna: Somebody, calibrated: Versions
) -> None:
    assert anna.get("phone/me") == {
        "id": anna.id,
        "athlete": "Anna",
        "bundle": "phone/bundle",
        "head": "phone/head",
        "version": 2,
    }
    assert anna.get("phone/bundle").content == tiny.path.read_bytes()
    second = anna.get("phone/head").content
    assert kim.get(f"athletes/{anna.id}")["live_version"] == 2
    assert kim.send("POST", f"athletes/{anna.id}/heads/rollback", 200, json={}) == {"live": 1}
    assert anna.get("phone/head").content != second
    heads = anna.get(f"athletes/{anna.id}/heads")
    assert (heads["live"], [one["number"] for one in heads["versions"]]) == (1, [1, 2])
    anna.send("POST", f"athletes/{anna.id}/heads/rollback", 200, json={"to": 0})
    told = anna.get("phone/me")
    assert (told["head"], told["version"]) == (None, 0)
    anna.get("phone/head", 404)
    anna.send("POST", f"athletes/{anna.id}/heads/rollback", 422, json={"to": 9})


@pytest.fixture
def meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Has something done between what a request reads and what it writes."""
    writing = world.server.database.writing

    def arranged(done: Any) -> None:
        @contextmanager
        def later() -> Iterator[Any]:
            monkeypatch.setattr(world.server.database, "writing", writing)
            with writing() as session:
                done(session)
            with writing() as session:
                yield session

        monkeypatch.setattr(world.server.database, "writing", later)

    return arranged


def test_a_bundle_that_is_given_undoes_no_password(
    world: World, kim: Somebody, anna: Somebody, meanwhile: Any
) -> None:
    def changed(session: Any) -> None:
        world.server.accounts(session).set_password(session.get(Account, anna.id), "another " * 3)

    meanwhile(changed)
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": None})
    for password, status in ((PASSWORD, 401), ("another " * 3, 204)):
        login = {"name": "Anna", "password": password}
        assert world.page().post("/api/v1/login", json=login).status_code == status


def test_a_bundle_brings_no_deleted_athlete_back(
    world: World, kim: Somebody, anna: Somebody, meanwhile: Any
) -> None:
    meanwhile(lambda session: session.delete(session.get(Account, anna.id)))
    kim.send("PUT", f"athletes/{anna.id}/bundle", 404, json={"bundle": None})
    assert kim.get("athletes")["items"] == []


@pytest.mark.parametrize("path", ["/heads", ""])
def test_a_removal_waits_for_who_writes_a_version(
    world: World, kim: Somebody, anna: Somebody, calibrated: Versions, path: str
) -> None:
    with ThreadPoolExecutor(1) as aside:
        with alone_in(calibrated.folder):
            removed = aside.submit(anna.send, "DELETE", f"athletes/{anna.id}{path}", 204)
            assert not wait([removed], 0.3).done
            assert len(calibrated.history.versions) == 2
        removed.result(30)
    assert not calibrated.folder.exists()
    assert calibrated.history.versions == ()


def test_all_of_an_athlete_comes_out_as_one_file(
    kim: Somebody, anna: Somebody, calibrated: Versions
) -> None:
    sent_session(anna)
    archive = zipfile.ZipFile(io.BytesIO(anna.get(f"athletes/{anna.id}/export").content))
    names = set(archive.namelist())
    assert {"athlete.json", "bundle.distride", "heads/Anna/versions.json"} <= names
    told, session = sorted(name for name in names if name.startswith("sessions/"))[::-1]
    assert told == session.replace(".json", ".summary.json")
    assert SESSION["id"].encode() in archive.read(session)


def test_the_effort_that_was_told_comes_out_too(kim: Somebody, anna: Somebody) -> None:
    sent_session(anna)
    sent_session(anna, "empty", started_at="2026-05-02T18:00:00Z", events=[])
    _, one = anna.get(f"athletes/{anna.id}/sessions")["items"]
    anna.send("PUT", f"sessions/{one['id']}/effort", 204, json={"rpe": 7})
    archive = zipfile.ZipFile(io.BytesIO(kim.get(f"athletes/{anna.id}/export").content))
    (name,) = (name for name in archive.namelist() if name.endswith(".summary.json"))
    assert one["id"] in name
    (same,) = (
        one["summary"] for one in kim.get(f"athletes/{anna.id}/sessions")["items"] if one["summary"]
    )
    assert json.loads(archive.read(name)) == same
    assert same["load"]["session_rpe"]["value"] == pytest.approx(7 * same["seconds"] / 60)


def test_nothing_of_a_deleted_athlete_is_left(
    world: World, kim: Somebody, anna: Somebody, calibrated: Versions
) -> None:
    sent_session(anna)
    anna.send("DELETE", f"athletes/{anna.id}", 204)
    anna.get("me", 401)
    kim.get(f"athletes/{anna.id}", 404)
    login = {"name": "Anna", "password": PASSWORD}
    assert world.page().post("/api/v1/login", json=login).status_code == 401
    world.server.close()
    left = [file for file in world.server.settings.folder.rglob("*") if file.is_file()]
    assert left
    for file in left:
        assert "Anna" not in str(file)
        assert b"Anna" not in file.read_bytes()
