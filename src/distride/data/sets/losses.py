"""Warnings of what a reader had to leave out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from distride.data.source import Loaded


def told(*losses: tuple[int, str]) -> tuple[str, ...]:
    """One sentence each, with its count; what was not lost is not told.

    >>> told((2, "Left out {} line(s)."), (0, "Lost {} sample(s)."))
    ('Left out 2 line(s).',)
    """
    return tuple(sentence.format(count) for count, sentence in losses if count)


def told_first(recordings: Iterable[Loaded], *losses: tuple[int, str]) -> Iterator[Loaded]:
    """Tell what concerns all of some recordings once, with the first of them."""
    warnings = told(*losses)
    for loaded in recordings:
        yield replace(loaded, warnings=(*warnings, *loaded.warnings))
        warnings = ()
