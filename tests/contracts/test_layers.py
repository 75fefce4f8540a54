"""Each import contract is proven once by breaking it: a rule that cannot fail protects nothing."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {one["id"]: one["name"] for one in PROJECT["tool"]["importlinter"]["contracts"]}
BREAKS = {
    "layers": ("signals/scale.py", "import distride.data.recording"),
    "device": ("runtime/smoothing.py", "import torch"),
    "ray": ("fleet/ledger.py", "import ray"),
    "formats": ("data/formats/gpx.py", "import distride.data.formats.tcx"),
    "sets": ("data/sets/dsads.py", "import distride.data.sets.mhealth"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The package and its contracts, free to be spoilt."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def checked(folder):
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    environment = os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    verdicts = {
        name: word
        for line in done.stdout.splitlines()
        for name in CONTRACTS.values()
        for word in ("KEPT", "BROKEN")
        if line.startswith(f"{name} {word}")
    }
    return done, verdicts


def test_all_contracts_are_kept(copy):
    done, verdicts = checked(copy)
    assert done.returncode == 0, done.stdout
    assert verdicts == dict.fromkeys(CONTRACTS.values(), "KEPT")


def test_every_contract_is_broken_below():
    assert set(BREAKS) == set(CONTRACTS)


@pytest.mark.parametrize("contract", BREAKS)
def test_one_forbidden_import_breaks_its_contract_and_no_other(copy, contract):
    place, forbidden = BREAKS[contract]
    file = copy / "src" / "distride" / place
    whole = file.read_text(encoding="utf-8")
    file.write_text(f"{whole}\n{forbidden}\n", encoding="utf-8")
    try:
        done, verdicts = checked(copy)
    finally:
        file.write_text(whole, encoding="utf-8")
    assert done.returncode != 0
    broken = [name for name, word in verdicts.items() if word == "BROKEN"]
    assert broken == [CONTRACTS[contract]]
    assert forbidden.removeprefix("import ") in done.stdout
