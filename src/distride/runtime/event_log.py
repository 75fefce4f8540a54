"""Events as they were written: one JSON a line, back as values."""

import typing
from collections.abc import Iterable

from distride.bundle.strict import build, parse
from distride.errors import BundleError, DataError
from distride.runtime.events import Event

KINDS = {kind.event: kind for kind in typing.get_args(Event)}
SUMMARY = "summary"  # the last line of a log may sum it up


def read_events(lines: Iterable[str], name: str) -> tuple[Event, ...]:
    """The events of a log, as `to_json` writes them, in the order of time.

    Args:
        lines: Of the log; empty ones and its summary are passed over.
        name: Of the file, for the message.

    Raises:
        DataError: A line is no event, or there is none; it names the line.
    """
    told: list[Event] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            table = parse(line, "It")
            kind = table.pop("event") if isinstance(table, dict) and "event" in table else None
            if kind != SUMMARY:
                told.append(_event(kind, table))
        except BundleError as error:
            raise DataError(f"Line {number} of '{name}' is no event: {error}") from error
    if not told:
        raise DataError(f"'{name}' holds no event: write it with 'distride stream … --json'.")
    return tuple(sorted(told, key=lambda event: event.t_s))


def _event(kind: object, table: object) -> Event:
    if not isinstance(kind, str) or kind not in KINDS:
        raise BundleError(f"its 'event' is {kind!r:.40}, and known are {', '.join(KINDS)}.")
    event: Event = build(KINDS[kind], table, kind)
    return event
