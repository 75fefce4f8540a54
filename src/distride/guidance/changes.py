"""A session against the same athlete's own sessions before: what is unlike them, beyond chance."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from distride.guidance.measure import Abstained, Answer, Measured
from distride.guidance.own import LATEST, LEAST_SPREAD
from distride.guidance.summary import Summary

Quantity = Literal[
    "minutes", "repetitions", "trimp", "session_rpe", "tempo", "range", "regularity", "bpm"
]
FEWEST = 6  # sessions before, of which something is usual
SESSIONS_MISLED = 0.05  # share of usual sessions of which anything is called unusual


@dataclass(frozen=True)
class Change:
    """One quantity of a session beside what it usually is.

    Attributes:
        quantity: "minutes", "repetitions", "trimp" and "session_rpe" (AU) of the session; "tempo"
            (s a repetition), "range" (degrees), "regularity" and "bpm" of a movement.
        movement: Of which; empty of the whole session.
        now: In this session.
        usual: Mean of those before.
        spread: Their standard deviation.
        sessions: How many those are.
        chance: Of a difference as large in a session like those before, of a normal spread.
        is_unusual: Whether that chance is small, however many quantities were looked at.
    """

    quantity: Quantity
    movement: str
    now: float
    usual: float
    spread: float
    sessions: int
    chance: float
    is_unusual: bool


def changes(summary: Summary, before: Sequence[Summary]) -> tuple[Change, ...] | Abstained:
    """What can be compared with this athlete's last 20 sessions, the unusual first.

    A value is unusual where ``P(|T| ≥ |now − mean| / (s·√(1 + 1/n)))``, T of Student with n − 1
    degrees of freedom, is below 5 % over the number of quantities that were looked at: of twenty
    sessions like those before, something is called unusual in one at most. Constants of a
    population have no part in it. Abstains with fewer than six sessions before ("too_little_data");
    a quantity of which there are fewer is left out.

    Args:
        summary: Of this session.
        before: Of the same athlete's, in the order of time.
    """
    latest = before[-LATEST:]
    if len(latest) < FEWEST:
        return Abstained("too_little_data", len(latest), FEWEST, "sessions")
    past = [dict(_quantities(one)) for one in latest]
    known = {
        key: (now, values)
        for key, now in _quantities(summary)
        if len(values := [one[key] for one in past if key in one]) >= FEWEST
    }
    limit = SESSIONS_MISLED / max(len(known), 1)
    told = [_change(*key, now, values, limit) for key, (now, values) in known.items()]
    return tuple(sorted(told, key=lambda one: not one.is_unusual))


def _change(
    quantity: Quantity, movement: str, now: float, values: Sequence[float], limit: float
) -> Change:
    usual, count = float(np.mean(values)), len(values)
    spread = max(float(np.std(values, ddof=1)), LEAST_SPREAD * abs(usual))
    chance = 1.0
    if spread > 0:
        chance = chance_beyond((now - usual) / (spread * math.sqrt(1 + 1 / count)), count - 1)
    return Change(quantity, movement, now, usual, spread, count, chance, chance < limit)


def _quantities(summary: Summary) -> Iterator[tuple[tuple[Quantity, str], float]]:
    """What a session has of what can be compared, by quantity and movement."""
    yield ("minutes", ""), summary.seconds / 60
    if summary.sets:
        yield ("repetitions", ""), float(summary.repetitions)
    yield from _answered({"trimp": summary.load.trimp, "session_rpe": summary.load.session_rpe})
    for one in summary.movements:
        found: Mapping[Quantity, float | None] = {
            "tempo": one.seconds_a_rep,
            "range": one.range_deg,
            "regularity": one.regularity,
            "bpm": one.mean_bpm,
        }
        yield from (
            ((quantity, one.name), value) for quantity, value in found.items() if value is not None
        )


def _answered(answers: Mapping[Quantity, Answer]) -> Iterable[tuple[tuple[Quantity, str], float]]:
    for quantity, answer in answers.items():
        if isinstance(answer, Measured):
            yield (quantity, ""), answer.value


def chance_beyond(t: float, degrees: int) -> float:
    """``P(|T| ≥ |t|)`` of Student's distribution with a whole number of degrees of freedom.

    Abramowitz & Stegun 26.7.3 and 26.7.4.

    >>> round(chance_beyond(2.571, 5), 3), round(chance_beyond(2.228, 10), 3)
    (0.05, 0.05)
    """
    angle = math.atan(abs(t) / math.sqrt(degrees))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    is_odd = degrees % 2
    term = math.cos(angle) if is_odd else 1.0
    total = term if degrees > 1 else 0.0
    for power in range(2 + is_odd, degrees - 1, 2):
        term *= square * (power - 1) / power
        total += term
    inside = 2 / math.pi * (angle + sine * total) if is_odd else sine * total
    return max(0.0, 1.0 - inside)
