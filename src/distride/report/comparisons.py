"""What the page says of a run that the run itself does not say: pairs, changes, who is harmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from distride.learn.metrics import FEWEST_UNITS
from distride.learn.metrics import interval as bootstrap
from distride.report.results import dig, interval, items, mapping, number, numbers, text, texts

AS_SHIPPED = "as_shipped"  # in each fold what its own training athletes chose
MODELS = (
    "teacher",
    "student",
    "student_alone",
    "student_label_smoothing",
    "student_hard_labels",
    "minirocket_ridge",
    "extra_trees",
)
SMOOTHED, FIRM = "student_label_smoothing", "student_hard_labels"
STUDENTS = ("student", "student_alone", SMOOTHED, FIRM, "student_without_base")
NAMED = (AS_SHIPPED, *MODELS, *STUDENTS)  # that the texts know; of the last one few runs tell
PEERS = ("minirocket_ridge", "extra_trees")
COACH_SHOTS = 3  # own windows a movement, at which harm is counted
HARM = 0.005  # a fall of macro-F1 by more than this

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A mean over paired athletes; no interval where they are too few for one."""

    mean: float
    interval: tuple[float, float] | None

    @property
    def sign(self) -> int:
        """1 or -1 where the interval keeps clear of 0, else 0."""
        if self.interval is None:
            return 0
        return int(self.interval[0] > 0) - int(self.interval[1] < 0)


@dataclass(frozen=True)
class Change:
    """One athlete before and after the personal windows.

    Attributes:
        athlete: Who.
        before: Macro-F1 of the shared head.
        after: Macro-F1 of what the guard lets go live; without a guard, of the personal head.
        live: Whether the guard let the personal head go live; None where the run does not say.
    """

    athlete: str
    before: float
    after: float
    live: bool | None

    @property
    def gain(self) -> float:
        """What the personal windows brought."""
        return self.after - self.before

    @property
    def verdict(self) -> str:
        """`gains`, `same` or `harmed`: more than half a point up, or down."""
        rounded = round(self.gain, 9)
        return "gains" if rounded > HARM else "harmed" if rounded < -HARM else "same"


def difference(gains: list[float]) -> Difference | None:
    """The mean of differences paired by athlete, with the run's own kind of interval."""
    if not gains:
        return None
    ends = bootstrap(np.array(gains))
    return Difference(fmean(gains), (ends[0], ends[1]) if ends else None)


def values_lead(results: Results) -> bool:
    """Whether the first task, which rules, is a number."""
    return text(results, "protocol", "metric") == "mae"


def shipped(results: Results) -> str:
    """Name of the model whose scores a stranger may expect of what ships.

    Where folds chose unlike students, it is each fold's own choice: the kind that ships in the end
    was chosen with the help of athletes whom the folds held out.
    """
    kind = _kind_shipped(results)
    own, alike = (numbers(results, "models", name, "per_athlete") for name in (AS_SHIPPED, kind))
    return AS_SHIPPED if own and own != alike else kind


def _kind_shipped(results: Results) -> str:
    """The kind of student that ships; the first with a score if the run does not say."""
    stated = text(results, "distillation", "shipped")
    candidates = (stated, *STUDENTS)
    scored = [
        name for name in candidates if number(results, "models", name, "macro_f1") is not None
    ]
    return scored[0] if scored else stated or "student"


def model_names(results: Results) -> tuple[str, ...]:
    """The protocol's models in their order, then any further one of the run.

    Each fold's own choice comes first, where it is not the same kind of student in all.
    """
    names = dict.fromkeys((AS_SHIPPED, *MODELS, *mapping(results, "models")))
    return tuple(name for name in names if name != AS_SHIPPED or shipped(results) == name)


def against(results: Results, other: str) -> Difference | None:
    """How much better what ships is than `other`, paired by fold and athlete."""
    return difference_at(results, "models", other, "shipped_gain")


def best_peer(results: Results) -> str | None:
    """The classic method with the highest score."""
    scores = {name: number(results, "models", name, "macro_f1") for name in PEERS}
    found = {name: value for name, value in scores.items() if value is not None}
    return max(found, key=lambda name: found[name]) if found else None


def distillation(results: Results) -> Difference | None:
    """The run's own gain of distillation."""
    return difference_at(results, "distillation")


def difference_at(results: Results, *path: str) -> Difference | None:
    """A gain that the run told, with its interval; None where it did not."""
    gain = number(results, *path, "gain")
    return None if gain is None else Difference(gain, interval(results, *path, "interval"))


def coach_shots(results: Results) -> tuple[int, int] | None:
    """Position and number of the shots that the coach's words are about."""
    shots = [number(value) for value in items(results, "personalization", "shots")]
    known = {int(value): index for index, value in enumerate(shots) if value}
    if not known:
        return None
    chosen = COACH_SHOTS if COACH_SHOTS in known else max(known)
    return known[chosen], chosen


def changes(results: Results) -> list[Change]:
    """Every athlete with both scores, the lowest start first."""
    shots = coach_shots(results)
    if shots is None:
        return []
    found = []
    for athlete, series in mapping(results, "personalization", "per_athlete").items():
        before = number(series, "student", 0)
        after = number(series, "guarded", shots[0])
        after = number(series, "student", shots[0]) if after is None else after
        live = dig(series, "live", shots[0])
        if before is not None and after is not None:
            found.append(Change(athlete, before, after, live if isinstance(live, bool) else None))
    return sorted(found, key=lambda change: (change.before, change.athlete))


def placebo(results: Results) -> Difference | None:
    """What the same number of another athlete's windows brought, without the guard."""
    return _unguarded(results, "placebo")


def own_unguarded(results: Results) -> Difference | None:
    """What their own windows would have brought without the guard, to the same athletes."""
    return _unguarded(results, "student")


def _unguarded(results: Results, kind: str) -> Difference | None:
    """Of those athletes for whom there is a placebo."""
    shots = coach_shots(results)
    if shots is None:
        return None
    gains = []
    for series in mapping(results, "personalization", "per_athlete").values():
        before, after = number(series, "student", 0), number(series, kind, shots[0])
        other = number(series, "placebo", shots[0])
        if before is not None and after is not None and other is not None:
            gains.append(after - before)
    return difference(gains)


def classes(results: Results) -> tuple[str, ...]:
    """Class names of the first task: of the figures if they are there, else of the protocol."""
    named = texts(results, "detail", "labels")
    task = next(iter(texts(results, "protocol", "tasks")), "label")
    return named or texts(results, "protocol", "labels", task)


def lowest(results: Results, at_most: int = 5) -> list[tuple[str, float]]:
    """The athletes on whom the shipped model is worst."""
    scores = numbers(results, "models", shipped(results), "per_athlete")
    return sorted(scores.items(), key=lambda pair: (pair[1], pair[0]))[:at_most]


def folds_of(results: Results) -> tuple[int, int] | None:
    """How many folds were run, and how many there are; None where nobody wrote it down."""
    run, of = number(results, "protocol", "folds_run"), number(results, "protocol", "folds")
    return None if run is None or of is None else (int(run), int(of))


def folds_of_speed_run(results: Results) -> tuple[int, int] | None:
    """The same where fewer folds were run than there are, else None."""
    folds = folds_of(results)
    return folds if folds and folds[0] < folds[1] else None


def held_out(results: Results) -> tuple[str, ...]:
    """The athletes that were tested, each by a model that never saw them."""
    named = texts(results, "protocol", "held_out")
    return named or tuple(numbers(results, "models", shipped(results), "per_athlete"))


def too_few(results: Results) -> bool:
    """Whether too few folds or athletes were tested for an interval, hence for any claim."""
    run = folds_of(results)
    units = run[0] if run and run[0] > 1 else len(held_out(results))
    return 0 < units < FEWEST_UNITS
