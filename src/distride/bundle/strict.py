"""JSON to frozen dataclasses and back, without tolerance: every key, the right type, finite.

Leniency in a reader becomes part of a format; there is none here, so that what one device accepts
every device accepts.
"""

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from distride.errors import BundleError

LARGEST_WHOLE = 2**53 - 1  # beyond it not every reader of JSON tells neighbours apart (RFC 8259)


def parse(text: bytes | str, what: str, mend: str = "write it anew") -> Any:
    """JSON as Python values; refuses what other readers would read otherwise.

    That is: not UTF-8, half a character, a key twice, a number that is not finite or too large.

    Args:
        text: JSON.
        what: Its name, for the message.
        mend: What to do where it is damaged, for the message.

    Raises:
        BundleError: It is refused.
    """
    try:
        value = json.loads(
            text if isinstance(text, str) else text.decode("utf-8"),
            parse_float=_finite,
            parse_int=_whole,
            parse_constant=_finite,
            object_pairs_hook=_unique,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # raises on half a character
        return value
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{what} is not usable JSON ({error}): {mend}.") from error


def dump(value: Any) -> bytes:
    """A dataclass as indented UTF-8 JSON, keys in the order of its fields."""
    try:
        text = json.dumps(dataclasses.asdict(value), indent=1, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BundleError(f"A manifest holds what JSON cannot say: {error}.") from error
    return f"{text}\n".encode()


def build(kind: Any, value: Any, where: str) -> Any:
    """A value of an annotated type from parsed JSON.

    Args:
        kind: A dataclass, ``tuple[X, ...]``, ``Mapping[str, X]``, ``dict[str, X]``, a ``Literal``,
            an optional of these, a union of dataclasses, a scalar type or ``Any``.
        value: What was parsed.
        where: Its place, for the message.

    Raises:
        BundleError: A key is unknown or missing, or a type is wrong.
    """
    if kind is Any:
        return value
    if dataclasses.is_dataclass(kind):
        return _object(kind, value, where)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _of_union(arguments, value, where)
    if origin is Literal:
        return _literal(arguments, value, where)
    if origin is tuple:
        items = _typed(list, value, where)
        return tuple(build(arguments[0], item, f"{where}[{n}]") for n, item in enumerate(items))
    if origin in (Mapping, dict):
        pairs = _typed(dict, value, where).items()
        return {key: build(arguments[1], item, f"{where}.{key}") for key, item in pairs}
    return float(_typed(int | float, value, where)) if kind is float else _typed(kind, value, where)


def _object(kind: Any, value: Any, where: str) -> Any:
    table, hints = _typed(dict, value, where), _hints(kind)
    if table.keys() != hints.keys():
        unknown, missing = sorted(table.keys() - hints.keys()), sorted(hints.keys() - table.keys())
        raise BundleError(
            f"'{where}' has unknown keys {unknown} and lacks {missing}: exactly {list(hints)} "
            "are allowed; was it written by another version?"
        )
    return kind(**{key: build(hints[key], item, f"{where}.{key}") for key, item in table.items()})


def _of_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    """None where that is allowed, else the kind whose keys these are; the first where none is."""
    if value is None and types.NoneType in kinds:
        return None
    known = [kind for kind in kinds if kind is not types.NoneType]
    given = value.keys() if isinstance(value, dict) else set()
    objects: list[Any] = [one for one in known if dataclasses.is_dataclass(one)]
    fitting = [one for one in objects if given == _hints(one).keys()]
    return build((fitting or known)[0], value, where)


def _literal(allowed: tuple[Any, ...], value: Any, where: str) -> Any:
    if value not in allowed:
        raise BundleError(f"'{where}' is {value!r:.80}: allowed are {list(allowed)}.")
    return value


@cache  # a server reads events all the time
def _hints(kind: Any) -> Mapping[str, Any]:
    """The types of a dataclass's fields, in their order."""
    hints = typing.get_type_hints(kind)
    return {one.name: hints[one.name] for one in dataclasses.fields(kind)}


def _typed(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        name = getattr(kind, "__name__", "number")
        raise BundleError(f"'{where}' is {value!r:.80}: it must be of type {name}.")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text} is not finite")
    return number


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST_WHOLE:
        raise ValueError(f"the number {text[:40]} is larger than {LARGEST_WHOLE}")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError(f"a key is there twice among {[key for key, _ in pairs]}")
    return table
