import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from distride.bundle import Bundle
from distride.cli import streaming
from distride.errors import DataError


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
    for threshold, told in (("unknown_below", "none of the"), ("abstain_below", "not sure: conf")):
        strict = replace(bundle.manifest, tasks=(replace(task, **{threshold: 1.0}),))
        replace(bundle, manifest=strict).save(tmp_path / "strict.distride")
        file = swings(tmp_path / "anna.csv", ["still", "fast"])
        (line,) = run(streaming, tmp_path / "strict.distride", file).output.splitlines()
        assert f"label: {told}" in line


def test_a_lost_axis_is_told_and_a_foreign_recording_refused(tiny, tmp_path, swings):
    told = run(streaming, tiny.path, swings(tmp_path / "a.csv", ["still"], axes="xy"))
    assert "! The accelerometer (wrist) gives no samples of wrist_acc_z" in told.output
    (tmp_path / "b.csv").write_text("t,ankle_acc_x\n0,1\n1,1\n")
    with pytest.raises(DataError, match="none is in both"):
        raise run(streaming, tiny.path, tmp_path / "b.csv").exception
    with pytest.raises(DataError, match="no recording 'x'"):
        raise run(streaming, tiny.path, tmp_path / "a.csv", "--name", "x").exception
