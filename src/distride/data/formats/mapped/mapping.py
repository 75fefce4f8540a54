"""What the columns of a CSV mean: a small strict TOML."""

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distride.data.formats.text import Times, dates, scaled
from distride.data.formats.units import SPELLINGS, suffix, to_si
from distride.errors import DataError
from distride.files import reason
from distride.signals import sensor_of
from distride.signals.spec import UNITS

NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = ("t", "recording", "athlete")


@dataclass(frozen=True)
class TimeMapping:
    """Where the time stands, and how it is written.

    Attributes:
        column: Its name.
        unit: ``s``, ``ms``, ``us``, ``ns``, ``min``; ``iso`` for dates as in ISO 8601; or a
            pattern of `strptime` such as ``%d.%m.%Y %H:%M:%S``.
    """

    column: str
    unit: str = "s"

    def __post_init__(self) -> None:
        if self.unit != "iso" and "%" not in self.unit and self.unit not in SPELLINGS["s"]:
            raise DataError(
                f"time.unit is '{self.unit}': allowed are {', '.join(SPELLINGS['s'])}, iso, or a "
                "pattern such as '%d.%m.%Y %H:%M:%S'."
            )

    def times(self, decimal: str) -> Times:
        """From cells to seconds, where fractions have such a decimal."""
        if self.unit in SPELLINGS["s"]:
            return scaled(SPELLINGS["s"][self.unit], decimal)
        return dates("" if self.unit == "iso" else self.unit, decimal)

    @property
    def expected(self) -> str:
        """What a cell should hold, as a person is told."""
        if self.unit in SPELLINGS["s"]:
            return f"a number of {self.unit}"
        return "a date as in ISO 8601" if self.unit == "iso" else f"'{self.unit}'"


@dataclass(frozen=True)
class ColumnMapping:
    """Where a channel stands, and its unit; without one its values are kept as they are."""

    column: str
    unit: str = ""


@dataclass(frozen=True)
class Mapping:
    """How to read one kind of CSV.

    Attributes:
        channels: By the name they get.
        time: The clock; None where rows are even.
        rate_hz: Rows a second where there is no clock.
        labels: Columns of text by the name of the task they get.
        athlete: Column that tells whose row it is; empty where a file is one athlete's.
        recording: Column that tells one recording from the next; empty where a file is one.
        columns: Names, for files without a header.
        separator: Between cells; empty: found in the first line.
        decimal: ``.`` or ``,``.
        skip: Lines before the header.
    """

    channels: dict[str, ColumnMapping]
    time: TimeMapping | None = None
    rate_hz: float = 0.0
    labels: dict[str, str] = field(default_factory=dict)
    athlete: str = ""
    recording: str = ""
    columns: tuple[str, ...] = ()
    separator: str = ""
    decimal: str = "."
    skip: int = 0

    def __post_init__(self) -> None:
        if not self.channels:
            raise DataError("The mapping has no channels: name at least one under [channels].")
        if (self.time is None) == (self.rate_hz <= 0):
            raise DataError(
                "The mapping needs either [time] with its column, or rate_hz above 0 where rows "
                "are even: give one of them."
            )
        for name in [*self.channels, *self.labels]:
            if not NAME.fullmatch(name) or name in RESERVED:
                raise DataError(
                    f"'{name}' cannot name a column: use small letters, digits and '_', such as "
                    f"'wrist_acc_x', and none of {', '.join(RESERVED)}."
                )
        for name, column in self.channels.items():
            factor_of(name, column.unit)


def factor_of(channel: str, unit: str) -> float:
    """What makes a channel SI.

    >>> factor_of("speed_ms", "km/h") * 36
    10.0

    Raises:
        DataError: The unit is unknown, or not one of what the channel's name says.
    """
    if not unit:
        return 1.0
    kept, factor = to_si(unit)
    expected = UNITS.get(sensor_of(channel))
    if expected and kept != expected:
        raise DataError(
            f"The channel '{channel}' is kept in {expected}, and '{unit}' does not become that: "
            f"allowed are {', '.join(SPELLINGS[expected])}."
        )
    if not expected and not re.search(rf"_([xyz]|{suffix(kept)})$", channel):
        raise DataError(
            f"The channel '{channel}' would be kept in {kept}: let its name tell, as in "
            f"'{channel}_{suffix(kept)}'."
        )
    return factor


def read_mapping(path: str | Path) -> Mapping:
    """Read a mapping from TOML.

    Raises:
        DataError: No such file, not TOML, an unknown key, or a value that is not allowed.
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"The mapping '{path}' cannot be read: {reason(error)}") from error
    return mapping_from(table)


def mapping_from(table: dict[str, Any]) -> Mapping:
    """A mapping from nested tables.

    >>> mapping_from({"rate_hz": 50, "channels": {"acc_x": {"column": "ax"}}}).rate_hz
    50
    """
    values = _checked(Mapping, table, "")
    channels = {
        name: ColumnMapping(**_checked(ColumnMapping, one, f"channels.{name}."))
        for name, one in values.pop("channels", {}).items()
    }
    if "time" in values:
        values["time"] = TimeMapping(**_checked(TimeMapping, values["time"], "time."))
    values["columns"] = tuple(values.get("columns", ()))
    return Mapping(channels=channels, **values)


KINDS: dict[str, tuple[type, ...]] = {
    "channels": (dict,),
    "labels": (dict,),
    "time": (dict,),
    "columns": (list,),
    "rate_hz": (int, float),
    "skip": (int,),
}


def _checked(kind: type[Any], table: Any, where: str) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise DataError(f"'{where[:-1]}' of the mapping is {table!r}: it must be a table.")
    fields = dataclasses.fields(kind)
    for key, value in table.items():
        _check_key(key, [one.name for one in fields], where)
        allowed = KINDS.get(key, (str,))
        if isinstance(value, bool) or not isinstance(value, allowed):
            raise DataError(
                f"'{where}{key}' of the mapping is {value!r}: it must be of type "
                f"{' or '.join(one.__name__ for one in allowed)}."
            )
    if any(one.name == "column" for one in fields) and not table.get("column"):
        raise DataError(f"'{where}column' is missing in the mapping: name the column it is in.")
    return dict(table)


def _check_key(key: str, known: Iterable[str], where: str) -> None:
    names = list(known)
    if key in names:
        return
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"did you mean '{where}{near[0]}'?" if near else f"known are {', '.join(names)}."
    raise DataError(f"The mapping has an unknown key '{where}{key}': {hint}")
