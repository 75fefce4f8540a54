from ..conftest import Somebody, World


def test_what_was_done_is_told_to_those_it_concerns(
    world: World, kim: Somebody, anna: Somebody, lee: Somebody
) -> None:
    anna.send("DELETE", f"athletes/{anna.id}", 204)
    told = [(one["actor"], one["verb"], one["subject"]) for one in kim.get("audit")["items"]]
    assert (kim.id, "athlete_invited", anna.id) in told
    assert {one["actor"] for one in lee.get("audit")["items"]} == {lee.id}


def test_the_trail_goes_on_where_a_list_ended(kim: Somebody) -> None:
    for number in range(101):
        kim.send("POST", "tokens", 201, json={"purpose": str(number)})
    first = kim.get("audit")
    rest = kim.get(f"audit?after={first['next']}")
    assert len(first["items"]) == 100
    assert rest["next"] is None
    moments = [one["at"] for one in (*first["items"], *rest["items"])]
    assert moments == sorted(moments, reverse=True)
