import json

import pytest
import typer
from typer.testing import CliRunner

from distride.cli import importing
from distride.data import Cohort
from distride.errors import DataError

TEXT = "t,wrist_acc_x,wrist_acc_y,heart_rate,label\n0,1,2,60,run\n0.02,2,3,0,run\n"


def run(*arguments):
    app = typer.Typer()
    app.command()(importing.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def squad(tmp_path):
    for name in ("ann", "ben"):
        (tmp_path / "squad" / name).mkdir(parents=True)
        (tmp_path / "squad" / name / "run.csv").write_text(TEXT)
    return tmp_path / "squad"


def test_an_import_tells_what_it_read_and_lost(squad, tmp_path):
    (squad / "ann" / "notes.csv").write_text("a,b\n1,2\n")
    told = run(squad, "--to", tmp_path / "c")
    assert told.exit_code == 0
    assert "ann / run: 0.0 s, 2 samples (csv, run.csv)" in told.output
    assert "  wrist_acc at 50 Hz, heart_rate with less than two values" in told.output
    assert "  labelled: label" in told.output
    assert "  ! 1 heart rates of 0 count as unknown" in told.output
    assert "left out: " in told.output
    assert f"2 recordings of 2 athletes in {tmp_path / 'c'}" in told.output
    assert Cohort.open(tmp_path / "c").athletes == ("ann", "ben")


def test_a_dry_run_writes_nothing(squad, tmp_path):
    told = run(squad, "--dry-run", "--to", tmp_path / "c")
    assert "2 recordings of 2 athletes; nothing was written" in told.output
    assert not (tmp_path / "c").exists()


def test_many_files_that_are_left_out_are_counted(squad):
    for number in range(25):
        (squad / f"{number}.jpg").write_text("x")
    told = run(squad, "--dry-run").output
    assert told.count("left out: ") == 21
    assert "left out: 5 more files" in told


def test_programs_get_json(squad, tmp_path):
    (squad / "a.jpg").write_text("x")
    told = json.loads(run(squad, "--json", "--to", tmp_path / "c").output)
    assert told["cohort"] == str(tmp_path / "c")
    assert [one["athlete"] for one in told["recordings"]] == ["ann", "ben"]
    assert told["recordings"][0]["rates_hz"]["wrist_acc_x"] == 50
    assert told["skipped"][0]["file"].endswith("a.jpg")
    assert told["notes"] == []
    assert json.loads(run(squad, "--json", "--dry-run").output)["cohort"] is None


def test_options_reach_the_import(squad, tmp_path):
    (squad / "m.toml").write_text(
        'rate_hz = 10\n[channels]\nacc_x = { column = "wrist_acc_x", unit = "g" }\n'
    )
    files = [squad / "ann" / "run.csv"]
    options = ["--athlete", "eva", "--placement", "hip", "--mapping", squad / "m.toml"]
    run(*files, *options, "--to", tmp_path / "c")
    (one,) = Cohort.open(tmp_path / "c").read("eva")
    assert list(one.channels) == ["hip_acc_x"]
    assert one.seconds == pytest.approx(0.1)


def test_several_files_of_a_session_are_counted(tmp_path):
    head = "epoch (ms),time (01:00),elapsed (s),x-axis ({})\n"
    for sensor, unit in (("Accelerometer", "g"), ("Gyroscope", "deg/s")):
        rows = "1600000000000,d,0,1\n1600000000040,d,0,1\n"
        (tmp_path / f"squat_{sensor}.csv").write_text(head.format(unit) + rows)
    told = run(*tmp_path.iterdir(), "--dry-run").output
    assert "squat / squat: 0.0 s, 2 samples (metamotion, 2 files)" in told
    assert "note: Where a sensor was worn is not told" in told


def test_no_target_is_one_sentence(squad):
    with pytest.raises(DataError, match="--to COHORT"):
        raise run(squad).exception
