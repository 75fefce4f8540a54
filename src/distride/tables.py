"""Nested TOML tables to frozen dataclasses, strictly."""

import dataclasses
import difflib
import json
import re
import tomllib
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from distride.errors import DistrideError, RecipeError
from distride.files import reason

Refuse = Callable[[str, str], DistrideError]
"""From the dotted name of what is wrong, and the sentence about it, to the error to raise."""

HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")
SETTING = re.compile(r"\s*([^=#\[]+?)\s*=")


def read_table(path: str | Path, what: str, kind: type[DistrideError]) -> dict[str, Any]:
    """The table of a TOML file.

    Args:
        path: Of the file.
        what: It is, as an error names it: "recipe".
        kind: Of the error.

    Raises:
        DistrideError: No such file, or not TOML.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise kind(f"The {what} '{path}' cannot be read: {reason(error)}.") from error


def refused_recipe(where: str, sentence: str) -> RecipeError:
    """How a recipe is refused; the sentence holds the name already."""
    return RecipeError(sentence)


def built(
    kind: Any, table: Mapping[str, Any], where: str = "", refuse: Refuse = refused_recipe
) -> Any:
    """A dataclass from a table; what it leaves out keeps its default.

    Args:
        kind: The dataclass.
        table: Of the file.
        where: The table's own name with a dot; empty for the whole file.
        refuse: Makes the error; a recipe's if not given.

    Raises:
        DistrideError: As `refuse` makes it: an unknown key, a value of another type, or a missing
            one that has no default.
    """
    kinds = typing.get_type_hints(kind)
    for key in table:
        if key not in kinds:
            near = difflib.get_close_matches(key, kinds, n=1)
            hint = f"did you mean '{where}{near[0]}'?" if near else f"known: {', '.join(kinds)}."
            raise refuse(where + key, f"There is an unknown key '{where}{key}': {hint}")
    for one in dataclasses.fields(kind):
        is_needed = one.default is one.default_factory is dataclasses.MISSING
        if is_needed and one.name not in table:
            raise refuse(where + one.name, f"There is no '{where}{one.name}': it must be given.")
    reading = _Reading(refuse)
    return kind(**{key: reading.value(kinds[key], table[key], where + key) for key in table})


def changed(value: Any) -> dict[str, Any]:
    """What of a dataclass differs from its defaults, as the table that `built` reads."""
    usual = type(value)()
    pairs = ((one.name, getattr(value, one.name)) for one in dataclasses.fields(value))
    return {
        name: changed(own) if dataclasses.is_dataclass(own) else own
        for name, own in pairs
        if own != getattr(usual, name)
    }


def toml_of(table: Mapping[str, Any]) -> str:
    r"""TOML of a table of texts, numbers, lists of them, and tables of these.

    >>> toml_of({"seed": 3, "student": {"size": "small"}})
    'seed = 3\n\n[student]\nsize = "small"\n'
    """
    plain = {name: value for name, value in table.items() if not isinstance(value, Mapping)}
    own = "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in plain.items()
    )
    rest = (f"[{name}]\n{toml_of(table[name])}" for name in table if name not in plain)
    return "\n".join(part for part in (own, *rest) if part)


def line_of(text: str, where: str) -> int:
    r"""The line of a TOML text, from 1, on which a key or its nearest table stands.

    >>> line_of("[rules.rest]\nabove = 1\n", "rules.rest.above")
    2
    >>> line_of("[rules.rest]\nabove = 1\n", "rules.rest.below")
    1
    """
    names = {"": 1}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        header, setting = HEADER.match(line), SETTING.match(line)
        if header:
            table = _plain(header[1])
            names.setdefault(table, number)
        elif setting:
            names.setdefault(f"{table}.{_plain(setting[1])}".lstrip("."), number)
    while where not in names:
        where = where.rpartition(".")[0]
    return names[where]


def _plain(name: str) -> str:
    """A dotted key without quotes and blanks."""
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


@dataclasses.dataclass(frozen=True)
class _Reading:
    refuse: Refuse

    def value(self, kind: Any, value: Any, where: str) -> Any:
        """A value as its field wants it."""
        if dataclasses.is_dataclass(kind):
            if not isinstance(value, Mapping):
                raise self._of_another_type(where, value, f"a table, [{where}]")
            return built(kind, value, f"{where}.", self.refuse)
        origin = typing.get_origin(kind)
        if origin is Literal:
            return self._one_of(typing.get_args(kind), value, where)
        if origin in (tuple, frozenset):
            if not isinstance(value, list | tuple):
                raise self._of_another_type(where, value, "a list")
            return origin(self.value(typing.get_args(kind)[0], item, where) for item in value)
        if origin in (types.UnionType, typing.Union):  # an optional field; TOML has no null
            (known,) = (one for one in typing.get_args(kind) if one is not types.NoneType)
            return self.value(known, value, where)
        return self._scalar(kind, value, where)

    def _one_of(self, allowed: tuple[Any, ...], value: Any, where: str) -> Any:
        if value not in allowed:
            names = ", ".join(map(str, allowed))
            raise self.refuse(where, f"'{where}' is {value!r}: allowed are {names}.")
        return value

    def _scalar(self, kind: type, value: Any, where: str) -> Any:
        accepted: types.UnionType | type = int | float if kind is float else kind
        if (isinstance(value, bool) and kind is not bool) or not isinstance(value, accepted):
            raise self._of_another_type(where, value, f"of type {kind.__name__}")
        return kind(value)

    def _of_another_type(self, where: str, value: Any, needed: str) -> DistrideError:
        return self.refuse(where, f"'{where}' is {value!r}: it must be {needed}.")
