import pytest

from distride.serve import Limits

from .conftest import Somebody, World


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil"])
def test_another_sites_page_changes_nothing(kim: Somebody, origin: str) -> None:
    problem = kim.send("POST", "athletes", 403, json={"name": "Anna"}, headers={"Origin": origin})
    assert problem["error"]["kind"] == "forbidden"
    assert kim.get("athletes")["items"] == []


def test_a_cookie_without_an_origin_changes_nothing(kim: Somebody) -> None:
    del kim.page.headers["Origin"]
    kim.send("POST", "athletes", 403, json={"name": "Anna"})
    kim.get("athletes")


def test_the_told_origin_is_the_own_one(make_world) -> None:
    page = make_world(url="HTTPS://Gym.Example:443/").page()
    for origin, status in (("https://gym.example", 401), ("http://testserver", 403)):
        sent = {"name": "Kim", "password": "x"}
        answer = page.post("/api/v1/login", json=sent, headers={"Origin": origin})
        assert answer.status_code == status


def test_a_body_beyond_the_limit_is_refused_however_it_comes(make_world) -> None:
    world = make_world(limits=Limits(body_bytes=1000, upload_bytes=2000))
    kim = world.coach("Kim")
    for path, size in (("athletes", 1001), ("bundles", 2001)):
        kim.send("POST", path, 413, content=b"x" * size)
        kim.send("POST", path, 413, content=iter([b"x" * 500] * 5))
    kim.send("POST", "bundles", 422, content=b"x" * 1500)


def test_every_answer_has_its_headers(world: World) -> None:
    for path in ("/healthz", "/api/v1/me", "/nothing"):
        headers = world.page().get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert world.page().get("/api/v1/me").headers["cache-control"] == "no-store"


def test_requests_of_one_account_become_too_many(make_world) -> None:
    world = make_world(limits=Limits(requests_a_minute=3))
    kim = world.coach("Kim")  # asked once who it is
    assert [kim.page.get("/api/v1/me").status_code for _ in range(3)] == [200, 200, 429]
