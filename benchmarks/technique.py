"""How repetitions compare with the athlete's own good ones, by how they were done.

python benchmarks/technique.py DATA [--out FILE]

DATA holds the cohorts' folders. Counted live, the movement known; of the model nothing is asked,
so what is good are the first four of each set. Told is what stands beside repetitions whose last
four were all done in one way, of the athlete whose repetitions are marked in `pt_exercises` and of
simulated athletes, how often the default rules would be met, and how simulated athletes' sixth
sessions compare with the five before. Nothing was chosen on these.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from distride.data import Cohort, Recording
from distride.data.simulate import simulate_athlete, simulate_cohort
from distride.guidance import Abstained, default_rules
from distride.guidance.measures import LIVE, REPETITIONS
from distride.guidance.own import Own, own_of
from distride.guidance.rules import TechniqueTask
from distride.guidance.sets import SetCounter
from distride.guidance.technique import RECENT, TechniqueWatch
from distride.runs.folder import write_json
from distride.runtime import Comparison, Rep, Technique
from distride.signals import measured_hz, sensor_of

HERE = Path(__file__).parent
SIMULATED_ATHLETES, SEED, SESSIONS = 10, 1, 6
RULES = ("range_shrinks", "tempo_slows")


def main() -> None:
    """Measure and write all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the cohorts' folders")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "technique.json")
    given = parser.parse_args()
    found = {
        "pt_exercises": by_execution(marked(Cohort.open(given.data / "pt_exercises"))),
        "simulated": by_execution(simulate_cohort(SIMULATED_ATHLETES, SEED)),
        "simulated, beside five sessions before": beside_sessions(),
    }
    write_json(given.out, found)
    print(json.dumps(found, indent=1))  # noqa: T201


def marked(cohort: Cohort) -> Iterator[Recording]:
    """Recordings with ten repetitions of each execution, marked by hand."""
    for athlete in cohort.athletes:
        for recording in cohort.read(athlete):
            if "test" in recording.name and np.any(recording.labels["execution"] != ""):
                yield recording


def by_execution(recordings: Iterable[Recording]) -> dict[str, Any]:
    """What was told of each way to do them."""
    told: dict[str, list[Technique]] = defaultdict(list)
    athletes = set()
    for recording in recordings:
        athletes.add(recording.athlete)
        for execution, technique in judged(recording):
            told[execution].append(technique)
    return {
        "athletes": len(athletes),
        "executions": {execution: _summed(some) for execution, some in sorted(told.items())},
    }


def beside_sessions() -> dict[str, Any]:
    """What was told of an athlete's sixth session beside the good ones of the five before."""
    told: dict[str, list[Technique]] = defaultdict(list)
    for number in range(SIMULATED_ATHLETES):
        *before, last = simulate_athlete(f"athlete_{number + 1:02d}", SEED, SESSIONS)
        usual: dict[str, list[Own]] = defaultdict(list)
        for recording in before:
            for movement, own in _own(recording).items():
                usual[movement].append(own)
        for execution, technique in judged(last, usual):
            told[execution].append(technique)
    return {
        "athletes": SIMULATED_ATHLETES,
        "executions": {execution: _usual(some) for execution, some in sorted(told.items())},
    }


def _own(recording: Recording) -> dict[str, Own]:
    """What the good repetitions of a session were like, by movement."""
    reps = _reps(recording)
    good: dict[str, list[Rep]] = defaultdict(list)
    for rep, told in zip(reps, TechniqueWatch(TechniqueTask()).push(reps), strict=True):
        if told.is_good:
            good[rep.movement].append(rep)
    return {name: own for name, some in good.items() if name and (own := own_of(some))}


def _usual(told: list[Technique]) -> dict[str, Any]:
    ranges = [one.usual_range for one in told if one.usual_range]
    tempos = [one.usual_tempo for one in told if one.usual_tempo]
    return {
        "comparisons": len(ranges),
        "range": _quartiles([one.value for one in ranges]),
        "tempo": _quartiles([one.value for one in tempos]),
        "range_within": _within(ranges),
        "tempo_within": _within(tempos),
    }


def _within(told: list[Comparison]) -> float:
    """Share that is no further from the usual than 1.96 errors: 95 % of what is usual should be."""
    return float(np.mean([abs(one.value - 100) <= 1.96 * one.error for one in told]))


def judged(
    recording: Recording, usual: Mapping[str, Sequence[Own]] | None = None
) -> Iterator[tuple[str, Technique]]:
    """Comparisons of repetitions whose last four were done in the same way."""
    reps = _reps(recording)
    ways = [_label(recording, "execution", one) for one in reps]
    for at, technique in enumerate(TechniqueWatch(TechniqueTask(), usual).push(reps)):
        recent = set(ways[max(at + 1 - RECENT, 0) : at + 1])
        known = technique.usual_range if usual else technique.range
        if len(recent) == 1 and known is not None and ways[at]:
            yield ways[at], technique


def _reps(recording: Recording) -> list[Rep]:
    """Counted live, the movement of each known."""
    channels = tuple(name for name in recording.channels if sensor_of(name) in ("acc", "gyr"))
    counter = SetCounter(channels, measured_hz(recording.t))
    events = [*counter.push(recording.t, recording.samples(channels)), *counter.close()]
    return [_named(recording, one) for one in events if isinstance(one, Rep)]


def _named(recording: Recording, rep: Rep) -> Rep:
    return replace(rep, movement=_label(recording, "label", rep))


def _label(recording: Recording, column: str, rep: Rep) -> str:
    middle = rep.began_s + rep.duration_s / 2
    at = min(int(np.searchsorted(recording.t, middle)), len(recording.t) - 1)
    return str(recording.labels[column][at])


def _summed(told: list[Technique]) -> dict[str, Any]:
    met = {name: float(np.mean([_is_met(name, one) for one in told])) for name in RULES}
    return {
        "comparisons": len(told),
        "range": _quartiles([one.range.value for one in told if one.range]),
        "tempo": _quartiles([one.tempo.value for one in told if one.tempo]),
        "met": met,
    }


def _quartiles(values: list[float]) -> list[float]:
    return [float(one) for one in np.percentile(values, [25, 50, 75])] if values else []


def _is_met(name: str, technique: Technique) -> bool:
    """Whether a default rule would speak, were it not for its cool-down."""
    rule = default_rules().rules[name]
    measure = LIVE[rule.measure]
    found = getattr(technique, REPETITIONS[measure])
    answer = Abstained("no_data") if found is None else measure.of(found.value, found.error)
    return rule(answer) and (rule.confidence(answer) or 0.0) >= rule.sure


if __name__ == "__main__":
    main()
