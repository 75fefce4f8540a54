import json
from importlib.util import find_spec

import pytest
from typer.testing import CliRunner

from distride.cli.bundling import command
from distride.errors import BundleError


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_show_prints_the_card_or_the_manifest(tiny):
    card = run("show", tiny.path)
    assert card.exit_code == 0
    assert card.output.startswith("# tiny")
    manifest = json.loads(run("show", tiny.path, "--json").output)
    assert manifest["format"] == 1
    assert manifest["tasks"][0]["labels"] == ["still", "slow", "fast"]


def test_verify_says_whole_or_what_is_wrong(tiny, tmp_path):
    assert "whole" in run("verify", tiny.path).output
    damaged = tmp_path / "damaged.distride"
    damaged.write_bytes(tiny.path.read_bytes()[:-1])
    with pytest.raises(BundleError, match="damaged"):
        raise run("verify", damaged).exception


def test_c_writes_a_header_and_says_what_it_costs(trained, tmp_path):
    header = tmp_path / "student.h"
    assert "kB of working memory (RAM)" in run("c", trained.bundle, "--out", header).output
    assert "#define DISTRIDE_SAMPLES" in header.read_text()


@pytest.mark.skipif(find_spec("executorch") is None, reason="there is no ExecuTorch")
def test_pte_writes_a_program_and_says_how_large_it_is(trained, tmp_path):
    program = tmp_path / "student.pte"
    assert f"{program}: " in run("pte", trained.bundle, "--out", program).output
    assert len(program.read_bytes()) > 10_000
