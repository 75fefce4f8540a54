"""Nested tables of a recipe to frozen dataclasses, strictly."""

import dataclasses
import difflib
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from distride.errors import RecipeError


def built(kind: Any, table: Mapping[str, Any], where: str = "") -> Any:
    """A dataclass from a table; what it leaves out keeps its default.

    Args:
        kind: The dataclass.
        table: Of the file.
        where: The table's own name with a dot; empty for the whole recipe.

    Raises:
        RecipeError: An unknown key, or a value of another type.
    """
    kinds = typing.get_type_hints(kind)
    for key in table:
        if key not in kinds:
            near = difflib.get_close_matches(key, kinds, n=1)
            hint = f"did you mean '{where}{near[0]}'?" if near else f"known: {', '.join(kinds)}."
            raise RecipeError(f"The recipe has an unknown key '{where}{key}': {hint}")
    values = {key: _value(kinds[key], value, where + key) for key, value in table.items()}
    return kind(**values)


def _value(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, Mapping):
            raise RecipeError(f"'{where}' is {value!r}: it must be a table, [{where}].")
        return built(kind, value, f"{where}.")
    origin = typing.get_origin(kind)
    if origin is Literal:
        allowed = typing.get_args(kind)
        if value not in allowed:
            raise RecipeError(f"'{where}' is {value!r}: allowed are {', '.join(allowed)}.")
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise RecipeError(f"'{where}' is {value!r}: it must be a list.")
        return tuple(_value(typing.get_args(kind)[0], item, where) for item in value)
    return _scalar(kind, value, where)


def _scalar(kind: type, value: Any, where: str) -> Any:
    accepted: types.UnionType | type = int | float if kind is float else kind
    if (isinstance(value, bool) and kind is not bool) or not isinstance(value, accepted):
        raise RecipeError(f"'{where}' is {value!r}: it must be of type {kind.__name__}.")
    return kind(value)
