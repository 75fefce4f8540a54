from pathlib import Path

import pytest

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


def test_a_body_that_is_no_json_is_malformed(world: World) -> None:
    answer = world.page().post(
        "/api/v1/login", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["kind"]) == (400, "malformed")
