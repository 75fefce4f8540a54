"""Which columns are classes to learn."""

from collections.abc import Iterable

from distride.data.recording import LABEL, Recording

MOST_CLASSES = 60  # more are names or notes, not classes


def tasks_of(recordings: Iterable[Recording]) -> tuple[str, ...]:
    """Text columns, `label` first; without those that only count (a repetition's number)."""
    seen: dict[str, set[str]] = {}
    for recording in recordings:
        for task, values in recording.labels.items():
            seen.setdefault(task, set()).update(map(str, set(values.tolist())))
    found = [task for task, names in seen.items() if _are_classes(task, names - {""})]
    return tuple(sorted(found, key=lambda task: (task != LABEL, task)))


def _are_classes(task: str, names: set[str]) -> bool:
    counts = all(name.isdecimal() for name in names)
    return task == LABEL or (0 < len(names) <= MOST_CLASSES and not counts)
