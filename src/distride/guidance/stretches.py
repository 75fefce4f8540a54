"""A session as sets and the rests between them."""

from dataclasses import dataclass

from distride.guidance.session import Session
from distride.runtime import SetEnded


@dataclass(frozen=True)
class Stretch:
    """A set, or the rest between two."""

    began_s: float
    ended_s: float
    done: SetEnded | None


def stretches(session: Session) -> list[Stretch]:
    """Sets and the rests between them, without a gap, from the first second to the last.

    A set that begins before the one before has ended begins where that ends.
    """
    found: list[Stretch] = []
    at = session.began_s
    for done in sorted(session.sets, key=lambda one: one.began_s):
        began, ended = max(done.began_s, at), min(max(done.ended_s, at), session.ended_s)
        if began > at:
            found.append(Stretch(at, began, None))
        found.append(Stretch(began, max(began, ended), done))
        at = found[-1].ended_s
    if session.ended_s > at or not found:
        found.append(Stretch(at, session.ended_s, None))
    return found
