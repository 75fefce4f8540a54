"""Hearts and rules, and what guidance tells of them."""

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from distride.guidance import Day, Profile
from distride.guidance.guide import Guide
from distride.guidance.own import Own, own_of
from distride.guidance.rules import TechniqueTask
from distride.guidance.rules_file import default_rules, default_text
from distride.guidance.wording import Language, texts
from distride.runtime import Event, Rep, SetEnded, State, to_json

Case = dict[str, Any]

YEAR = 2026
WHOLE_S, SHORT_S = 360.0, 70.0
TECHNIQUE = TechniqueTask("execution", ("correct",))
USUAL = tuple(Own(9, 55.0 + 3.0 * at, 0.06, 3.0 + 0.1 * at, 0.05) for at in range(5))
PROFILES = {
    "estimated": Profile(1980),
    "measured": Profile(1990, max_bpm=190, resting_bpm=50),
    "threshold": Profile(1990, max_bpm=190, resting_bpm=50, threshold_bpm=168),
    "rest above an estimate": Profile(1926 + 2, resting_bpm=110),
    "too old": Profile(1905),
    "minor": Profile(2010),
    "beta-blocker": Profile(1970, conditions=frozenset({"beta_blocker"})),
    "pregnancy": Profile(1995, conditions=frozenset({"pregnancy"})),
    "known disease": Profile(1960, conditions=frozenset({"known_disease"})),
    "known disease, active": Profile(1960, conditions=frozenset({"known_disease"}), is_active=True),
}


def guided() -> Case:
    """The files that Python reads, and what it tells with them."""
    return {
        "rules": tomllib.loads(default_text()) | {"technique": asdict(TECHNIQUE)},
        "texts": texts(),
        "cases": list(_cases()),
        "own": [_own(count) for count in (3, 4, 9)],
    }


def _own(count: int) -> Case:
    """So many good repetitions, and what they were like."""
    reps = [event for event in _events() if isinstance(event, Rep)][-count:]
    found = own_of(reps)
    return {"reps": [json.loads(to_json(one)) for one in reps], "own": found and asdict(found)}


def _cases() -> Iterator[Case]:
    for name, profile in PROFILES.items():
        length_s = WHOLE_S if name in ("estimated", "measured") else SHORT_S
        yield _case(name, Day(profile, dt.date(YEAR, 5, 1)), length_s=length_s)
    measured = PROFILES["measured"]
    yield _case("ill", Day(measured, dt.date(YEAR, 5, 1), is_ill=True))
    symptoms = frozenset({"palpitations", "dizziness_or_fainting"})
    yield _case("stop sign", Day(measured, dt.date(YEAR, 5, 1), symptoms=symptoms), "zh")
    yield _case("in Chinese", Day(measured, dt.date(YEAR, 5, 1)), "zh", 130.0)
    yield _case("sessions before", Day(measured, dt.date(YEAR, 5, 1)), usual=USUAL)
    yield _case("nobody", None)


def _case(
    name: str,
    day: Day | None,
    language: Language = "en",
    length_s: float = SHORT_S,
    usual: Sequence[Own] = (),
) -> Case:
    t, bpm = _heart()
    t, bpm = t[t < length_s], bpm[t < length_s]
    events = [event for event in _events() if event.t_s < length_s]
    rules = replace(default_rules(), technique=TECHNIQUE)
    guide = Guide(day, rules, language, is_calibrated=True, usual={"squat": usual})
    return {
        "name": name,
        "day": None if day is None else _day(day),
        "language": language,
        "usual": {"squat": [asdict(one) for one in usual]},
        "t": t,
        "bpm": bpm,
        "events": [json.loads(to_json(event)) for event in events],
        "told": [json.loads(to_json(event)) for event in guide.push(events, t, bpm)],
    }


def _day(day: Day) -> Case:
    profile = {key: value for key, value in asdict(day.profile).items() if value is not None}
    return {
        "profile": {**profile, "conditions": sorted(day.profile.conditions)},
        "year": day.date.year,
        "symptoms": sorted(day.symptoms),
        "isIll": day.is_ill,
    }


def _heart() -> tuple[np.ndarray, np.ndarray]:
    """Six minutes: to the maximum, a leap, a stuck sensor, silence, a clock that goes wrong."""
    t = np.arange(0.3, WHOLE_S, 0.5)
    bpm = 130 + 58 * np.sin(t / 60) ** 2 + np.random.default_rng(3).normal(scale=0.4, size=len(t))
    bpm[(t > 40) & (t < 42)] = 240
    bpm[(t > 60) & (t < 61)] = 60
    bpm[(t > 200) & (t < 275)] = 150
    bpm[(t > 290) & (t < 300)] = np.nan
    bpm[::7] = np.nan
    t[t > 320] += 30
    t[11] = t[9]
    t[t > 370] -= 100
    return t, bpm.round(1)


def _events() -> Iterator[Event]:
    for second in range(3, int(WHOLE_S), 3):
        movement = "squat" if second % 40 < 20 else ""
        yield State(float(second), "label", movement, 0.9, not movement, "", "", None, "")
    for number in (1, 2, 3):
        yield from _set(number)


def _set(number: int) -> Iterator[Event]:
    """Nine repetitions, of the same work in each set; in the last the range shrinks and slows."""
    rng, start = np.random.default_rng(number), 2.0 + 45.0 * (number - 1)
    for rep in range(1, 10):
        tired = max(rep - 5, 0) if number == 3 else 0
        seconds = 3.0 + 0.7 * tired + float(rng.normal(scale=0.1))
        began, start = start, start + seconds + 0.8
        yield from _judged(began, "half_range" if tired else "correct", is_sure=rep != 2)
        degrees = 60.0 - 9.0 * tired + float(rng.normal(scale=2.0))
        told_s = round(start + 0.3, 2)
        yield Rep(told_s, began, number, rep, "squat", seconds, 1.2, seconds - 1.2, degrees)
    yield SetEnded(start + 4.0, 2.0, start, number, "squat", 9, 3.0, 60.0, 0.9, 0.9)


def _judged(began: float, verdict: str, is_sure: bool) -> Iterator[State]:
    for half in range(1, 9):
        answer = verdict if is_sure else ""
        told_s = began + 0.5 * half
        yield State(told_s, "execution", answer, 0.8, not is_sure, "", "", None, "")
