"""Who has which classes: what folds by athlete and an athlete's own past can and cannot test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from distride.data.audit.check import Check
from distride.data.audit.finding import Finding, Where, number_of
from distride.data.audit.tasks import tasks_of
from distride.data.cohort import Cohort
from distride.data.recording import LABEL, Recording
from distride.data.split import FEWEST_ATHLETES

MOST_ATHLETES = 0.9  # of them; "in all of them" would hide a set for the sake of one

Held = Mapping[str, tuple[frozenset[str], ...]]


@dataclass(frozen=True)
class Classes:
    """What one athlete's recordings are classed as.

    Attributes:
        held: By task, the classes in each recording; a task without any is left out.
        numeric: Whether the label is a column of numbers.
    """

    held: Held
    numeric: bool

    def of(self, task: str) -> frozenset[str]:
        """All classes of a task."""
        return frozenset[str]().union(*self.held.get(task, ()))


def _summarise(cohort: Cohort, recordings: list[Recording]) -> Classes:
    held = {}
    for task in tasks_of(recordings):
        columns = (one.labels[task].tolist() if task in one.labels else () for one in recordings)
        classes = tuple(frozenset(map(str, set(column) - {""})) for column in columns)
        if any(classes):
            held[task] = classes
    return Classes(held, any(LABEL in one.channels for one in recordings))


def _judge(cohort: Cohort, classes: Mapping[str, Classes]) -> Iterator[Finding]:
    tasks = sorted({task for own in classes.values() for task in own.held})
    tasks = [LABEL] if LABEL in tasks else tasks
    labelled = [own for own in classes.values() if not tasks or own.of(tasks[0])]
    if len(labelled) < FEWEST_ATHLETES:
        yield _few(len(labelled), len(classes))
    if not tasks:
        yield _no_class(any(own.numeric for own in classes.values()))
    for task in tasks:
        names = sorted({name for own in classes.values() for name in own.of(task)})
        if len(names) == 1:
            yield _one_in_cohort(task, names[0])
            continue
        yield from _of_athletes(task, classes)
        yield from _lonely(task, names, classes)
        yield from _recording_is_class(task, classes)


CLASSES = Check(_summarise, _judge)


def _few(labelled: int, athletes: int) -> Finding:
    seen = number_of(athletes, "athlete")
    if labelled < athletes:
        seen += f", {labelled} of them labelled"
    return Finding(
        "few-athletes",
        "invalidates",
        f"{seen}: nobody can be held out while others teach and choose",
        f"Import and label at least {FEWEST_ATHLETES}; ten or more give intervals worth reading",
    )


def _no_class(numeric: bool) -> Finding:
    seen = "no text column holds a class"
    todo = "Add a column 'label'; without one the recordings serve as unlabelled athletes only"
    if numeric:
        seen = f"'{LABEL}' holds numbers"
        todo = "Write the names of the classes into 'label' as texts: numbers are a regression"
    return Finding(
        "no-class",
        "warning",
        f"{seen}: there is no class to evaluate",
        todo,
    )


def _one_in_cohort(task: str, name: str) -> Finding:
    return Finding(
        "one-class",
        "invalidates",
        f"'{name}' is the only class of '{task}' in the cohort: any model scores 1",
        "Label other movements too",
        Where(columns=(task,)),
    )


def _of_athletes(task: str, classes: Mapping[str, Classes]) -> Iterator[Finding]:
    for athlete, own in classes.items():
        names = own.of(task)
        if len(names) == 1:
            yield Finding(
                "one-class",
                "warning",
                f"has '{min(names)}' only, of '{task}': a personal head learns to say it always",
                "Label more of their classes; until then the curves of personal data leave them "
                "out, and they may teach others",
                Where((athlete,), columns=(task,)),
            )
        elif not names:
            yield Finding(
                "unlabelled",
                "note",
                f"has no class of '{task}'",
                "Use them as an unlabelled athlete, or label them",
                Where((athlete,), columns=(task,)),
            )


def _lonely(task: str, names: list[str], classes: Mapping[str, Classes]) -> Iterator[Finding]:
    for name in names:
        owners = [athlete for athlete, own in classes.items() if name in own.of(task)]
        if len(owners) == 1 and len(classes) > 1:
            yield Finding(
                "class-of-one-athlete",
                "warning",
                f"is the only one with '{name}' of '{task}': held out, nobody taught it",
                "Leave the class out, merge it with another, or record it with more athletes",
                Where((owners[0],), columns=(task,)),
            )


def _recording_is_class(task: str, classes: Mapping[str, Classes]) -> Iterator[Finding]:
    several = {athlete: own for athlete, own in classes.items() if len(own.of(task)) > 1}
    same = tuple(athlete for athlete, own in several.items() if _one_each(own.held[task]))
    if several and len(same) >= MOST_ATHLETES * len(several):
        yield Finding(
            "recording-is-class",
            "warning",
            f"each class of '{task}' is one recording: how the sensor sat that time goes with the "
            "class, and an athlete's past and future are halves of one recording",
            "Believe gains of personal heads only as an upper bound; record each class twice",
            Where(same, columns=(task,)),
            basis=f"counted: so in {len(same)} of {len(several)} athletes with several classes",
        )


def _one_each(recordings: tuple[frozenset[str], ...]) -> bool:
    labelled = [names for names in recordings if names]
    single = all(len(names) == 1 for names in labelled)
    return single and len(labelled) == len(frozenset[str]().union(*labelled))
