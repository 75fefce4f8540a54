import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from distride.serve.live import room
from distride.serve.live.kept import set_lost_aside

from ..api.test_phone import sent_session
from ..conftest import Somebody, World
from .conftest import Lines, batch_frame, heart, listening, token_of, until


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No phone may be away at all."""
    monkeypatch.setattr(room, "LOOK_S", 0.05)
    monkeypatch.setattr(room, "AWAY_S", 0.0)


@pytest.fixture
def lost(lines: Lines, anna: Somebody) -> Callable[..., Any]:
    """Has Anna's phone send some seconds and go away for too long; the session that is listed."""
    token = token_of(anna)

    def sent(first: int, last: int) -> Any:
        with lines.sending(token) as line:
            assert line.taken["seq"] == first - 1
            for seq in range(first, last + 1):
                line.send(**batch_frame(seq))
            line.acknowledged(last)
        until(lambda: [one["duration_s"] for one in listed(anna)] == [last])
        return listed(anna)[0]

    return sent


def listed(somebody: Somebody) -> Any:
    (athlete,) = somebody.get("athletes")["items"]
    return somebody.get(f"athletes/{athlete['id']}/sessions")["items"]


def test_a_session_whose_phone_never_came_back_is_listed_as_far_as_it_came(
    world: World, lines: Lines, kim: Somebody, anna: Somebody, lost: Callable[..., Any]
) -> None:
    with lines.watching(token_of(kim)) as watcher:
        one = lost(1, 2)
        assert watcher.next("ended")["kept"] == one["id"]
    assert one["unfinished"]
    assert one["summary"]["seconds"] == 1.0
    assert kim.get(f"sessions/{one['id']}")["events"] == [heart(1.0), heart(2.0)]
    assert kim.get(f"athletes/{anna.id}")["last_session_at"] == one["started_at"]
    assert kim.get(f"athletes/{anna.id}/recordings")["items"] == []


def test_what_comes_later_completes_it_once_with_the_effort_that_was_told(
    kim: Somebody, anna: Somebody, lines: Lines, lost: Callable[..., Any]
) -> None:
    first = lost(1, 2)
    kim.send("PUT", f"sessions/{first['id']}/effort", 204, json={"rpe": 6})
    second = lost(3, 4)
    assert (second["id"], second["unfinished"]) == (first["id"], True)
    archive = zipfile.ZipFile(io.BytesIO(kim.get(f"athletes/{anna.id}/export").content))
    told = json.loads(archive.read(f"sessions/live-{first['id']}.summary.json"))
    assert told == second["summary"]
    assert told["load"]["session_rpe"]["value"] == pytest.approx(6 * 3 / 60)
    with lines.sending(token_of(anna)) as line:
        line.send(type="end", seq=4)
        assert line.next("kept")["session"] == first["id"]
    (whole,) = listed(kim)
    assert (whole["id"], whole["unfinished"]) == (first["id"], False)
    assert whole["summary"]["load"]["session_rpe"]["value"] == pytest.approx(6 * 3 / 60)
    assert len(kim.get(f"athletes/{anna.id}/recordings")["items"]) == 1
    sent_session(anna, status=409)


def test_the_whole_session_takes_its_place_once(
    kim: Somebody, anna: Somebody, lost: Callable[..., Any]
) -> None:
    first = lost(1, 2)
    sent_session(anna)
    sent_session(anna, status=409)
    (whole,) = listed(kim)
    assert (whole["id"], whole["unfinished"]) == (first["id"], False)
    assert whole["duration_s"] == 60.0


def test_one_whose_batches_have_no_samples_ends(lines: Lines, anna: Somebody) -> None:
    with lines.sending(token_of(anna)) as line:
        line.send(**batch_frame(1, rows=0))
        line.send(type="end", seq=1)
        kept = line.next("kept")["session"]
    assert anna.get(f"sessions/{kept}")["events"] == [heart(1.0)]
    assert anna.get(f"athletes/{anna.id}/recordings")["items"] == []


def test_one_that_is_removed_stays_away(
    world: World, kim: Somebody, lost: Callable[..., Any]
) -> None:
    kim.send("DELETE", f"sessions/{lost(1, 2)['id']}", 204)
    set_lost_aside(world.server, [])
    assert listed(kim) == []


def test_after_a_new_start_those_who_do_not_come_back_are_found(
    make_world: Callable[..., World], anna: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "AWAY_S", 600.0)
    with listening(make_world()) as lines, lines.sending(token_of(anna)) as line:
        line.send(**batch_frame(1))
        line.acknowledged(1)
    assert listed(anna) == []
    monkeypatch.setattr(room, "AWAY_S", 0.0)
    with listening(make_world()):
        until(lambda: [one["unfinished"] for one in listed(anna)] == [True])
