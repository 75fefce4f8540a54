import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from distride.bundle import PersonalHead
from distride.runtime import Versions

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


def test_another_link_gives_a_new_password(world: World, kim: Somebody, anna: Somebody) -> None:
    link = kim.send("POST", f"athletes/{anna.id}/invitation", 201)["link"]
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


def test_all_of_an_athlete_comes_out_as_one_file(
    kim: Somebody, anna: Somebody, calibrated: Versions
) -> None:
    sent_session(anna)
    archive = zipfile.ZipFile(io.BytesIO(anna.get(f"athletes/{anna.id}/export").content))
    names = set(archive.namelist())
    assert {"athlete.json", "bundle.distride", "heads/Anna/versions.json"} <= names
    (session,) = (name for name in names if name.startswith("sessions/"))
    assert SESSION["id"].encode() in archive.read(session)


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
