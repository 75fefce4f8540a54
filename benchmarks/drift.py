"""How often drift is told of people as they are, and how soon of a device worn otherwise.

python benchmarks/drift.py [NAME=]COHORT… [--runs RUNS] [--starts N]

RUNS is the work of `distride bench`: each fold's bundle reads the athletes whom it never saw, their
recordings one after the other, all of them and not only what is labelled. As they are, every alarm
is false. Then a shift begins, at each of several starts evenly spread over a stream: is it told
within a minute of signal, and within five?
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import finished
import numpy as np
import torch
from finished import Unseen
from trials import through_cohorts

from distride.data.progress import Progress
from distride.learn.shifts import Shift, shifts_for, unchanged
from distride.runs.bench import Entry
from distride.runtime import Drift, Predictor
from distride.runtime.drift import DriftWatch, Gravity

SOON_S, LATE_S = 60.0, 300.0
AT_ONCE = 512
WORN_OTHERWISE = (
    "turned by 30°",
    "turned by 90°",
    "inside out (180°)",
    "upside down (180°)",
    "other side",
    "amplitude ×0.7",
    "noise of 10%",
)


def half_gain(x: torch.Tensor, channels: tuple[str, ...]) -> torch.Tensor:
    """Every sensor measures half of what is there."""
    return x / 2


@dataclass(frozen=True)
class Seen:
    """An athlete's windows as a watch sees them, in the order of time.

    Attributes:
        of: The athlete and the bundle.
        x: ``(window, channel, time)``.
        familiarity: ``(window,)``.
        confidence: ``(window,)``.
    """

    of: Unseen
    x: np.ndarray
    familiarity: np.ndarray
    confidence: np.ndarray

    @classmethod
    def under(cls, one: Unseen, shift: Shift) -> "Seen":
        """The athlete's windows under a shift."""
        predictor, channels = Predictor(one.bundle), one.bundle.manifest.signals.channels
        parts = []
        for start in range(0, len(one.own.x), AT_ONCE):
            raw = torch.from_numpy(np.array(one.own.x[start : start + AT_ONCE]))
            x = shift(raw, channels).numpy()
            told = predictor.predict(x)
            probabilities = told.probabilities[one.task.name]
            parts.append((x, told.familiarity[one.task.name], probabilities.max(axis=1)))
        return cls(one, *(np.concatenate(each) for each in zip(*parts, strict=True)))

    def told(self, first: int) -> Iterator[Drift]:
        """What is told from a window on, in seconds of signal since."""
        manifest = self.of.bundle.manifest
        watch, spec = DriftWatch(manifest, self.of.task), manifest.spec
        weights = Gravity(manifest)(self.x).tolist()
        for at in range(first, len(self.x)):
            end_s = spec.window_s + (at - first) * spec.hop_s
            lacks = np.isnan(self.x[at]).all(axis=1).any()
            familiarity = None if lacks else float(self.familiarity[at])
            yield from watch.push(end_s, familiarity, float(self.confidence[at]), weights[at])


@dataclass(frozen=True)
class Trial:
    """How drift is measured.

    Attributes:
        runs: Where the runs lie, by name.
        starts: Where in each stream a shift begins.
    """

    runs: Path
    starts: int

    def __call__(self, entry: Entry, progress: Progress) -> dict[str, Any]:
        """One cohort's folds."""
        people = finished.found(entry, self.runs, f"drift-{self.starts}", self.person, progress)
        folds = len(finished.bundles_of(self.runs / entry.name))
        return {"folds": folds, **summary(people), "people": people}

    def person(self, one: Unseen) -> dict[str, Any]:
        """False alarms, and seconds until each shift is told from each start."""
        hop_s, channels = one.bundle.manifest.signals.hop_s, one.bundle.manifest.signals.channels
        some = torch.from_numpy(np.array(one.own.x[:AT_ONCE]))
        every = shifts_for(some, channels)
        shifts = {name: every[name] for name in WORN_OTHERWISE if name in every}
        count = len(one.own.x)
        firsts = np.linspace(0, count, self.starts, endpoint=False).astype(int)
        noticed = {}
        for name, shift in {**shifts, "half the gain": half_gain}.items():
            seen = Seen.under(one, shift)
            first_of = [next(seen.told(int(at)), None) for at in firsts]
            noticed[name] = [told and round(told.t_s, 1) for told in first_of]
        false = [[round(told.t_s, 1), told.cause] for told in Seen.under(one, unchanged).told(0)]
        return {
            "hours": round(count * hop_s / 3600, 4),
            "false": false,
            "noticed": noticed,
            "left_s": [round((count - int(at)) * hop_s, 1) for at in firsts],
        }


def summary(people: Mapping[str, Any]) -> dict[str, Any]:
    """False alarms, and by shift what was told and how soon."""
    each = list(people.values())
    causes = [cause for one in each for _, cause in one["false"]]
    names = dict.fromkeys(name for one in each for name in one["noticed"])
    return {
        "athletes": len(each),
        "hours": round(sum(one["hours"] for one in each), 2),
        "false_alarms": len(causes),
        "false_by_cause": {cause: causes.count(cause) for cause in sorted(set(causes))},
        "athletes_with_a_false_alarm": sum(bool(one["false"]) for one in each),
        "noticed": {name: delays(each, name) for name in names},
    }


def delays(each: list[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """Of the starts with a minute of signal left, how soon a shift is told."""
    told = [
        seconds
        for one in each
        for seconds, left_s in zip(one["noticed"].get(name, []), one["left_s"], strict=False)
        if left_s >= SOON_S
    ]
    heard = [seconds for seconds in told if seconds is not None]
    return {
        "starts": len(told),
        "within_a_minute": share(told, SOON_S),
        "within_five": share(told, LATE_S),
        "median_s": median(heard) if heard else None,
    }


def share(told: list[float | None], limit_s: float) -> float | None:
    """Of starts from which a shift is told in time; None where there is none."""
    if not told:
        return None
    return round(sum(one is not None and one <= limit_s for one in told) / len(told), 4)


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    parser = finished.arguments(__doc__, "drift")
    parser.add_argument("--starts", type=int, default=10, help="of a shift in each stream")
    given = parser.parse_args()
    through_cohorts(given, Trial(given.runs, given.starts))


if __name__ == "__main__":
    main()
