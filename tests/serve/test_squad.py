from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

from distride.bundle import PersonalHead
from distride.heads import fit_head, one_hot
from distride.runtime import Versions
from distride.serve.schema import Account, StoredJob

from ..conftest import MOVEMENTS
from .api.test_phone import STATE, sent_session
from .conftest import Somebody, World

DRIFT = {
    "event": "drift",
    "t_s": 40.0,
    "cause": "inputs",
    "task": "label",
    "share": 0.9,
    "seconds": 42.0,
    "text": "strange",
}
TODAY = datetime.now(UTC)


def trained(athlete: Somebody, days_ago: int, minutes: float = 30, **more: Any) -> None:
    began = (TODAY - timedelta(days=days_ago)).isoformat()
    told = {"started_at": began, "duration_s": 60 * minutes, **more}
    sent_session(athlete, f"{days_ago} days ago", **told)


def standing(coach: Somebody) -> Any:
    (one,) = coach.get("squad")["items"]
    return one


def kinds(coach: Somebody) -> list[str]:
    return [one["kind"] for one in standing(coach)["concerns"]]


def kinds_of(coach: Somebody, athlete: Somebody) -> list[str]:
    (one,) = (one for one in coach.get("squad")["items"] if one["id"] == athlete.id)
    return [concern["kind"] for concern in one["concerns"]]


@pytest.fixture
def calibrate(world: World, anna: Somebody) -> Callable[..., None]:
    """Anna was calibrated so many days ago, with a score."""
    head = fit_head(np.eye(3), one_hot(np.arange(3), 3), None, 1.0, tuple(MOVEMENTS), "label")

    def calibrated(days_ago: int, score: float, tasks: Sequence[str] = ("label",)) -> None:
        own = PersonalHead(
            "Anna",
            "0" * 64,
            (TODAY - timedelta(days=days_ago)).isoformat(timespec="seconds"),
            dict.fromkeys(tasks, head),
            {"label": {"slow": 6}},
            {
                "effort": {"shared_score": -2.0, "personal_score": -1.0},
                "label": {"shared_score": 0.5, "personal_score": score},
            },
            {"label": "better"},
        )
        folder = world.server.settings.folder / "athletes" / anna.id / "heads"
        Versions(folder, "Anna").add(own, f"{days_ago:064d}")

    return calibrated


def test_whoever_never_trained_needs_attention(kim: Somebody, anna: Somebody) -> None:
    told = standing(kim)
    assert told["id"] == anna.id
    assert told["concerns"] == [{"kind": "no_session", "at": None, "numbers": {}, "told": []}]
    assert told["model"] == {
        "live": 0,
        "versions": 0,
        "calibrated_at": None,
        "shared_score": None,
        "own_score": None,
    }


def test_whoever_trains_as_usual_needs_none(kim: Somebody, anna: Somebody, calibrate: Any) -> None:
    calibrate(20, 0.9)
    for day in range(1, 40, 4):
        trained(anna, day)
    told = standing(kim)
    assert told["concerns"] == told["drifts"] == []
    assert abs(told["load_change"]) < 30
    assert (told["model"]["shared_score"], told["model"]["own_score"]) == (0.5, 0.9)


def test_two_weeks_without_a_session_are_told(kim: Somebody, anna: Somebody) -> None:
    trained(anna, 15)
    (concern,) = standing(kim)["concerns"]
    assert (concern["kind"], concern["numbers"]) == ("no_session", {"days": 15})


def test_more_than_the_athletes_own_weeks_is_told(kim: Somebody, anna: Somebody) -> None:
    for day in range(1, 40, 4):
        trained(anna, day, 60 if day < 7 else 30)
    (concern,) = standing(kim)["concerns"]
    assert concern["kind"] == "load_up"
    assert concern["numbers"]["percent"] == pytest.approx(standing(kim)["load_change"])
    assert concern["numbers"]["percent"] > 30


def test_effort_counts_once_every_session_has_one(kim: Somebody, anna: Somebody) -> None:
    for day in range(1, 40, 4):
        trained(anna, day, events=[STATE, {**STATE, "t_s": 1802.0}])
    assert standing(kim)["load"] == "minutes"
    for number, one in enumerate(kim.get(f"athletes/{anna.id}/sessions")["items"]):
        kim.send("PUT", f"sessions/{one['id']}/effort", 204, json={"rpe": 8 if number < 2 else 4})
    told = standing(kim)
    assert told["load"] == "session_rpe"
    assert [one["kind"] for one in told["concerns"]] == ["load_up"]
    (last, *_) = kim.get(f"athletes/{anna.id}/sessions")["items"]
    assert last["summary"]["load"]["session_rpe"]["value"] == pytest.approx(8 * 30)
    kim.send("PUT", f"sessions/{last['id']}/effort", 204, json={"rpe": None})
    assert standing(kim)["load"] == "minutes"


def test_effort_is_told_of_ones_own_sessions(kim: Somebody, anna: Somebody, lee: Somebody) -> None:
    trained(anna, 1)
    trained(anna, 2, events=[])
    last, empty = (one["id"] for one in kim.get(f"athletes/{anna.id}/sessions")["items"])
    lee.send("PUT", f"sessions/{last}/effort", 404, json={"rpe": 5})
    anna.send("PUT", f"sessions/{last}/effort", 204, json={"rpe": 5})
    kim.send("PUT", f"sessions/{last}/effort", 422, json={"rpe": 11})
    kim.send("PUT", f"sessions/{empty}/effort", 422, json={"rpe": 5})


def test_three_weeks_are_too_few_to_compare(kim: Somebody, anna: Somebody) -> None:
    for day in range(1, 21, 2):
        trained(anna, day, 60 if day < 7 else 30)
    assert standing(kim)["load_change"] is None
    assert kinds(kim) == []


def test_drift_is_told_until_the_next_calibration(
    kim: Somebody, anna: Somebody, calibrate: Any
) -> None:
    calibrate(10, 0.9)
    trained(anna, 12, events=[STATE, DRIFT])
    assert kinds(kim) == []
    trained(anna, 5, events=[STATE, DRIFT])
    trained(anna, 2, events=[STATE, {**DRIFT, "cause": "gravity"}])
    (concern,) = standing(kim)["concerns"]
    assert concern["told"] == standing(kim)["drifts"] == ["gravity", "inputs"]
    assert datetime.fromisoformat(concern["at"]) == TODAY - timedelta(days=5)
    calibrate(1, 0.9)
    assert kinds(kim) == []


def test_a_score_that_fell_is_told(kim: Somebody, anna: Somebody, calibrate: Any) -> None:
    trained(anna, 1)
    calibrate(10, 0.9)
    calibrate(5, 0.88)
    assert kinds(kim) == []
    calibrate(2, 0.7)
    (concern,) = standing(kim)["concerns"]
    assert (concern["kind"], concern["numbers"]) == ("score_fell", {"now": 0.7, "before": 0.88})


def test_where_the_guard_refused_the_shared_score_counts(
    kim: Somebody, anna: Somebody, calibrate: Any
) -> None:
    trained(anna, 1)
    calibrate(10, 0.9)
    calibrate(5, 0.9, tasks=())
    told = standing(kim)
    assert told["model"] | {"calibrated_at": None} == {
        "live": 1,
        "versions": 2,
        "calibrated_at": None,
        "shared_score": 0.5,
        "own_score": 0.9,
    }
    assert told["concerns"][0]["numbers"] == {"now": 0.5, "before": 0.9}


def test_a_failed_calibration_is_told_until_one_succeeds(
    world: World, kim: Somebody, anna: Somebody
) -> None:
    trained(anna, 1)
    with world.server.database.writing() as session:
        session.execute(update(Account).where(Account.id == anna.id).values(bundle_id="0" * 16))

    def asked(state: str) -> None:
        order = {"kind": "personalize", "athlete": anna.id}
        job = kim.send("POST", "jobs", 202, json=order)
        assert job["athletes"] == [anna.id]
        with world.server.database.writing() as session:
            ended = update(StoredJob).where(StoredJob.id == job["id"])
            session.execute(ended.values(state=state, message="too few"))

    asked("failed")
    (concern,) = standing(kim)["concerns"]
    assert (concern["kind"], concern["told"]) == ("job_failed", ["too few"])
    asked("done")
    assert kinds(kim) == []


def test_one_athletes_damaged_file_is_told_of_them_and_hides_nobody(
    world: World, kim: Somebody, anna: Somebody, calibrate: Any
) -> None:
    ben = world.athlete(kim, "Ben")
    calibrate(5, 0.9)
    trained(ben, 1)
    (index,) = (world.server.settings.folder / "athletes" / anna.id).rglob("versions.json")
    for damaged in (b"{", b"\xff", b""):
        index.write_bytes(damaged)
        one, other = kim.get("squad")["items"]
        assert [concern["kind"] for concern in one["concerns"]] == ["damaged", "no_session"]
        assert (one["model"], other["concerns"]) == (None, [])
        assert [one["live_version"] for one in kim.get("athletes")["items"]] == [None, 0]
        assert kim.get(f"athletes/{anna.id}/heads") == {"live": None, "versions": []}
        assert anna.get("phone/me")["version"] == 0  # the shared one
    kim.send("DELETE", f"athletes/{anna.id}/heads", 204)
    kim.send("DELETE", f"athletes/{anna.id}/heads", 204)
    assert kinds_of(kim, anna) == ["no_session"]
    calibrate(1, 0.9)
    assert kim.get(f"athletes/{anna.id}")["live_version"] == 1
    index.unlink()
    assert kinds_of(kim, anna) == ["no_session"]
    assert anna.get("phone/me")["version"] == 0
    calibrate(1, 0.9)
    assert kim.get(f"athletes/{anna.id}")["live_version"] == 1


def test_a_squad_is_its_coachs(kim: Somebody, anna: Somebody, lee: Somebody) -> None:
    assert lee.get("squad")["items"] == []
    anna.get("squad", 403)
