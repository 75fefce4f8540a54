import json
from dataclasses import replace

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from distride.cli.auditing import command
from distride.data import Cohort, Recording
from distride.errors import DataError

META = {"name": "tiny", "sampling_hz": 50.0}


def run(*arguments, columns=300):
    app = typer.Typer()
    app.command()(command)
    runner = CliRunner(env={"COLUMNS": str(columns)})
    return runner.invoke(app, [str(argument) for argument in arguments])


def swing(athlete, names=("slow", "fast"), seed=0, start_s=0.0):
    """Three seconds of each movement in turn, four times, in an order of their own."""
    rng = np.random.default_rng((seed, *athlete.encode()))
    order = rng.permutation(np.repeat(names, 4)).astype(object)
    label = np.repeat(order, 150)
    t = np.arange(len(label)) / 50
    speed = np.where(label == "fast", 9.0, 3.0)
    acc = np.stack([np.sin(speed * t), np.cos(speed * t), np.full(len(t), 9.81)], axis=1)
    acc += rng.normal(0, 0.2, acc.shape)
    channels = {f"wrist_acc_{axis}": acc[:, n].astype(np.float32) for n, axis in enumerate("xyz")}
    return Recording(athlete, f"r{seed}", t + start_s, channels, {"label": label})


@pytest.fixture
def write(tmp_path):
    return lambda *recordings: Cohort.write(tmp_path / "c", META, recordings).path


def test_a_sound_cohort_ends_with_a_kind_word(write):
    told = run(write(*(swing(name) for name in "abcd")))
    assert told.exit_code == 0
    assert told.output.strip().endswith("nothing was found that speaks against it.")


def test_warnings_alone_do_not_fail(write):
    slow = swing("e")
    told = run(write(*(swing(name) for name in "abcd"), replace(slow, t=slow.t * 2)))
    assert told.exit_code == 0
    assert "e: 'r0' runs at 25 Hz" in told.output
    assert "Recordings differ in rate, from 25 to 50 Hz" in told.output
    assert "Warnings to tell with every result: 2." in told.output


def test_a_note_is_told_with_what_to_do(write):
    told = run(write(*(swing(name, start_s=9.0 * (name == "a")) for name in "abcd")))
    assert told.exit_code == 0
    assert "Notes" in told.output
    assert "a: the clock of 'r0' starts at 9.0 s, not at 0." in told.output
    assert "→ Let each recording start at 0." in told.output


def test_what_many_athletes_have_is_told_once(write):
    told = run(write(*(swing(name, ("slow", "slow")) for name in "abcde"), swing("f"), swing("g")))
    assert told.exit_code == 0
    assert told.output.count("one-class") == 1
    assert "In 5 of 7 athletes (a, b, c, d and 1 more): a: has 'slow' only" in told.output


def test_unlike_findings_of_one_check_stand_apart(tmp_path):
    shared = [swing("anna"), replace(swing("anna"), name="again")]
    others = [replace(swing("anna"), athlete=name) for name in ("bo", "cy")]
    cohort = Cohort.write(tmp_path / "c", META, [*shared, *others, swing("di"), swing("eva")])
    told = run(cohort.path)
    assert told.exit_code == 1
    assert "anna: two recordings hold the same signal" in told.output
    for pair in ("anna, bo", "anna, cy", "bo, cy"):
        assert f"{pair}: hold the same signal" in told.output
    assert "Find out whose it is and remove it from the other" in told.output


def test_findings_that_are_joined_are_counted(tmp_path):
    copies = [replace(swing("anna"), athlete=name) for name in ("anna", "bo", "cy", "di")]
    told = run(Cohort.write(tmp_path / "c", META, [*copies, swing("eva"), swing("finn")]).path)
    assert told.output.count("shared-recording") == 1
    assert "In 4 of 6 athletes (anna, bo, cy, di): anna, bo: hold the same signal" in told.output
    assert "The first of 6 findings; --json tells all." in told.output


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_chinese_names_lose_no_letter_of_a_line(tmp_path, columns):
    name = "安娜穆勒的训练记录" * 5
    shared = [swing("Anna Müller"), replace(swing("Anna Müller"), name=name)]
    cohort = Cohort.write(tmp_path / "c", META, [*shared, *(swing(name) for name in "bcde")])
    told = run(cohort.path, columns=columns).output
    assert "…" not in told
    assert name in "".join(line.strip() for line in told.splitlines())


def test_a_program_reads_every_finding(write):
    told = run(
        write(*(swing(name, ("slow", "slow")) for name in "abcde"), swing("f"), swing("g")),
        "--json",
    )
    assert told.exit_code == 0
    found = json.loads(told.output)
    assert (found["cohort"], found["athletes"], found["valid"]) == ("tiny", 7, True)
    assert [one["check"] for one in found["findings"]] == ["one-class"] * 5
    first = found["findings"][0]
    assert first["where"]["athletes"] == ["a"]
    assert set(first) == {"check", "severity", "seen", "todo", "where", "sure", "basis"}


def test_no_cohort_is_one_sentence(tmp_path):
    with pytest.raises(DataError, match="No cohort at"):
        raise run(tmp_path / "absent").exception
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="is empty"):
        raise run(tmp_path / "empty").exception
