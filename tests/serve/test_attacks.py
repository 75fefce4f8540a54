"""Attacks, each with what it got; `docs/security.md` names these tests."""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from distride.serve import Limits
from distride.serve.schema import Account

from .api.test_phone import sent_session
from .api.test_recordings import brought
from .conftest import PASSWORD, Somebody, World

NO_LOGIN = ("/api/v1/login", "/api/v1/first-login")
HARMLESS = ("/healthz", "/readyz")


def operations(world: World) -> list[tuple[str, str]]:
    paths = world.page().get("/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, own in paths.items() for method in own]


def tried(page: TestClient, method: str, path: str, own: dict[str, str]) -> int:
    """The status of a request that is well-formed enough to be asked who sends it."""
    address = re.sub(r"\{(\w+)\}", lambda found: own[found[1]], path)
    return page.request(method, address, params={"name": "x.csv"}, json={"to": None}).status_code


@pytest.fixture
def own(tiny: Any, kim: Somebody, anna: Somebody) -> dict[str, str]:
    """One of each thing that an address may name, all of them Kim's."""
    bundle = kim.send("POST", "bundles", 201, content=tiny.path.read_bytes())["id"]
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": bundle})
    sent_session(anna)
    return {
        "file": "results",
        "athlete_id": anna.id,
        "bundle_id": bundle,
        "session_id": anna.get(f"athletes/{anna.id}/sessions")["items"][0]["id"],
        "recording_id": brought(anna, kim)["items"][0]["id"],
        "job_id": kim.send("POST", "jobs", 202, json={"kind": "personalize", "athlete": anna.id})[
            "id"
        ],
        "token_id": kim.send("POST", "tokens", 201, json={"purpose": "mine"})["id"],
    }


def test_anothers_identity_leads_nowhere_on_any_address(
    world: World, own: dict[str, str], anna: Somebody, lee: Somebody
) -> None:
    mallory = world.athlete(lee, "Mallory")
    named = [(method, path) for method, path in operations(world) if "{" in path]
    assert len(named) > 15
    for method, path in named:
        assert tried(lee.page, method, path, own) == 404, (method, path)
        assert tried(mallory.page, method, path, own) in (403, 404), (method, path)
    assert anna.get(f"athletes/{anna.id}/sessions")["items"]


def test_nobody_gets_nothing_from_any_address(world: World, own: dict[str, str]) -> None:
    for credential in ({}, {"Authorization": "Bearer forged"}, {"Cookie": "distride=forged"}):
        page = world.page()
        page.headers.update(credential)
        for method, path in operations(world):
            if path not in (*NO_LOGIN, *HARMLESS):
                assert tried(page, method, path, own) == 401, (method, path)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer forged"}])
def test_what_nobody_sends_is_not_read(world: World, headers: dict[str, str]) -> None:
    came = []

    def sent() -> Iterator[bytes]:
        came.append(b"[")
        yield b"["

    headers = {"Content-Type": "application/json", "Idempotency-Key": "1", **headers}
    answer = world.page().post("/api/v1/phone/sessions", content=sent(), headers=headers)
    assert (answer.status_code, came) == (401, [])


def test_a_cookie_that_was_planted_is_never_anybodys(world: World, kim: Somebody) -> None:
    page = world.page()
    page.cookies.set("distride", "planted")
    answer = page.post("/api/v1/login", json={"name": "Kim", "password": PASSWORD})
    assert answer.cookies["distride"] != "planted"
    other = world.page()
    other.cookies.set("distride", "planted")
    assert other.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("text", ["'; DROP TABLE account; --", '" OR 1=1 --', "%' OR '1'='1"])
def test_sql_in_a_field_is_text(world: World, kim: Somebody, anna: Somebody, text: str) -> None:
    page = world.page()
    sent = {"name": text, "password": text}
    assert page.post("/api/v1/login", json=sent).status_code == 401
    kim.send("POST", "athletes", 422, json={"name": text})
    kim.get(f"athletes/{text}", 404)
    assert kim.send("POST", "tokens", 201, json={"purpose": text})["purpose"] == text
    sent_session(anna, key=text, id=text, bundle=text)
    with world.server.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 2


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/passwd", "a/b.csv", "..", ".x", "x\x00.csv"])
def test_a_path_in_a_name_opens_nothing(kim: Somebody, anna: Somebody, name: str) -> None:
    kim.send(
        "POST", f"athletes/{anna.id}/recordings", 422, params={"name": name}, content=b"t\n1\n"
    )
    kim.send("POST", "athletes", 422, json={"name": name})


@pytest.mark.parametrize(
    "path", ["/phone/../../settings.py", "/phone/%2e%2e/%2e%2e/app.py", "/login/..%2f..%2fapp.py"]
)
def test_a_path_in_an_address_leaves_the_pages(world: World, path: str) -> None:
    assert world.page().get(path).status_code == 404


def test_a_bundle_that_unpacks_to_much_is_refused_unread(kim: Somebody) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(64 << 20))
    kim.send("POST", "bundles", 422, content=bomb.getvalue())


def test_a_recording_that_unpacks_to_much_is_refused(make_world: Any) -> None:
    world = make_world(limits=Limits(upload_bytes=1 << 20))
    kim = world.coach("Kim")
    anna = world.athlete(kim, "Anna")
    path = f"athletes/{anna.id}/recordings?name=x.csv.gz"
    kim.send("POST", path, 413, content=gzip.compress(b"t,wrist_acc_x\n" + b"0,0\n" * (1 << 20)))


def test_a_table_of_one_endless_line_is_refused(kim: Somebody, anna: Somebody) -> None:
    path = f"athletes/{anna.id}/recordings?name=x.csv"
    data = b"t,wrist_acc_x,wrist_acc_y,wrist_acc_z\n0,0,0,0\n" + b"1," * (4 << 20)
    message = kim.send("POST", path, 422, content=data)["error"]["message"]
    assert message.startswith("'x.csv' has a line above 1 MiB")


def test_a_refused_file_tells_no_path_of_the_server(
    world: World, kim: Somebody, anna: Somebody
) -> None:
    header, cells = b"t,wrist_acc_x\n", b"0,0\n"
    for name, data in (
        ("x.csv", header + cells + b"1," * (1 << 20)),
        ("x.csv", header),
        ("x.fit", b"no fit file"),
        ("x.parquet", b"PAR1"),
        ("cohort", b"nothing"),
        ("x.csv.gz", gzip.compress(header + cells)[:-9]),
    ):
        path = f"athletes/{anna.id}/recordings?name={name}"
        message = kim.send("POST", path, 422, content=data)["error"]["message"]
        assert str(world.server.settings.folder) not in message
        assert "/" not in message


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"name": ' * 50_000,
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": 1e999}',
        json.dumps({"name": "\x00"}).encode(),
        b'{"name": "Ben", "role": "coach"}',
        b'{"name": {"$ne": null}}',
    ],
)
def test_a_malformed_body_is_told_so(kim: Somebody, body: bytes) -> None:
    answer = kim.page.post(
        "/api/v1/athletes", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422), answer.text


def test_a_script_in_a_name_is_no_name_and_elsewhere_text(kim: Somebody, anna: Somebody) -> None:
    script = "<script>alert(1)</script>"
    kim.send("POST", "athletes", 422, json={"name": script})
    sent_session(anna, bundle=script)
    answer = kim.page.get(f"/api/v1/athletes/{anna.id}/sessions")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_form_of_another_site_is_refused(world: World, kim: Somebody) -> None:
    evil = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    body = json.dumps({"name": "Ben"})
    assert kim.page.post("/api/v1/athletes", content=body, headers=evil).status_code == 403
    sent = {"name": "Kim", "password": PASSWORD}
    login = world.page().post("/api/v1/login", json=sent, headers={"Origin": "null"})
    assert login.status_code == 403  # nor is anybody logged in to an account of the attacker's
    assert kim.get("athletes")["items"] == []
