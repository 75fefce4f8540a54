import datetime as dt
import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from distride.bundle import Bundle
from distride.cli import personalizing, streaming
from distride.errors import DataError, GuidanceError
from distride.guidance import Guide, Past, Session, summarize
from distride.guidance.own import Own
from distride.runtime import SetEnded


def run(module, *arguments):
    app = typer.Typer()
    app.command()(module.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_recording_is_told_in_changes_or_in_events(tiny, tmp_path, swings):
    file = swings(tmp_path / "anna.csv", ["still", "fast"])
    told = run(streaming, tiny.path, file)
    assert told.exit_code == 0
    answers = [line.split(": ")[1].split()[0] for line in told.output.splitlines()]
    assert [answer for answer in answers if answer != "not"] == ["still", "fast"]
    events = [
        json.loads(line) for line in run(streaming, tiny.path, file, "--json").output.splitlines()
    ]
    assert {event["event"] for event in events} == {"state"}
    assert len(events) >= 18


def test_why_there_is_no_answer_is_told(tiny, tmp_path, swings):
    bundle = Bundle.open(tiny.path)
    (task,) = bundle.manifest.tasks
    for threshold, told in (("unknown_below", "none of the"), ("abstain_below", "not sure (")):
        strict = replace(bundle.manifest, tasks=(replace(task, **{threshold: 1.0}),))
        replace(bundle, manifest=strict).save(tmp_path / "strict.distride")
        file = swings(tmp_path / "anna.csv", ["still", "fast"])
        (line,) = run(streaming, tmp_path / "strict.distride", file).output.splitlines()
        assert f"movement: {told}" in line


def test_a_lost_axis_is_told_and_a_foreign_recording_refused(tiny, tmp_path, swings):
    told = run(streaming, tiny.path, swings(tmp_path / "a.csv", ["still"], axes="xy"))
    assert "! nothing from wrist_acc_z: answers are less certain" in told.output
    (tmp_path / "b.csv").write_text("t,ankle_acc_x\n0,1\n1,1\n")
    with pytest.raises(DataError, match="none is in both"):
        raise run(streaming, tiny.path, tmp_path / "b.csv").exception
    with pytest.raises(DataError, match="no recording 'x'"):
        raise run(streaming, tiny.path, tmp_path / "a.csv", "--name", "x").exception


@pytest.fixture
def hard(tmp_path, swings):
    """A session near the maximum of an athlete, and their profile."""
    rows = swings(tmp_path / "anna.csv", ["still", "fast", "fast"]).read_text().splitlines()
    head, *rows = rows
    told = [f"{head},heart_rate", *(f"{row},{186 + at // 20 % 2}" for at, row in enumerate(rows))]
    (tmp_path / "hard.csv").write_text("\n".join(told) + "\n")
    (tmp_path / "anna.toml").write_text("birth_year = 1990\nmax_bpm = 188\n")
    return tmp_path / "hard.csv", tmp_path / "anna.toml"


def test_who_is_known_is_advised(tiny, hard):
    file, profile = hard
    told = run(streaming, tiny.path, file, "--profile", profile)
    assert "» Heart near maximum. Ease off. (heart rate in % of your maximum: 9" in told.output
    asked = (tiny.path, file, "--profile", profile, "--json", "--language", "zh")
    events = [json.loads(line) for line in run(streaming, *asked).output.splitlines()]
    assert {event["event"] for event in events} == {"state", "heart", "advice"}
    assert [one["spoken"] for one in events if one["event"] == "advice"] == ["心率接近最大，放慢"]


def test_on_a_stop_sign_nothing_but_stop_is_said(tiny, hard):
    file, profile = hard
    felt = ("--profile", profile, "--symptom", "palpitations")
    lines = run(streaming, tiny.path, file, *felt).output.splitlines()
    assert ["Stop now. Ask a doctor." in line for line in lines if "»" in line] == [True]


def test_a_session_is_replayed_at_its_pace_and_said(tiny, hard, monkeypatch):
    file, profile = hard
    monkeypatch.setattr("distride.cli.replay.shutil.which", lambda name: None)
    told = run(streaming, tiny.path, file, "--profile", profile, "--speed", 1000, "--say")
    assert told.exit_code == 0
    assert told.stderr.count("espeak-ng is not installed") == 1
    assert told.stdout.count("»") == 1


def test_nobody_is_advised_without_a_profile(tiny, hard):
    file, profile = hard
    told = run(streaming, tiny.path, file, "--say")
    assert "Nothing is advised without" in told.stderr
    assert "»" not in told.stdout
    for wrong, message in (
        (("--ill",), "needs their --profile"),
        (("--profile", profile, "--language", "de"), "allowed are en, zh"),
        (("--profile", profile, "--symptom", "sad"), "palpitations"),
    ):
        with pytest.raises(GuidanceError, match=message):
            raise run(streaming, tiny.path, file, *wrong).exception


def test_the_model_advises_only_whom_it_was_calibrated_for(tiny, hard, tmp_path, swings):
    file, profile = hard
    rules = tmp_path / "rules.toml"
    voice = '[model]\ntask = "label"\nsays = ["{}"]\nfor_s = 0.0\nsure = 0.0\n'
    rules.write_text(voice.format("fast"))
    asked = (tiny.path, file, "--profile", profile, "--rules", rules)
    stranger = run(streaming, *asked)
    assert "waits for a calibration" in stranger.stderr
    assert "»" not in stranger.stdout
    own = swings(tmp_path / "ann.csv", ["still", "slow", "fast", "still", "slow", "fast"])
    run(personalizing, tiny.path, own, "--heads", tmp_path / "heads")
    told = run(streaming, *asked, "--head", tmp_path / "heads" / "ann")
    assert "» fast (the model is" in told.stdout
    assert "waits for a calibration" not in told.stderr
    rules.write_text(voice.format("fsat"))
    with pytest.raises(GuidanceError, match="does not know: it knows fast, slow, still"):
        raise run(streaming, *asked).exception


def test_a_watch_is_not_believed_in_hard_motion(tiny, hard, tmp_path):
    file, profile = hard
    rows = [row.split(",") for row in file.read_text().splitlines()]
    for row in rows[200:]:
        row[2] = str(12 + float(row[2]))  # m/s², as a runner's wrist
    run_hard = tmp_path / "run.csv"
    run_hard.write_text("\n".join(map(",".join, rows)) + "\n")

    def unread(*more):
        lines = run(streaming, tiny.path, run_hard, "--profile", profile, "--json", *more).output
        hearts = [one for one in map(json.loads, lines.splitlines()) if one["event"] == "heart"]
        return sum(one["bpm"] is None for one in hearts)

    assert unread() == 0
    assert unread("--optical") > 10
    bare = tmp_path / "bare.csv"
    bare.write_text("t,wrist_acc_x\n0,1\n1,1\n")
    with pytest.raises(GuidanceError, match="--optical needs an accelerometer"):
        raise run(streaming, tiny.path, bare, "--optical").exception


def test_only_movements_that_the_bundle_knows_are_counted(tiny, hard):
    file, _ = hard
    assert run(streaming, tiny.path, file, "--count", "all").exit_code == 0
    assert run(streaming, tiny.path, file, "--count", "anything").exit_code == 0
    assert run(streaming, tiny.path, file, "--count", "fast").exit_code == 0
    with pytest.raises(GuidanceError, match="knows no movement 'fsat'"):
        raise run(streaming, tiny.path, file, "--count", "fsat").exception


def test_repetitions_stand_beside_those_of_sessions_before(tiny, hard, tmp_path, monkeypatch):
    file, _ = hard
    past = Past(tmp_path / "history", "hard")
    own = Own(9, 60.0, 0.05, 3.0, 0.05)
    for day in range(1, 6):
        rep = SetEnded(20.0, 2.0, 18.0, 1, "fast", 5, 3.0, 60.0, 0.9, 0.9)
        session = Session("hard", dt.datetime(2026, 4, day, tzinfo=dt.UTC), (rep,))
        summary = summarize(session, None)
        (movement,) = summary.movements
        past.add(replace(summary, movements=(replace(movement, own=own),)))
    given = []
    monkeypatch.setattr("distride.guidance.Guide", lambda *some: given.append(some) or Guide(*some))
    assert run(streaming, tiny.path, file, "--history", tmp_path / "history").exit_code == 0
    ((*_, usual),) = given
    assert usual == {"fast": [own] * 5}


def test_a_session_ended_now_whatever_its_clock_counts_from(tiny, tmp_path, swings):
    file = swings(tmp_path / "anna.csv", ["still", "fast"])
    head, *rows = [line.split(",") for line in file.read_text().splitlines()]
    epoch = [[str(1.7e9 + float(t)), *values] for t, *values in rows]
    file.write_text("\n".join(",".join(line) for line in [head, *epoch]))
    *_, line = run(streaming, tiny.path, file, "--summary", "--json").output.splitlines()
    told = json.loads(line)["summary"]
    ago = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(told["start"])
    assert told["seconds"] <= ago.total_seconds() < told["seconds"] + 30
