from datetime import timedelta

from ..conftest import PASSWORD, Somebody, World


def test_a_link_lets_in_once_and_then_the_password_does(world: World) -> None:
    link = world.server.first_login("Kim", "http://testserver")
    assert link.startswith("http://testserver/login/#")
    kim = world.enter(link)
    assert kim.get("me") == {"id": kim.id, "name": "Kim", "role": "coach"}
    sent = {"link": link.partition("#")[2], "password": PASSWORD}
    assert "used already" in kim.send("POST", "first-login", 401, json=sent)["error"]["message"]
    page = world.page()
    wrong = page.post("/api/v1/login", json={"name": "Kim", "password": "guessed it"})
    assert wrong.status_code == 401
    right = page.post("/api/v1/login", json={"name": "Kim", "password": PASSWORD})
    assert right.status_code == 204
    assert page.get("/api/v1/me").json()["name"] == "Kim"


def test_a_password_too_short_leaves_the_link_good(world: World) -> None:
    link = world.server.first_login("Kim", "http://testserver")
    sent = {"link": link.partition("#")[2], "password": "short"}
    refused = world.page().post("/api/v1/first-login", json=sent)
    assert (refused.status_code, refused.json()["error"]["kind"]) == (422, "not_allowed")
    assert world.enter(link).get("me")["name"] == "Kim"


def test_the_first_link_is_told_until_somebody_came_in(world: World) -> None:
    assert world.server.first_login(base="http://x")
    world.enter(world.server.first_login(base="http://x"))
    assert world.server.first_login(base="http://x") == ""
    assert world.server.first_login("coach", "http://x") != ""


def test_the_cookie_is_kept_from_scripts_and_other_sites(make_world) -> None:
    for url, name, secure in (
        ("http://testserver", "distride", False),
        ("https://testserver", "__Host-distride", True),
    ):
        world = make_world(url=url)
        link = world.server.first_login("Kim" + name, "")
        sent = {"link": link.partition("#")[2], "password": PASSWORD}
        answer = world.page().post("/api/v1/first-login", json=sent, headers={"Origin": url})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert ("Secure" in cookie) == secure
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


def test_a_logout_ends_the_login(kim: Somebody) -> None:
    cookies = dict(kim.page.cookies)
    kim.send("POST", "logout", 204)
    kim.page.cookies.update(cookies)
    kim.get("me", 401)


def test_a_login_ends(make_world) -> None:
    world = make_world(login=timedelta(0))
    link = world.server.first_login("Kim", "")
    page = world.page()
    sent = {"link": link.partition("#")[2], "password": PASSWORD}
    assert page.post("/api/v1/first-login", json=sent).status_code == 204
    assert page.get("/api/v1/me").status_code == 401


def test_a_programs_token_works_until_it_is_revoked(world: World, kim: Somebody) -> None:
    issued = kim.send("POST", "tokens", 201, json={"purpose": "watch", "days": 7})
    assert "token" not in kim.get("tokens")["items"][0]
    program = world.page()
    program.headers = {"Authorization": f"Bearer {issued['token']}"}  # no Origin is asked of it
    assert program.post("/api/v1/athletes", json={"name": "Anna"}).status_code == 201
    kim.send("DELETE", f"tokens/{issued['id']}", 204)
    assert program.get("/api/v1/me").status_code == 401
    kim.send("DELETE", f"tokens/{issued['id']}", 404)


def test_guesses_become_too_many(make_world) -> None:
    world = make_world()
    page = world.page()
    sent = {"name": "Kim", "password": "guess"}
    statuses = [page.post("/api/v1/login", json=sent).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert page.post("/api/v1/login", json=sent).headers["retry-after"] == "60"
    assert page.post("/api/v1/login", json={**sent, "name": "Lee"}).status_code == 401
