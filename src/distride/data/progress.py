"""How long work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many steps of it are done and how many there are."""


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
