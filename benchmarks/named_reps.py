"""How well repetitions are counted where a model that never saw the athlete names the movement.

python benchmarks/named_reps.py DATA RUNS [--out FILE]

DATA holds the cohorts' folders, RUNS the runs of `make bench`: of each fold that is there, its
student streams the recordings of the athletes it did not see, and each exercise of its movements is
counted. Beside it stand the same with the athlete's own head, of some 50 s of each exercise that
were recorded before, where there are any, and the same counter without any name. Of RUNS, the folds
of `pt_exercises` and `dsads_right_arm` are read, and a run of `distride demo` named `demo`, whose
student counts other simulated athletes than it learnt from.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reps import A_PUSH, Case, Told, bordered, false_score, scores, simulated, thirties, told

from distride.bundle import PersonalHead
from distride.data import Cohort, Recording
from distride.guidance import SetCounter, exercises
from distride.runs.folder import write_json
from distride.runtime import Event, SetEnded, Student
from distride.signals import measured_hz

HERE = Path(__file__).parent
BUNDLE = "student.distride"


@dataclass(frozen=True)
class Judge:
    """A student, and athletes it never saw."""

    student: Student
    unseen: tuple[str, ...]


def main() -> None:
    """Measure and write all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the cohorts' folders")
    parser.add_argument("runs", type=Path, help="the folder with the runs")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "named_reps.json")
    given = parser.parse_args()
    found: dict[str, Any] = {}
    marked = Cohort.open(given.data / "pt_exercises")
    judges = list(judges_of(given.runs / "pt_exercises"))
    before = {athlete: templates(marked, athlete) for athlete in marked.athletes}
    for name, cases in {
        "sets of ten": list(bordered(marked)),
        "three sets in a row": list(thirties(marked)),
    }.items():
        found[f"pt_exercises, {name}"] = side_by_side(judges, cases, before)
    demo = given.runs / "demo" / BUNDLE
    if demo.exists():
        cases = list(simulated())
        everybody = tuple({case.recording.athlete for case in cases})
        found["simulated"] = side_by_side([Judge(Student.open(demo), everybody)], cases)
    found["false"] = false_alarms(
        list(judges_of(given.runs / "dsads_right_arm")), Cohort.open(given.data / "dsads")
    )
    write_json(given.out, found)
    print(json.dumps(found, indent=1))  # noqa: T201


def judges_of(run: Path) -> Iterator[Judge]:
    """The students of a run's folds, each with the athletes it was not shown."""
    for fold in sorted(run.glob("folds/*/fold.json")):
        held_out = json.loads(fold.read_text(encoding="utf-8"))["held_out"]
        yield Judge(Student.open(fold.with_name(BUNDLE)), tuple(held_out))


def templates(cohort: Cohort, athlete: str) -> list[Recording]:
    """What an athlete of `pt_exercises` recorded first: each exercise fifteen times."""
    return [one for one in cohort.read(athlete) if one.name.endswith("_template_session")]


def side_by_side(
    judges: Iterable[Judge],
    cases: list[Case],
    before: Mapping[str, Sequence[Recording]] | None = None,
) -> dict[str, Any]:
    """Scores with and without the model's names, of the same recordings.

    Args:
        judges: Students.
        cases: To be counted, each by the student that did not see its athlete.
        before: Of which an athlete's own head is made, where there is anything.
    """
    named: list[tuple[Case, Told]] = []
    owned: list[tuple[Case, Told]] = []
    bare: list[tuple[Case, Told]] = []
    for judge in judges:
        for athlete in judge.unseen:
            own = judge.student.personalize(before[athlete]) if before else None
            for case in [one for one in cases if one.recording.athlete == athlete]:
                named.append((case, told_by(judge.student, case.recording)))
                bare.append((case, told(case.recording)))
                if own:
                    owned.append((case, told_by(judge.student, case.recording, own)))
    return {
        "named by the model": scores(named) | rightly_named(named),
        **({"named by an own head": scores(owned) | rightly_named(owned)} if owned else {}),
        "whatever repeats": scores(bare),
    }


def rightly_named(heard: Iterable[tuple[Case, Told]]) -> dict[str, float | None]:
    """The share of sets that were called what they were."""
    right = [
        one.movement == _label(case.recording, one) for case, some in heard for one in some.ended
    ]
    return {"rightly_named": sum(right) / len(right) if right else None}


def told_by(student: Student, recording: Recording, own: PersonalHead | None = None) -> Told:
    """What is told of sets while the student names the movement."""
    rate_hz = measured_hz(recording.t)
    stream = student.stream(own, rate_hz)
    labels = next(iter(stream.predictor.heads.values())).labels
    counter = SetCounter(stream.spec.channels, rate_hz, exercises(labels))
    samples = recording.samples(stream.spec.channels)
    events: list[Event] = []
    for start in range(0, len(samples), A_PUSH):
        rows = slice(start, start + A_PUSH)
        heard = stream.push(recording.t[rows], samples[rows])
        events += counter.push(recording.t[rows], samples[rows], heard)
    events += counter.push(recording.t[:0], samples[:0], stream.flush())
    return Told.of([*events, *counter.close()])


def false_alarms(judges: Iterable[Judge], cohort: Cohort) -> dict[str, Any]:
    """Repetitions an hour of what is no exercise, by what unseen people did."""
    found: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for judge in judges:
        for athlete in judge.unseen:
            for recording in cohort.read(athlete):
                label = str(recording.labels["label"][0])
                if not exercises([label]):
                    found[label][0] += len(told_by(judge.student, recording)[1])
                    found[label][1] += recording.seconds
    return {label: false_score(int(n), s) for label, (n, s) in sorted(found.items())}


def _label(recording: Recording, ended: SetEnded) -> str:
    middle = (ended.began_s + ended.ended_s) / 2
    at = int(abs(recording.t - middle).argmin())
    return str(recording.labels["label"][at])


if __name__ == "__main__":
    main()
