"""The file of a coach's rules: strict TOML, every fault with its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from distride.errors import GuidanceError
from distride.guidance.rule import Rule
from distride.guidance.rules import RULES, Rules, check_rule
from distride.tables import built, line_of

AGREED = "athlete_agreed_to_more"
AT_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file of rules.

    Attributes:
        line: From 1.
        sentence: What is wrong there.
    """

    line: int
    sentence: str


def default_text() -> str:
    """The file of rules that holds where a coach gives none."""
    return files("distride.guidance").joinpath("rules.toml").read_text(encoding="utf-8")


def default_rules() -> Rules:
    """The rules that hold where a coach gives none."""
    return _read(default_text(), "rules.toml")


def read_rules(path: str | Path) -> Rules:
    """A coach's file of rules; what stands in it replaces all of the defaults.

    Raises:
        GuidanceError: No such file, or its first fault, with the line.
    """
    return _read(_text(path), str(path))


def check_rules(path: str | Path) -> list[Fault]:
    """Every fault of a file, in the order of lines; empty where it is right.

    Raises:
        GuidanceError: No such file.
    """
    return _parsed(_text(path))[1]


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise GuidanceError(f"The rules '{path}' cannot be read: {error}") from error


def _read(text: str, name: str) -> Rules:
    rules, faults = _parsed(text)
    if faults:
        raise GuidanceError(f"{name}, line {faults[0].line}: {faults[0].sentence}")
    return rules


def _parsed(text: str) -> tuple[Rules, list[Fault]]:
    """The rules as far as they can be read, and each fault."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = AT_LINE.search(str(error))
        last = len(text.splitlines())
        return Rules(), [Fault(int(found[1]) if found else last, f"It is no TOML: {error}")]
    faults: list[GuidanceError] = []
    rules = _each_rule(table.pop(RULES, {}), faults)
    faults += [*_faults_of_parts(table)]
    whole = Rules()
    try:
        if not faults:
            whole = replace(built(Rules, table, refuse=_refused), rules=rules)
    except GuidanceError as error:
        faults.append(error)
    told = [Fault(line_of(text, one.where), str(one)) for one in faults]
    return whole, sorted(told, key=lambda fault: fault.line)


def _each_rule(table: Any, faults: list[GuidanceError]) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    if not isinstance(table, Mapping):
        faults.append(GuidanceError(f"'{RULES}' is {table!r}: it must hold tables.", RULES))
        return rules
    for name, values in table.items():
        where = f"{RULES}.{name}"
        try:
            if not isinstance(values, Mapping):
                raise _refused(where, f"'{where}' is {values!r}: it must be a table, [{where}].")
            rule = built(Rule, values, f"{where}.", _refused)
            check_rule(name, rule)
            rules[name] = rule
        except GuidanceError as error:
            inside = error.where.startswith(where)
            faults.append(error if inside else _inside(where, error))
    return rules


def _faults_of_parts(table: Mapping[str, Any]) -> Iterator[GuidanceError]:
    """Of each key alone, so that one fault hides no other."""
    for key, value in table.items():
        try:
            built(Rules, {AGREED: True, key: value}, refuse=_refused)
        except GuidanceError as error:
            yield error


def _inside(where: str, error: GuidanceError) -> GuidanceError:
    return GuidanceError(f"In '{where}': {error}", f"{where}.{error.where}".rstrip("."))


def _refused(where: str, sentence: str) -> GuidanceError:
    return GuidanceError(sentence, where)
