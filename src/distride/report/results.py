"""Reading results in which anything may be null: what is missing is None, never an exception."""

import math
from collections.abc import Mapping
from typing import Any


def dig(tree: Any, *path: str | int) -> Any:
    """The value at a path of keys and positions, or None where the path breaks off.

    >>> dig({"models": {"student": None}}, "models", "student", "macro_f1") is None
    True
    """
    for key in path:
        if isinstance(key, str):
            tree = tree.get(key) if isinstance(tree, Mapping) else None
        else:
            tree = tree[key] if isinstance(tree, list) and key < len(tree) else None
    return tree


def number(tree: Any, *path: str | int) -> float | None:
    """The finite number at a path, else None.

    >>> number({"ece": 0.04}, "ece"), number({"ece": float("nan")}, "ece")
    (0.04, None)
    """
    value = dig(tree, *path)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def text(tree: Any, *path: str | int) -> str:
    """The text at a path, else an empty one; a plain number becomes its text."""
    value = dig(tree, *path)
    return "" if value is None or isinstance(value, list | Mapping) else str(value)


def items(tree: Any, *path: str | int) -> list[Any]:
    """The list at a path, else an empty one."""
    value = dig(tree, *path)
    return list(value) if isinstance(value, list | tuple) else []


def mapping(tree: Any, *path: str | int) -> dict[str, Any]:
    """The object at a path, else an empty one."""
    value = dig(tree, *path)
    return dict(value) if isinstance(value, Mapping) else {}


def texts(tree: Any, *path: str | int) -> tuple[str, ...]:
    """The list of texts at a path, without its nulls."""
    return tuple(str(value) for value in items(tree, *path) if value is not None)


def numbers(tree: Any, *path: str | int) -> dict[str, float]:
    """The object of numbers at a path, without its nulls."""
    found = {str(key): number(value) for key, value in mapping(tree, *path).items()}
    return {key: value for key, value in found.items() if value is not None}


def interval(tree: Any, *path: str | int) -> tuple[float, float] | None:
    """The pair of ends at a path, else None."""
    pair = items(tree, *path)
    ends = [number(value) for value in pair]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    return min(ends[0], ends[1]), max(ends[0], ends[1])
