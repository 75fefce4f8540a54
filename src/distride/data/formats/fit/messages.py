"""FIT messages: decoded as far as a file is whole, gathered by activity."""

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from distride.errors import MissingExtraError

Values = dict[str, Any]


@dataclass
class Activity:
    """What one FIT file of a chain tells.

    Attributes:
        kind: Its type as its first message says.
        records: Fields of each record message; those of apps are under ``developer_NAME``.
        units: Of the fields, by name.
        beats: Time and rate of each beat in `hr` messages: a strap keeps them while under water.
        sports: Start of each session and its sport.
        counts: Messages by name.
    """

    kind: str = ""
    records: list[Values] = field(default_factory=list)
    units: dict[str, str | None] = field(default_factory=dict)
    beats: list[tuple[Any, Any]] = field(default_factory=list)
    sports: list[tuple[float, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def decode(content: bytes) -> tuple[list[Activity], list[str]]:
    """The activities of a file, and a sentence for each damage.

    Raises:
        MissingExtraError: `fitdecode` is not installed.
    """
    activities = [Activity()]
    told: list[str] = []
    file = BytesIO(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            for message in _messages(file, told):
                if message.name == "file_id" and activities[-1].counts:
                    activities.append(Activity())
                _gather(message, activities[-1])
        except MissingExtraError:
            raise
        except Exception as error:  # the library raises whatever a damaged byte leads it to
            told.append(
                f"The file is damaged ({error}): it could be read up to byte {file.tell()} of "
                f"{len(content)}."
            )
    misfits = sum("field size" in str(one.message) for one in caught)
    if misfits:
        told.append(
            f"{misfits} definitions have fields of a size that does not fit their type: such "
            "fields are left out."
        )
    return activities, told


def _messages(file: BytesIO, told: list[str]) -> Iterator[Any]:
    try:
        import fitdecode
    except ImportError:
        raise MissingExtraError("Reading FIT files", "formats") from None
    with fitdecode.FitReader(file, check_crc=fitdecode.CrcCheck.READONLY) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                yield frame
            elif frame.frame_type == fitdecode.FIT_FRAME_CRC and not frame.matched:
                told.append("The checksum does not fit: some values may be damaged.")


def _gather(message: Any, activity: Activity) -> None:
    activity.counts[message.name] += 1
    if message.name == "file_id":
        activity.kind = str(message.get_value("type", fallback=""))
    elif message.name == "record":
        activity.records.append(_record(message, activity.units))
    elif message.name == "hr":
        activity.beats += _beats(message)
    elif message.name == "session":
        start, sport = (message.get_value(key, fallback=None) for key in ("start_time", "sport"))
        if isinstance(start, datetime) and sport:
            activity.sports.append((start.timestamp(), str(sport)))


def _record(message: Any, units: dict[str, str | None]) -> Values:
    values: Values = {}
    for one in message.fields:
        own = one.field_def is not None and one.field_def.is_dev
        name = f"developer_{one.name}" if own else one.name.removeprefix("enhanced_")
        if isinstance(one.value, int | float | datetime) and name not in values:
            values[name] = one.value
            units[name] = one.units
    return values


def _beats(message: Any) -> list[tuple[Any, Any]]:
    """Of one `hr` message: eight beats, or one with the time from which they are counted."""
    clock = message.get_value("timestamp", fallback=None)
    times = [one.value for one in message.fields if one.name == "event_timestamp"]
    rates = message.get_value("filtered_bpm", fallback=())
    return list(
        zip(
            times if clock is None else [clock],
            rates if isinstance(rates, tuple) else [rates],
            strict=False,
        )
    )
