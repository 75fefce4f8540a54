"""House rules that no linter of ours knows."""

import ast
import importlib
import re
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from distride.cli.app import VERBS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "distride"
FILES = sorted(PACKAGE.rglob("*.py"))
STAGES = [file for file in FILES if file.name == "__init__.py" and "__all__" in file.read_text()]
LONGEST_FILE, LONGEST_FUNCTION = 250, 30
ONE_TABLE = {"report/context.py context", "runs/bundling.py _manifest"}  # parts would hide it
DOCUMENTS = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]


def name_of(file):
    return str(file.relative_to(PACKAGE))


def tree_of(file):
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_file_is_short_and_leaves_nothing_to_do(file):
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    assert not re.search(r"#.*\b(TODO|FIXME|XXX)\b", text)
    assert file.name not in ("utils.py", "helpers.py", "common.py", "misc.py")


def length(function):
    """Lines of its body, without its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.end_lineno - (first.end_lineno if documented else first.lineno - 1)


def test_a_function_is_short():
    long = {
        f"{name_of(file)} {node.name}"
        for file in FILES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.FunctionDef) and length(node) > LONGEST_FUNCTION
    }
    assert long <= ONE_TABLE


def test_nothing_is_printed():
    printing = [
        f"{name_of(file)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert printing == []


def exported(tree):
    """Public names that an `__init__` gives on, if it does nothing else."""
    names = set()
    for node in tree.body[1:]:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif not isinstance(node, ast.Assign) or node.targets[0].id != "__all__":
            return None
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("file", STAGES, ids=name_of)
def test_a_stage_exports_what_it_says_and_says_it_in_order(file):
    parts = file.relative_to(PACKAGE).parent.parts
    module = importlib.import_module(".".join(["distride", *parts]))
    assert sorted(module.__all__, key=in_order) == module.__all__
    assert all(hasattr(module, name) for name in module.__all__)
    assert exported(tree_of(file)) in (None, set(module.__all__))


def in_order(name):
    """Constants, then classes, then functions, as ruff sorts them."""
    return (not name.isupper(), not name[0].isupper(), name)


def commands():
    for verb, module in VERBS.items():
        command = importlib.import_module(module).command
        app = command if isinstance(command, typer.Typer) else typer.Typer()
        if app is not command:
            app.command(verb)(command)
        yield verb, typer.main.get_command(app)


def parts_of(command):
    return command.commands.values() if isinstance(command, TyperGroup) else [command]


@pytest.mark.parametrize(("verb", "command"), list(commands()), ids=list(VERBS))
def test_every_verb_and_option_explains_itself(verb, command):
    for part in parts_of(command):
        assert part.help
        unexplained = [
            one.name
            for one in part.params
            if not getattr(one, "help", None) and one.name not in ("help", "version")
        ]
        assert unexplained == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_documents(verb):
    text = "\n".join(file.read_text(encoding="utf-8") for file in DOCUMENTS)
    assert f"distride {verb}" in text
