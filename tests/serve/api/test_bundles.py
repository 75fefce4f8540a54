from ..conftest import Somebody, World


def test_a_bundle_is_kept_once_it_was_opened(tiny, kim: Somebody, lee: Somebody) -> None:
    data = tiny.path.read_bytes()
    kept = kim.send("POST", "bundles", 201, content=data)
    assert (kept["name"], kept["macro_f1"]) == ("tiny", 0.9)
    assert kim.get("bundles")["items"] == [kept]
    assert kim.get(f"bundles/{kept['id']}").content == data
    assert kim.get(f"bundles/{kept['id']}/movements")["items"] == ["still", "slow", "fast"]
    lee.get(f"bundles/{kept['id']}/movements", 404)
    assert lee.get("bundles")["items"] == []
    lee.get(f"bundles/{kept['id']}", 404)


def test_what_is_no_bundle_is_not_kept(tiny, world: World, kim: Somebody, anna: Somebody) -> None:
    problem = kim.send("POST", "bundles", 422, content=tiny.path.read_bytes()[:-1])["error"]
    assert "damaged" in problem["message"]
    assert kim.get("bundles")["items"] == []
    anna.send("POST", "bundles", 403, content=b"")


def test_an_athlete_is_given_the_coachs_own_bundles_alone(
    tiny, kim: Somebody, anna: Somebody, lee: Somebody
) -> None:
    other = lee.send("POST", "bundles", 201, content=tiny.path.read_bytes())["id"]
    kim.send("PUT", f"athletes/{anna.id}/bundle", 404, json={"bundle": other})
    own = kim.send("POST", "bundles", 201, content=tiny.path.read_bytes())["id"]
    anna.send("PUT", f"athletes/{anna.id}/bundle", 403, json={"bundle": own})
    kim.send("PUT", f"athletes/{anna.id}/bundle", 422, json={"bundle": ""})
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": own})
    assert kim.get(f"athletes/{anna.id}")["bundle"] == own
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": None})
    assert anna.get("phone/me")["bundle"] is None
