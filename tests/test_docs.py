import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from distride.cli.app import VERBS
from distride.config import Recipe, recipe_from
from distride.version import __version__

ROOT = Path(__file__).parents[1]


def text_of(*names):
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def test_the_documented_recipe_is_the_default_one():
    block = text_of("docs/recipe.md").split("```toml\n")[1].split("```")[0]
    assert recipe_from(tomllib.loads(block)) == Recipe()


def test_every_verb_is_in_the_documentation():
    pages = [f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md")]
    text = text_of("README.md", *pages)
    assert [verb for verb in VERBS if f"distride {verb}" not in text] == []


def test_the_tests_that_show_the_streams_rules_are_there():
    named = re.findall(r"`(\S+\.py)::(test_\w+)`", text_of("docs/stream.md"))
    assert len(named) > 10
    for file, test in named:
        assert f"def {test}(" in text_of(f"tests/{file}")


def test_the_tests_that_hold_against_attacks_are_there():
    named = re.findall(r"`(\S+\.py)::(test_\w+)`", text_of("docs/security.md"))
    assert len(named) > 30
    for file, test in named:
        assert f"def {test}(" in text_of(f"tests/serve/{file}")


def test_both_readmes_say_the_same_commands():
    def commands(text):
        blocks = text.split("```")[1::2]
        return [line.split("#")[0].rstrip() for block in blocks for line in block.splitlines()]

    assert commands(text_of("README.md")) == commands(text_of("README.zh-CN.md"))


def test_the_browsers_package_has_the_same_version():
    package = json.loads(text_of("web/package.json"))
    assert package["version"] == __version__


@pytest.mark.parametrize(
    "script", sorted(file.name for file in (ROOT / "benchmarks").glob("*tables.py"))
)
def test_the_tables_of_results_are_those_of_the_committed_files(script):
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / script, "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
