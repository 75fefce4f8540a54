"""A check: what it keeps of an athlete, and what it makes of all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from distride.data.audit.finding import Finding
from distride.data.cohort import Cohort
from distride.data.recording import Recording

S = TypeVar("S")


@dataclass(frozen=True)
class Check(Generic[S]):
    """Two pure functions, so that a cohort passes through athlete by athlete.

    Attributes:
        summarise: What to keep of an athlete's recordings. Its size must not grow with theirs.
        judge: The findings, from every athlete's summary by name.
    """

    summarise: Callable[[Cohort, list[Recording]], S]
    judge: Callable[[Cohort, Mapping[str, S]], Iterator[Finding]]


def athlete_check(
    find: Callable[[Cohort, list[Recording]], Iterable[Finding]],
) -> Check[tuple[Finding, ...]]:
    """A check that needs to see one athlete only."""

    def judge(cohort: Cohort, found: Mapping[str, tuple[Finding, ...]]) -> Iterator[Finding]:
        for findings in found.values():
            yield from findings

    return Check(lambda cohort, recordings: tuple(find(cohort, recordings)), judge)
