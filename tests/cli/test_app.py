"""Whatever goes wrong with what was given: one sentence on the error stream, and exit code 2."""

import errno
import os
import resource
import subprocess
import sys

import pytest
import typer

from distride.cli.app import VERBS, main

QUICK_S = 3.0  # of one core
HELP = """
import sys
from distride.cli import main
for arguments in [[], *([verb] for verb in sys.argv[1].split())]:
    sys.argv = ["distride", *arguments, "--help"]
    try:
        main()
    except SystemExit as end:
        assert end.code == 0, arguments
heavy = {"torch", "onnx", "onnxruntime", "sklearn", "aeon", "duckdb", "matplotlib", "numpy"}
print("heavy:", sorted(heavy & set(sys.modules)))
"""


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["distride", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code, *capsys.readouterr()


@pytest.fixture
def given(tmp_path, tiny):
    """What a line below may name."""
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "a.csv").write_text("t,wrist_acc_x\n0,1\n1,1\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.toml").write_text("seed = ")
    return {"nowhere": tmp_path / "nowhere", "here": tmp_path, "bundle": tiny.path}


LINES = [
    "demo --athletes 4 --out {here}/file",
    "import {nowhere}.fit --to {here}/c",
    "import {here}/a.csv",
    "audit {nowhere}",
    "audit {here}/empty",
    "train {nowhere}",
    "train {here}/empty --out {here}/run",
    "train {nowhere} --recipe {nowhere}.toml",
    "train {nowhere} --recipe {here}/broken.toml",
    "transfer {nowhere} {nowhere}",
    "transfer {here}/empty {nowhere}",
    "base {nowhere} --out {here}/base",
    "evaluate {nowhere} {nowhere}",
    "evaluate {bundle} {nowhere}",
    "evaluate {here}/file {nowhere}",
    "report {nowhere}.json",
    "report {here}/file",
    "bundle show {nowhere}",
    "bundle show {here}/empty",
    "bundle verify {here}/file",
    "bundle pte {nowhere}",
    "stream {nowhere} {nowhere}.csv",
    "stream {bundle} {nowhere}.csv",
    "stream {bundle} {here}/file",
    "stream {bundle} {here}/a.csv --head {nowhere}",
    "session show {nowhere}.jsonl --athlete anna",
    "session keep {here}/file --athlete anna --history {here}/sessions",
    "session export {here} {here}/a.fit --athlete anna",
    "rules check {nowhere}.toml",
    "finetune {nowhere} {here}/empty a",
    "finetune {nowhere} {nowhere} a",
    "fleet personalize {bundle} {nowhere} --out {here}/fleet",
    "personalize {nowhere} {here}/a.csv --out {here}/h",
    "personalize {bundle} {nowhere}.parquet --out {here}/h",
    "personalize {bundle} {here}/a.csv --out {here}/h",
    "personalize {bundle} {here}/a.csv",
    "serve --data {here}/a.csv --port 0",
    "athlete next {nowhere}",
    "athlete next {bundle} --among flying",
    "athlete list {nowhere}",
    "athlete list {here} anna",
    "athlete rollback {nowhere} anna",
    "athlete forget {nowhere} anna",
]


@pytest.mark.parametrize("line", LINES)
def test_what_is_not_there_ends_with_one_sentence(line, given, monkeypatch, capsys):
    code, out, err = run(monkeypatch, capsys, *line.format(**given).split())
    assert code == 2, err
    assert out == ""
    told = err.strip()
    assert told.startswith("distride: ")
    assert told.endswith((".", ")", "'")), told
    assert "\n" not in told
    assert "Traceback" not in told


def test_every_verb_is_tried():
    assert {line.split()[0] for line in LINES} | {"bench"} == set(VERBS)


def test_a_broken_cohort_stops_no_bench_but_ends_it_with_code_1(given, monkeypatch, capsys):
    line = ["bench", given["nowhere"], f"other={given['here']}/empty", "--out", given["here"]]
    code, out, err = run(monkeypatch, capsys, *line)
    assert code == 1
    assert out == ""
    assert [told.split(":")[0] for told in err.split("\n") if told] == ["nowhere", "other"]


def told_of(monkeypatch, capsys, *line):
    """The last sentence on the error stream; a bar of progress may stand before it."""
    code, _, err = run(monkeypatch, capsys, *line)
    assert code == 2
    assert "Traceback" not in err
    return err[err.index("distride: ") :].strip()


def test_a_run_needs_a_folder_of_its_own(simulated, given, quick_recipe, monkeypatch, capsys):
    line = ["train", simulated.path, "--recipe", quick_recipe, "--out", given["here"] / "file"]
    told = told_of(monkeypatch, capsys, *line)
    assert "File exists" in told
    assert "choose another folder" in told


def test_what_the_system_refuses_is_one_sentence(monkeypatch, capsys):
    def full(self):
        raise OSError(errno.ENOSPC, "No space left on device", "results.json")

    monkeypatch.setattr(typer.Typer, "__call__", full)
    told = told_of(monkeypatch, capsys, "audit", "anything")
    assert told == "distride: [Errno 28] No space left on device: 'results.json'"


@pytest.mark.parametrize("line", [["train"], ["nonsense"], ["train", "x", "--folds", "many"]])
def test_a_line_that_cannot_be_understood_ends_with_code_2(line, monkeypatch, capsys):
    code, out, err = run(monkeypatch, capsys, *line)
    assert code == 2
    assert out == ""
    assert "Usage: distride" in err


def cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_is_quick_and_loads_nothing_heavy():
    before = cpu_s()
    done = subprocess.run(
        [sys.executable, "-c", HELP, " ".join(VERBS)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "100"},
    )
    assert done.returncode == 0, done.stderr
    assert "heavy: []" in done.stdout
    for verb in VERBS:
        assert f"Usage: distride {verb}" in done.stdout
    assert cpu_s() - before < QUICK_S
