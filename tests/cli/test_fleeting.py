import json
import shutil

import pytest
from typer.testing import CliRunner

from distride.cli import fleeting
from distride.data import Cohort
from distride.runtime import read_recordings


def run(*arguments):
    return CliRunner().invoke(fleeting.command, ["personalize", *map(str, arguments)])


@pytest.fixture
def squad(tmp_path, swings):
    """Anna and Ben, and a file of Eve's that is none."""
    recordings = [
        recording
        for name in ("anna", "ben")
        for recording in read_recordings(
            swings(tmp_path / f"{name}.csv", ["still", "slow", "fast"])
        )
    ]
    meta = {"name": "squad", "sampling_hz": 20}
    cohort = Cohort.write(tmp_path / "squad", meta, recordings)
    (cohort.path / "eve.parquet").write_text("no Parquet")
    return cohort


def test_heads_appear_and_failures_are_told_at_the_end(tiny, squad, tmp_path):
    out = tmp_path / "heads"
    done = run(tiny.path, squad.path, "--out", out)
    assert done.exit_code == 1
    assert done.stdout.startswith("2 of 3 athletes have a head's file, 2 new, 0 kept; in ")
    assert done.stderr.splitlines()[-1].startswith("eve: '")
    assert sorted(file.name for file in out.glob("*.safetensors")) == [
        "anna.head.safetensors",
        "ben.head.safetensors",
    ]
    shutil.copy(squad.path / "anna.parquet", squad.path / "eve.parquet")
    again = run(tiny.path, squad.path, "--out", out, "--json")
    assert again.exit_code == 0
    found = json.loads(again.stdout)
    assert (found["athletes"], found["heads"], found["kept"], found["failed"]) == (3, 3, 2, {})
