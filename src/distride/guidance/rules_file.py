"""The file of a coach's rules: strict TOML, every fault with its line."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from distride.errors import GuidanceError
from distride.files import reason
from distride.guidance.rule import Rule, Words
from distride.guidance.rules import RULES, ModelVoice, NextSession, Rules, TechniqueTask
from distride.tables import built, line_of

AGREED = "athlete_agreed_to_more"
AT_LINE = re.compile(r"line (\d+)")
PARTS = {"model": ModelVoice, "technique": TechniqueTask, "next_session": NextSession}
WORDS = {"en": "Ease off", "zh": "放慢"}  # right ones, beside which another key is tried

Make = Callable[[Mapping[str, Any]], object]
"""Makes what a table describes, or raises its first fault."""


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
        raise GuidanceError(f"The rules '{path}' cannot be read: {reason(error)}.") from error


def _read(text: str, name: str) -> Rules:
    rules, faults = _parsed(text)
    if faults:
        raise GuidanceError(f"{name}, line {faults[0].line}: {faults[0].sentence}")
    return rules


def _parsed(text: str) -> tuple[Rules, list[Fault]]:
    """The rules, or each fault."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = AT_LINE.search(str(error))
        last = len(text.splitlines())
        return Rules(), [Fault(int(found[1]) if found else last, f"It is no TOML: {error}")]
    rules = table.pop(RULES, {})
    agreed = table.get(AGREED, False) is not False  # what is no boolean is a fault of its own
    faults = [*_faults_of_parts(table, agreed), *_faults_of_rules(rules, agreed)]
    if faults:
        told = [Fault(line_of(text, one.where), str(one)) for one in faults]
        return Rules(), sorted(told, key=lambda fault: fault.line)
    whole = built(Rules, table, refuse=_refused)
    return replace(whole, rules={name: built(Rule, one) for name, one in rules.items()}), []


def _faults_of_parts(table: Mapping[str, Any], agreed: bool) -> Iterator[GuidanceError]:
    """Of all but the rules."""
    tables = {key: one for key, one in table.items() if key in PARTS and isinstance(one, Mapping)}
    others = {key: one for key, one in table.items() if key not in tables}
    yield from _faults(Rules, lambda own: built(Rules, own, refuse=_refused), others, {})
    for key, values in tables.items():
        yield from _faults(PARTS[key], _part_under(key, agreed), values, {})


def _faults_of_rules(table: Any, agreed: bool) -> Iterator[GuidanceError]:
    if not isinstance(table, Mapping):
        yield _refused(RULES, f"'{RULES}' is {table!r}: it must hold tables.")
        return
    for name, values in table.items():
        where = f"{RULES}.{name}"
        if isinstance(values, Mapping):
            yield from _faults_of_rule(values, _rule_under(name, agreed))
        else:
            yield _refused(where, f"'{where}' is {values!r}: it must be a table, [{where}].")


def _faults_of_rule(values: Mapping[str, Any], make: Make) -> Iterator[GuidanceError]:
    threshold = "below" if "below" in values and "above" not in values else "above"
    right = {"measure": "heart_share", threshold: 80.0, "words": WORDS}
    words = values.get("words")
    if isinstance(words, Mapping):
        yield from _faults(Words, lambda own: make({**right, "words": own}), words, WORDS)
        values = {**values, "words": WORDS}
    yield from _faults(Rule, make, values, right)


def _part_under(key: str, agreed: bool) -> Make:
    """Makes rules that hold this part alone."""
    return lambda own: built(Rules, {AGREED: agreed, key: own}, refuse=_refused)


def _rule_under(name: str, agreed: bool) -> Make:
    """Makes rules that hold a rule of this name alone."""
    where = f"{RULES}.{name}"

    def make(values: Mapping[str, Any]) -> Rules:
        try:
            rule = built(Rule, values, f"{where}.", _refused)
            return Rules({name: rule}, athlete_agreed_to_more=agreed)
        except GuidanceError as error:
            if error.where.startswith(where):
                raise
            raise _inside(where, error) from error

    return make


def _faults(
    kind: Any, make: Make, table: Mapping[str, Any], right: Mapping[str, Any]
) -> Iterator[GuidanceError]:
    """Of each key alone, of each that is absent, and of all together: no fault hides another.

    Args:
        kind: The dataclass that the table becomes a part of.
        make: Makes it.
        table: Of the file.
        right: A right value of each key that must be there; it stands for a faulty one.
    """
    together = dict(right)
    for key, value in table.items():
        faults = [*_tried(make, {**right, key: value})]
        yield from faults
        if not faults:
            together[key] = value
    names = [one.name for one in fields(kind)]
    meant = {name for key in table for name in difflib.get_close_matches(key, names, n=1)}
    for absent in right:
        if absent not in meant:
            yield from _tried(make, {key: one for key, one in right.items() if key != absent})
    yield from _tried(make, together)


def _tried(make: Make, table: Mapping[str, Any]) -> Iterator[GuidanceError]:
    try:
        make(table)
    except GuidanceError as error:
        yield error


def _inside(where: str, error: GuidanceError) -> GuidanceError:
    return GuidanceError(f"In '{where}': {error}", f"{where}.{error.where}".rstrip("."))


def _refused(where: str, sentence: str) -> GuidanceError:
    return GuidanceError(sentence, where)
