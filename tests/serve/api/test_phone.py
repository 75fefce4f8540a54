import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from distride.bundle import PersonalHead, write_head
from distride.serve.messages import SentSession

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
    nothing = {"bundle": None, "head": None, "version": 0}
    assert anna.get("phone/me") == {"id": anna.id, "athlete": "Anna", **nothing}
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


def test_a_session_is_read_beside_the_others_requests(
    anna: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated, loops = SentSession.model_validate_json, []

    def noted(data: bytes) -> SentSession:
        loops.append(asyncio._get_running_loop())
        return validated(data)

    monkeypatch.setattr(SentSession, "model_validate_json", noted)
    sent_session(anna)
    assert loops == [None]


def test_a_session_that_is_none_is_told_where(anna: Somebody) -> None:
    message = sent_session(anna, status=422, duration_s=-1)["error"]["message"]
    assert message == (
        "'body.duration_s' is not as it must be: Input should be greater than or equal to 0."
    )
    headers = {"Content-Type": "application/json", "Idempotency-Key": "1"}
    anna.send("POST", "phone/sessions", 400, content=b"{", headers=headers)


def test_the_description_has_the_session(world: World) -> None:
    described = world.page().get("/openapi.json").json()
    body = described["paths"]["/api/v1/phone/sessions"]["post"]["requestBody"]
    assert body["required"]
    name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert set(described["components"]["schemas"][name]["required"]) == SESSION.keys()


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


def test_no_samples_are_no_recording(anna: Somebody) -> None:
    sent_session(anna, raw=raw_of(0))
    assert len(anna.get(f"athletes/{anna.id}/sessions")["items"]) == 1
    assert anna.get(f"athletes/{anna.id}/recordings")["items"] == []


LEARNT_FROM = "5" * 64


@pytest.fixture
def accepted(tiny, kim: Somebody, anna: Somebody) -> PersonalHead:
    """A head that Anna accepted for the bundle that her coach gave."""
    stored = kim.send("POST", "bundles", 201, content=tiny.path.read_bytes())
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": stored["id"]})
    return PersonalHead(
        "Anna",
        stored["body_sha256"],
        "2026-05-01T18:00:00.000Z",
        {"label": tiny.head},
        {"label": {"slow": 6}},
        {"label": {"shared_score": 0.5, "personal_score": 0.9}},
        {"label": "better"},
    )


def sent_head(
    athlete: Somebody, folder: Path, head: PersonalHead, status: int = 201, of: str = LEARNT_FROM
) -> Any:
    write_head(folder / "one.head.safetensors", head)
    data = (folder / "one.head.safetensors").read_bytes()
    return athlete.send("POST", f"phone/heads?data_sha256={of}", status, content=data)


def test_the_coach_sees_a_head_that_was_accepted_on_the_phone(
    tmp_path: Path, kim: Somebody, anna: Somebody, accepted: PersonalHead
) -> None:
    assert sent_head(anna, tmp_path, accepted) == {"version": 1}
    assert sent_head(anna, tmp_path, accepted) == {"version": 1}
    told = kim.get(f"athletes/{anna.id}/heads")
    (version,) = told["versions"]
    assert (told["live"], version["reason"], version["created"]) == (1, "phone", accepted.created)
    assert version["data_sha256"] == LEARNT_FROM
    model = kim.get("squad")["items"][0]["model"]
    assert (model["shared_score"], model["own_score"]) == (0.5, 0.9)
    assert model["calibrated_at"] == "2026-05-01T18:00:00Z"
    assert sent_head(anna, tmp_path, accepted, of="6" * 64) == {"version": 2}
    assert anna.get("phone/me")["version"] == 2
    anna.send("POST", f"athletes/{anna.id}/heads/rollback", 200, json={"to": 1})
    assert kim.get(f"athletes/{anna.id}")["live_version"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"athlete": "Ben"},
        {"body_sha256": "0" * 64},
        {"created": "yesterday"},
        {"created": "2026-05-01T18:00:00"},
        {"heads": {}},
        {"scores": {}},
        {"scores": {"label": {"shared_score": 0.5}}},
        {"scores": {"label": {"shared_score": 0.5, "personal_score": 1e999}}},
        {"reasons": {"label": "x" * (1 << 20)}},
    ],
)
def test_a_head_that_would_break_the_coachs_page_is_refused(
    tmp_path: Path, kim: Somebody, anna: Somebody, accepted: PersonalHead, wrong: dict[str, Any]
) -> None:
    sent_head(anna, tmp_path, replace(accepted, **wrong), 422)
    assert kim.get(f"athletes/{anna.id}/heads")["versions"] == []


def test_a_head_needs_an_athlete_a_bundle_and_what_it_learnt_from(
    tmp_path: Path, kim: Somebody, anna: Somebody, accepted: PersonalHead
) -> None:
    sent_head(kim, tmp_path, accepted, 403)
    sent_head(anna, tmp_path, accepted, 422, of="nothing")
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": None})
    sent_head(anna, tmp_path, accepted, 404)
