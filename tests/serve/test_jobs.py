import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from distride.serve.jobs import DIED, Jobs
from distride.serve.recordings import keep_recordings
from distride.serve.schema import Account
from distride.serve.work import FAILED, RESULT, command, write

from .conftest import Somebody, World, moving_recording


@pytest.fixture
def jobs(world: World) -> Jobs:
    """The server's; a test does them one by one."""
    jobs: Jobs = world.app.state.jobs
    return jobs


@pytest.fixture
def recorded(tiny, world: World, kim: Somebody, anna: Somebody) -> Somebody:
    """Anna, with the tiny bundle and a labelled recording."""
    bundle = kim.send("POST", "bundles", 201, content=tiny.path.read_bytes())["id"]
    kim.send("PUT", f"athletes/{anna.id}/bundle", 204, json={"bundle": bundle})
    with world.server.database.reading() as session:
        account = session.get(Account, anna.id)
    assert account is not None
    keep_recordings(world.server, account, [moving_recording("Anna")], "csv", kim.id)
    return anna


def asked(kim: Somebody, anna: Somebody, status: int = 202, **more: Any) -> Any:
    return kim.send(
        "POST", "jobs", status, json={"kind": "personalize", "athlete": anna.id, **more}
    )


def test_a_personal_head_is_learnt_in_a_process_of_its_own_until_the_job_is_removed(
    world: World, kim: Somebody, recorded: Somebody, lee: Somebody, jobs: Jobs
) -> None:
    job = asked(kim, recorded)
    assert job["state"] == "queued"
    assert jobs.work_one()
    assert not jobs.work_one()
    done = kim.get(f"jobs/{job['id']}")
    assert (done["state"], done["message"][:7]) == ("done", "label: ")
    (version,) = kim.get(f"athletes/{recorded.id}/heads")["versions"]
    assert version["shots"]["label"].keys() == {"still", "slow", "fast"}
    folder = world.server.job_folder(job["id"])
    assert not list(folder.glob("*.parquet"))
    lee.send("DELETE", f"jobs/{job['id']}", 404)
    kim.send("DELETE", f"jobs/{job['id']}", 204)
    assert kim.get("jobs")["items"] == []
    assert not folder.exists()


def test_a_job_whose_server_ended_goes_on(
    make_world, kim: Somebody, recorded: Somebody, world: World
) -> None:
    job = asked(kim, recorded)
    with world.server.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'running'")
    again = make_world()
    with again.page() as page:  # within it the application works
        page.cookies.update(kim.page.cookies)
        for _ in range(600):
            state = page.get(f"/api/v1/jobs/{job['id']}").json()["state"]
            if state == "done":
                break
            time.sleep(0.05)
    assert state == "done"


def test_a_job_whose_end_could_not_be_told_is_told_later_and_not_done_again(
    world: World, kim: Somebody, recorded: Somebody, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asked(kim, recorded)
    writing = world.server.database.writing

    def away(*_: Any) -> Any:
        raise OperationalError("UPDATE job", {}, Exception("the server closed the connection"))

    def begun(folder: Path) -> list[str]:
        monkeypatch.setattr(world.server.database, "writing", away)
        return command(folder)

    monkeypatch.setattr("distride.serve.jobs.command", begun)
    with pytest.raises(OperationalError):
        jobs.work_one()
    assert kim.get(f"jobs/{job['id']}")["state"] == "running"
    monkeypatch.setattr(world.server.database, "writing", writing)
    monkeypatch.setattr("distride.serve.jobs.command", None)
    assert jobs.work_one()
    done = kim.get(f"jobs/{job['id']}")
    assert (done["state"], done["message"][:7]) == ("done", "label: ")
    assert not jobs.work_one()


def test_a_bundle_of_a_training_is_kept_once_however_often_it_is_told(
    tiny, world: World, kim: Somebody, recorded: Somebody, jobs: Jobs, monkeypatch: Any
) -> None:
    job = kim.send("POST", "jobs", 202, json={"kind": "train", "athletes": [recorded.id]})
    folder = world.server.job_folder(job["id"])
    folder.mkdir(parents=True)
    (folder / "student.distride").write_bytes(tiny.path.read_bytes())
    write(folder, RESULT, {"state": "done", "message": "why"})
    end = Jobs._end

    def away(*_: Any) -> None:
        monkeypatch.setattr(Jobs, "_end", end)
        raise OperationalError("UPDATE job", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(Jobs, "_end", away)
    with pytest.raises(OperationalError):
        jobs.work_one()
    assert jobs.work_one()
    of_training = kim.get(f"jobs/{job['id']}")["bundle"]
    others = [one["id"] for one in kim.get("bundles")["items"] if one["id"] != of_training]
    assert (kim.get(f"jobs/{job['id']}")["state"], len(others)) == ("done", 1)


def test_what_interrupts_the_server_reaches_no_process_of_its_own(
    kim: Somebody, recorded: Somebody, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked(kim, recorded)
    told = tmp_path / "group"
    code = f"import os; open({str(told)!r}, 'w').write(str(os.getpgrp()))"
    monkeypatch.setattr("distride.serve.jobs.command", lambda _: [sys.executable, "-c", code])
    assert jobs.work_one()
    assert int(told.read_text()) != os.getpgrp()


@pytest.mark.parametrize(
    ("code", "told"),
    [("import os; os.kill(os.getpid(), 9)", DIED), ("raise SystemExit(1)", FAILED)],
)
def test_what_ended_a_process_without_a_word_is_not_guessed(
    kim: Somebody, recorded: Somebody, jobs: Jobs, monkeypatch: Any, code: str, told: str
) -> None:
    job = asked(kim, recorded)
    monkeypatch.setattr("distride.serve.jobs.command", lambda _: [sys.executable, "-c", code])
    assert jobs.work_one()
    over = kim.get(f"jobs/{job['id']}")
    assert (over["state"], over["message"]) == ("failed", told)


def test_a_fault_of_the_server_ends_the_job(
    kim: Somebody, recorded: Somebody, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asked(kim, recorded)

    def faulty(*_: Any) -> None:
        raise ValueError("Anna's file")

    monkeypatch.setattr("distride.serve.jobs.command", faulty)
    assert jobs.work_one()
    over = kim.get(f"jobs/{job['id']}")
    assert (over["state"], over["message"]) == ("failed", FAILED)


def test_only_the_coachs_own_athletes_with_a_bundle_may_be_asked_for(
    kim: Somebody, anna: Somebody, lee: Somebody
) -> None:
    assert "no bundle" in asked(kim, anna, 422)["error"]["message"]
    asked(lee, anna, 404)
    asked(anna, anna, 403)
    kim.send("POST", "jobs", 422, json={"kind": "train", "athletes": []})
    lee.send("POST", "jobs", 404, json={"kind": "train", "athletes": [anna.id]})


@pytest.mark.parametrize(
    "recipe", ["[student", "[student]\nsize = 'huge'", "[student]\nbase = '/etc/passwd'"]
)
def test_a_recipe_is_checked_and_opens_no_file(kim: Somebody, anna: Somebody, recipe: str) -> None:
    body = {"kind": "train", "athletes": [anna.id], "recipe": recipe}
    kim.send("POST", "jobs", 422, json=body)


def test_the_jobs_of_a_deleted_athlete_go_with_them(
    world: World, kim: Somebody, recorded: Somebody
) -> None:
    asked(kim, recorded)
    recorded.send("DELETE", f"athletes/{recorded.id}", 204)
    assert kim.get("jobs")["items"] == []
    assert not list((world.server.settings.folder / "recordings").iterdir())


def test_a_report_runs_apart_from_the_login(
    world: World, kim: Somebody, recorded: Somebody, lee: Somebody
) -> None:
    number = asked(kim, recorded)["id"]
    kim.get(f"jobs/{number}/report", 404)
    folder = world.server.job_folder(number)
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!doctype html><script>1</script>")
    answer = kim.get(f"jobs/{number}/report")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    lee.get(f"jobs/{number}/report", 404)
