import time
from typing import Any

import pytest

from distride.serve.jobs import Jobs
from distride.serve.recordings import keep_recordings
from distride.serve.schema import Account

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
