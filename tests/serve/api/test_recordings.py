import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from distride.data.athlete_file import read_athlete

from ...data.formats.conftest import written
from ..conftest import Somebody, World
from .test_phone import raw_of, sent_session

ROWS = 400


def csv_of(rows: int = ROWS) -> bytes:
    """Twenty seconds of a wrist, as `distride stream` reads it."""
    t = np.arange(rows) / 20
    table = np.column_stack([t, np.sin(t), np.cos(t), np.full(rows, 9.81)])
    text = io.StringIO()
    np.savetxt(
        text, table, "%.5f", ",", header="t,wrist_acc_x,wrist_acc_y,wrist_acc_z", comments=""
    )
    return text.getvalue().encode()


def brought(athlete: Somebody, who: Somebody, status: int = 201, name: str = "gym.csv") -> Any:
    path = f"athletes/{athlete.id}/recordings?name={name}"
    return who.send("POST", path, status, content=csv_of())


@pytest.mark.parametrize("placement", ["Left wrist", "手腕"])
def test_a_placement_that_is_none_is_told_what_one_is(
    kim: Somebody, anna: Somebody, placement: str
) -> None:
    path = f"/api/v1/athletes/{anna.id}/recordings"
    told = {"params": {"name": "gym.csv", "placement": placement}, "content": csv_of()}
    answer = kim.page.post(path, **told, headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.headers["content-language"]) == (422, "en")
    message = answer.json()["error"]["message"]
    assert message.startswith(f"'{placement}' cannot name a placement: use small letters")


def test_a_file_becomes_a_recording(kim: Somebody, anna: Somebody, tmp_path: Path) -> None:
    (added,) = brought(anna, kim)["items"]
    assert added["channels"] == ["wrist_acc_x", "wrist_acc_y", "wrist_acc_z"]
    assert added["duration_s"] == pytest.approx(ROWS / 20 - 0.05)
    assert anna.get(f"athletes/{anna.id}/recordings")["items"] == [added]
    (tmp_path / "got.parquet").write_bytes(anna.get(f"recordings/{added['id']}").content)
    (one,) = read_athlete(tmp_path / "got.parquet", "Anna")
    assert len(one.t) == ROWS


def test_a_watchs_file_becomes_a_recording_under_its_format(kim: Somebody, anna: Somebody) -> None:
    files = written()
    for source in ("fit", "tcx", "gpx"):
        name, data = files[source]
        path = f"athletes/{anna.id}/recordings?name={name}"
        (added,) = kim.send("POST", path, 201, content=data)["items"]
        assert (added["source"], "heart_rate" in added["channels"]) == (source, True)
    assert len(anna.get(f"athletes/{anna.id}/recordings")["items"]) == 3


def test_a_file_of_several_athletes_is_nobodys(world: World, kim: Somebody, anna: Somebody) -> None:
    head, *rows = csv_of().decode().splitlines()
    names = ["Anna"] * (ROWS // 2) + ["Ben"] * (ROWS // 2)
    lines = [f"athlete,{head}", *(f"{who},{row}" for who, row in zip(names, rows, strict=True))]
    path = f"athletes/{anna.id}/recordings?name=squad.csv"
    sent = {"content": "\n".join(lines)}
    problem = kim.send("POST", path, 422, **sent)["error"]
    assert "'squad.csv' holds recordings of 2 athletes" in problem["message"]
    problem = kim.send("POST", path, 422, **sent, headers={"Accept-Language": "zh"})["error"]
    assert "2 名运动员" in problem["message"]
    assert kim.get(f"athletes/{anna.id}/recordings")["items"] == []
    assert not list(world.server.settings.folder.rglob("*.parquet"))
    alone = "\n".join([lines[0], *(f"Anna,{row}" for row in rows)])
    (added,) = kim.send("POST", path, 201, content=alone)["items"]
    assert added["duration_s"] == pytest.approx(ROWS / 20 - 0.05)


@pytest.mark.parametrize("name", ["cohort", "cohort.csv"])
def test_no_name_of_a_file_stands_in_the_servers_way(
    kim: Somebody, anna: Somebody, name: str
) -> None:
    assert len(brought(anna, kim, name=name)["items"]) == 1


def test_a_name_too_long_for_a_file_is_one_sentence(kim: Somebody, anna: Somebody) -> None:
    path = f"athletes/{anna.id}/recordings?name={'安' * 70}.csv"
    problem = kim.send("POST", path, 422, content="t,wrist_acc_x\n")["error"]
    assert "at most 200 bytes long" in problem["message"]


def test_a_plot_keeps_what_stands_out(kim: Somebody, anna: Somebody) -> None:
    (added,) = brought(anna, kim)["items"]
    drawn = kim.get(f"recordings/{added['id']}/plot?points=100")
    assert len(drawn["t"]) == len(drawn["wrist_acc_x"]) <= 100
    assert max(drawn["wrist_acc_x"]) == pytest.approx(1, abs=0.01)
    assert min(drawn["wrist_acc_x"]) == pytest.approx(-1, abs=0.01)


def test_a_plot_of_a_stretch_is_finer_and_reaches_its_ends(kim: Somebody, anna: Somebody) -> None:
    (added,) = brought(anna, kim)["items"]
    path = f"recordings/{added['id']}/plot?points=100"
    drawn = kim.get(f"{path}&from_s=5&to_s=6")["t"]
    assert drawn[0] == pytest.approx(4.95)
    assert drawn[-1] == pytest.approx(6.0)
    assert len(set(drawn)) == 22
    assert kim.get(f"{path}&from_s=7&to_s=3") == {name: [] for name in ("t", *added["channels"])}
    assert kim.get(f"{path}&from_s=30")["t"][-1] == pytest.approx(ROWS / 20 - 0.05)


def test_stretches_are_labelled_and_labelled_anew(kim: Somebody, anna: Somebody) -> None:
    (added,) = brought(anna, kim)["items"]
    path = f"recordings/{added['id']}/labels"
    stretches = [
        {"from_s": 10.0, "to_s": 15.0, "label": "深蹲"},
        {"from_s": 1.0, "to_s": 5.0, "label": "curl"},
    ]
    kim.send("PUT", path, 204, json=stretches)
    assert kim.get(path)["items"] == stretches[::-1]
    anna.send("PUT", path, 204, json=stretches[:1])
    assert kim.get(path)["items"] == stretches[:1]
    overlapping = [stretches[0], {"from_s": 12.0, "to_s": 20.0, "label": "row"}]
    assert "overlap" in kim.send("PUT", path, 422, json=overlapping)["error"]["message"]
    kim.send("PUT", path, 422, json=[{"from_s": 5.0, "to_s": 1.0, "label": "row"}])
    assert kim.get(path)["items"] == stretches[:1]


def test_a_label_of_a_single_sample_stays(kim: Somebody, anna: Somebody) -> None:
    (added,) = brought(anna, kim)["items"]
    path = f"recordings/{added['id']}/labels"
    kim.send("PUT", path, 204, json=[{"from_s": 0.98, "to_s": 1.02, "label": "curl"}])
    alone = {"from_s": 1.0, "to_s": 1.0, "label": "curl"}
    kept = kim.get(path)["items"]
    assert kept == [alone]
    kim.send("PUT", path, 204, json=kept)
    assert kim.get(path)["items"] == kept
    kim.send("PUT", path, 422, json=[alone, {**alone, "label": "row"}])


def test_labels_of_a_file_are_told_whatever_they_are(kim: Somebody, anna: Somebody) -> None:
    head, *rows = csv_of(4).decode().splitlines()
    labels = ["curl", "curl\tfast", "x" * 150, ""]
    lines = [f"{head},label", *(f"{row},{one}" for row, one in zip(rows, labels, strict=True))]
    path = f"athletes/{anna.id}/recordings?name=gym.csv"
    (added,) = kim.send("POST", path, 201, content="\n".join(lines))["items"]
    path = f"recordings/{added['id']}/labels"
    kept = kim.get(path)["items"]
    assert [one["label"] for one in kept] == labels[:3]
    kim.send("PUT", path, 204, json=kept)
    assert kim.get(path)["items"] == kept


def test_what_is_no_recording_leaves_nothing(world: World, kim: Somebody, anna: Somebody) -> None:
    path = f"athletes/{anna.id}/recordings?name="
    kim.send("POST", path + "x.fit", 422, content=b"no fit file")
    kim.send("POST", path + "empty.csv", 422, content=b"")
    assert kim.get(f"athletes/{anna.id}/recordings")["items"] == []
    folder = world.server.settings.folder
    assert {one.name for one in folder.iterdir()} <= {
        "distride.sqlite",
        "distride.sqlite-wal",
        "distride.sqlite-shm",
    }


def test_raw_samples_of_a_session_are_a_recording(anna: Somebody) -> None:
    sent_session(anna, raw=raw_of(100))
    sent_session(anna, status=409, raw=raw_of(100))
    (kept,) = anna.get(f"athletes/{anna.id}/recordings")["items"]
    assert (kept["source"], "heart_rate" in kept["channels"]) == ("phone", True)


def test_a_recording_is_removed_by_those_who_see_it(
    kim: Somebody, anna: Somebody, lee: Somebody
) -> None:
    (added,) = brought(anna, anna)["items"]
    lee.send("DELETE", f"recordings/{added['id']}", 404)
    anna.send("DELETE", f"recordings/{added['id']}", 204)
    kim.get(f"recordings/{added['id']}", 404)
    assert anna.get(f"athletes/{anna.id}/recordings")["items"] == []
