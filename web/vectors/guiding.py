"""Hearts and rules, and what guidance tells of them."""

import datetime as dt
import json
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from distride.guidance import Day, Profile
from distride.guidance.guide import Guide
from distride.guidance.rules_file import default_rules, default_text
from distride.guidance.wording import Language, texts
from distride.runtime import Comparison, Event, SetEnded, State, Technique, to_json

Case = dict[str, Any]

YEAR = 2026
WHOLE_S, SHORT_S = 360.0, 70.0
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
        "rules": tomllib.loads(default_text()),
        "texts": texts(),
        "cases": list(_cases()),
    }


def _cases() -> Iterator[Case]:
    for name, profile in PROFILES.items():
        length_s = WHOLE_S if name in ("estimated", "measured") else SHORT_S
        yield _case(name, Day(profile, dt.date(YEAR, 5, 1)), length_s=length_s)
    measured = PROFILES["measured"]
    yield _case("ill", Day(measured, dt.date(YEAR, 5, 1), is_ill=True))
    symptoms = frozenset({"palpitations", "dizziness_or_fainting"})
    yield _case("stop sign", Day(measured, dt.date(YEAR, 5, 1), symptoms=symptoms), "zh")
    yield _case("in Chinese", Day(measured, dt.date(YEAR, 5, 1)), "zh", 130.0)
    yield _case("nobody", None)


def _case(name: str, day: Day | None, language: Language = "en", length_s: float = SHORT_S) -> Case:
    t, bpm = _heart()
    t, bpm = t[t < length_s], bpm[t < length_s]
    events = [event for event in _events() if event.t_s < length_s]
    guide = Guide(day, default_rules(), language, is_calibrated=True)
    return {
        "name": name,
        "day": None if day is None else _day(day),
        "language": language,
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
    for number in range(1, 31):
        yield _technique(number)
    yield SetEnded(*(91.5, 0.0, 91.0, 1, "squat", 30), *(3.0, 60.0, 0.9, 0.9))


def _technique(number: int) -> Technique:
    """Nothing is known of the first; then the range shrinks, and at the end the tempo slows."""
    if number < 8:
        return Technique(3.0 * number, 1, number, "squat", "", None, 0)
    around = Comparison(96.0 - number, 4.0, 7)
    slow = Comparison(100.0 + 3 * max(number - 15, 0), 6.0, 7)
    return Technique(
        *(3.0 * number, 1, number, "squat", "half_range", 0.8, 8),
        *(Comparison(80.0, 20.0, 4), around, slow, slow, Comparison(4.0, 5.0, 2)),
    )
