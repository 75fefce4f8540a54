import re
from pathlib import Path
from typing import Any

import pytest

from .api.test_phone import SESSION
from .conftest import Somebody, World


def test_it_tells_that_it_lives(world: World) -> None:
    page = world.page()
    assert page.get("/healthz").json() == page.get("/readyz").json() == {"status": "ok"}


def test_the_front_leads_everybody_to_their_page(make_world, tmp_path: Path) -> None:
    for name in ("login", "phone", "coach"):
        (tmp_path / "pages" / name).mkdir(parents=True)
        (tmp_path / "pages" / name / "index.html").write_text(f"the page of {name}")
    world = make_world(pages=tmp_path / "pages")
    kim = world.coach("Kim")
    anna = world.athlete(kim, "Anna")
    for page, name in ((world.page(), "login"), (kim.page, "coach"), (anna.page, "phone")):
        answer = page.get("/")
        assert answer.text == f"the page of {name}"
        assert "script-src 'self' 'wasm-unsafe-eval'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-cache"


def test_the_interface_describes_itself(world: World) -> None:
    described = world.page().get("/openapi.json").json()
    assert "/api/v1/phone/sessions" in described["paths"]
    refusals = described["paths"]["/api/v1/athletes"]["get"]["responses"]["422"]
    assert "Problem" in str(refusals)


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/v1/nothing", 404, "absent"),
        ("GET", "/nothing", 404, "absent"),
        ("PATCH", "/api/v1/me", 405, "no_such_method"),
        ("GET", "/api/v1/athletes/x", 404, "absent"),
        ("GET", "/api/v1/audit?after=x", 422, "not_allowed"),
    ],
)
def test_every_refusal_looks_alike(
    kim: Somebody, method: str, path: str, status: int, kind: str
) -> None:
    answer = kim.page.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["kind"] == kind
    assert answer.json()["error"]["message"].endswith(".")


def test_a_refusal_is_told_in_the_language_that_is_asked_for(kim: Somebody) -> None:
    def told(name: str, wanted: str) -> tuple[str, str]:
        headers = {"Accept-Language": wanted}
        answer = kim.page.post("/api/v1/athletes", json={"name": name}, headers=headers)
        return answer.json()["error"]["message"], answer.headers["content-language"]

    message, language = told("../Zoe", "zh-CN,zh;q=0.9,en;q=0.8")
    assert ("不能用作名称" in message, language) == (True, "zh-CN")
    message, language = told("../Zoe", "de, en")
    assert ("is no name" in message, language) == (True, "en")
    zh = {"Accept-Language": "zh"}
    answer = kim.page.get("/api/v1/nothing", headers=zh)
    assert (answer.status_code, "没有" in answer.text) == (404, True)
    damaged = kim.page.post("/api/v1/bundles", content=b"x", headers=zh)
    assert (damaged.status_code, damaged.headers["content-language"]) == (422, "en")


@pytest.mark.parametrize(
    ("path", "body", "en", "zh"),
    [
        ("athletes", {"name": "x" * 201}, "at most 200 characters", "最多 200 个字符。"),
        ("athletes", {}, "Field required", "缺少此项。"),
        ("athletes", {"name": 3}, "valid string", "允许的内容见 /openapi.json。"),
        ("jobs", {"kind": "train", "athletes": ["a"], "recipe": "["}, "is no TOML", None),
        ("phone/sessions", {**SESSION, "events": [{"event": "x"}]}, "known are", None),
    ],
)
def test_no_sentence_is_of_two_languages(
    kim: Somebody, anna: Somebody, path: str, body: Any, en: str, zh: str | None
) -> None:
    page = anna.page if path == "phone/sessions" else kim.page
    for wanted in ("en", "zh"):
        headers = {"Accept-Language": wanted, "Idempotency-Key": "1"}
        answer = page.post(f"/api/v1/{path}", json=body, headers=headers)
        message, is_zh = answer.json()["error"]["message"], bool(zh) and wanted == "zh"
        assert answer.headers["content-language"] == ("zh-CN" if is_zh else "en")
        assert (zh if is_zh else en) in message
        assert bool(re.search("[一-鿿]", message)) == is_zh
        assert is_zh == (" is " not in message and " be " not in message)


def test_a_page_and_whatever_names_none_have_an_icon(make_world, tmp_path: Path) -> None:
    assert make_world(pages=tmp_path).page().get("/favicon.ico").status_code == 404
    (tmp_path / "login").mkdir()
    (tmp_path / "login" / "icon.svg").write_text("<svg/>")
    answer = make_world(pages=tmp_path).page().get("/favicon.ico")
    assert (answer.text, answer.headers["content-type"]) == ("<svg/>", "image/svg+xml")


def test_a_body_that_is_no_json_is_malformed(world: World) -> None:
    answer = world.page().post(
        "/api/v1/login", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["kind"]) == (400, "malformed")
