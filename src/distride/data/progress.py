"""How a long pass over a cohort tells how far it is."""

from collections.abc import Callable

Told = Callable[[str, int, int], None]
"""Told the name of a stage, how many steps of it are done and how many there are."""
