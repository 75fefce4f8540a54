from typing import Any

import numpy as np
import pytest

from ..conftest import Somebody, World

STATE = {
    "event": "state",
    "t_s": 2.0,
    "task": "label",
    "movement": "squat",
    "confidence": 0.9,
    "abstained": False,
    "cause": "",
    "reason": "",
    "value": None,
    "unit": "",
}
SESSION: dict[str, Any] = {
    "id": "5ca1ab1e",
    "athlete": "Anna",
    "bundle": "tiny",
    "started_at": "2026-05-01T18:00:00.000Z",
    "duration_s": 60.0,
    "events": [STATE, {**STATE, "t_s": 3.0}],
    "raw": None,
}


def sent_session(athlete: Somebody, key: str = "5ca1ab1e", status: int = 201, **more: Any) -> Any:
    headers = {"Idempotency-Key": key}
    return athlete.send("POST", "phone/sessions", status, json={**SESSION, **more}, headers=headers)


def test_a_phone_without_a_bundle_is_told_so(anna: Somebody) -> None:
    assert anna.get("phone/me") == {"athlete": "Anna", "bundle": None, "head": None}
    anna.get("phone/bundle", 404)
    anna.get("phone/head", 404)


def test_a_session_is_kept_once(kim: Somebody, anna: Somebody) -> None:
    sent_session(anna)
    assert "already" in sent_session(anna, status=409)["error"]["message"]
    sent_session(anna, "another", started_at="2026-05-02T18:00:00+02:00")
    first, second = kim.get(f"athletes/{anna.id}/sessions")["items"]
    assert (first["started_at"], second["started_at"]) == (
        "2026-05-02T16:00:00Z",
        "2026-05-01T18:00:00Z",
    )
    assert second["summary"]["movements"][0]["name"] == "squat"
    assert anna.get(f"sessions/{second['id']}")["events"] == SESSION["events"]
    assert kim.get(f"athletes/{anna.id}")["last_session_at"] == first["started_at"]


def test_the_key_is_one_athletes_own(world: World, kim: Somebody, anna: Somebody) -> None:
    sent_session(anna)
    sent_session(world.athlete(kim, "Ben"))


def test_a_session_is_there_after_a_new_start(make_world, anna: Somebody) -> None:
    sent_session(anna)
    again = make_world().page()
    again.cookies.update(anna.page.cookies)
    answer = again.get(f"/api/v1/athletes/{anna.id}/sessions")
    assert len(answer.json()["items"]) == 1


def test_a_session_is_removed(kim: Somebody, anna: Somebody, lee: Somebody) -> None:
    sent_session(anna)
    (one,) = anna.get(f"athletes/{anna.id}/sessions")["items"]
    lee.send("DELETE", f"sessions/{one['id']}", 404)
    anna.send("DELETE", f"sessions/{one['id']}", 204)
    kim.get(f"sessions/{one['id']}", 404)
    kim.send("DELETE", f"sessions/{one['id']}", 404)


def test_a_session_without_events_has_no_summary(anna: Somebody) -> None:
    sent_session(anna, events=[])
    (one,) = anna.get(f"athletes/{anna.id}/sessions")["items"]
    assert one["summary"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": [{"event": "nonsense"}]},
        {"events": [{**STATE, "t_s": "soon"}]},
        {"duration_s": -1},
        {"started_at": "2026-05-01T18:00:00"},
        {"started_at": "never"},
        {"raw": {"channels": ["a"], "t": "AAAA", "samples": "", "heart_rate": ""}},
        {"raw": {"channels": ["a"], "t": "!", "samples": "", "heart_rate": ""}},
        {"unknown": 1},
    ],
)
def test_a_session_that_is_none_is_refused(anna: Somebody, wrong: dict[str, Any]) -> None:
    sent_session(anna, status=422, **wrong)
    assert anna.get(f"athletes/{anna.id}/sessions")["items"] == []


def test_a_session_needs_a_key_and_an_athlete(kim: Somebody, anna: Somebody) -> None:
    anna.send("POST", "phone/sessions", 422, json=SESSION)
    sent_session(kim, status=403)


def raw_of(rows: int) -> dict[str, Any]:
    """A minute as the phone packs it."""
    import base64

    def packed(values: np.ndarray) -> str:
        return base64.b64encode(values.tobytes()).decode()

    channels = ["wrist_acc_x", "wrist_acc_y", "wrist_acc_z"]
    return {
        "channels": channels,
        "t": packed(np.arange(rows) / 20),
        "samples": packed(np.ones((rows, 3), np.float32)),
        "heart_rate": packed(np.full(rows, 120, np.float32)),
    }


def test_raw_samples_are_kept_as_they_were_sent(anna: Somebody) -> None:
    sent_session(anna, raw=raw_of(100))
    (one,) = anna.get(f"athletes/{anna.id}/sessions")["items"]
    assert anna.get(f"sessions/{one['id']}")["raw"] == raw_of(100)
