import json
import logging

from distride.serve.observe import LOG, JsonLines

from .conftest import Somebody, World


def test_requests_are_counted_by_route_and_name_nobody(
    world: World, kim: Somebody, anna: Somebody
) -> None:
    kim.get(f"athletes/{anna.id}")
    kim.get("nothing/of/Anna", 404)
    text = world.page().get("/metrics").text
    assert 'route="/api/v1/athletes/{athlete_id}",status="200"} 1.0' in text
    assert 'route="unknown",status="404"' in text
    assert "Anna" not in text
    assert anna.id not in text


def test_methods_that_nobody_knows_are_counted_as_one(world: World, caplog) -> None:
    page = world.page()
    with caplog.at_level(logging.INFO, LOG.name):
        for number in range(9):
            assert page.request(f"ANNA{number}", "/api/v1/login").status_code == 405
    assert {record.fields["method"] for record in caplog.records} == {"other"}
    page.request("PATCH", "/api/v1/login")
    text = page.get("/metrics").text
    assert 'method="other",route="/api/v1/login",status="405"} 9.0' in text
    assert 'method="PATCH",route="/api/v1/login",status="405"} 1.0' in text
    assert "ANNA" not in text


def test_a_log_line_is_json_and_names_nobody(world: World, kim: Somebody, caplog) -> None:
    LOG.setLevel(logging.INFO)
    with caplog.at_level(logging.INFO, LOG.name):
        kim.send("POST", "athletes", 201, json={"name": "Anna"})
    (record,) = caplog.records
    told = json.loads(JsonLines().format(record))
    assert told.keys() == {"at", "level", "what", "method", "route", "status", "ms"}
    assert told["route"] == "/api/v1/athletes"


def test_a_fault_is_told_with_its_kind_and_place_and_without_what_it_says(caplog) -> None:
    try:
        try:
            _ = {}["Anna"]
        except KeyError as error:
            raise ValueError("of Anna") from error
    except ValueError:
        LOG.exception("a request failed")
    line = JsonLines().format(caplog.records[0])
    told = json.loads(line)["errors"]
    assert [one["kind"] for one in told] == ["ValueError", "KeyError"]
    assert __file__ in told[0]["at"][0]
    assert "Anna" not in line
