"""A finding: what was seen where, how sure that is, and what to do about it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Severity = Literal["invalidates", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("invalidates", "warning", "note")
Kind = Literal[
    "unreadable",
    "shared-recording",
    "repeated-stretch",
    "column-names-class",
    "clock-names-class",
    "absence-names-class",
    "counter-column",
    "few-athletes",
    "no-class",
    "one-class",
    "unlabelled",
    "class-of-one-athlete",
    "recording-is-class",
    "empty-column",
    "constant-column",
    "empty-recording",
    "impossible-value",
    "wrong-gravity",
    "mixed-scales",
    "saturation",
    "frozen-sensor",
    "mixed-rates",
    "wrong-rate",
    "low-rate",
    "gap",
    "uneven-steps",
    "repeated-time",
    "late-start",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Where:
    """Where something was seen; what is empty does not narrow it down.

    Attributes:
        athletes: Names.
        recordings: As `athlete/recording`.
        columns: Names.
        span_s: From and to on the first recording's clock, seconds.
    """

    athletes: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    span_s: tuple[float, float] | None = None


@dataclass(frozen=True)
class Finding:
    """One thing a reader of results must know of the data.

    Attributes:
        check: What kind; its heading in docs/audit.md says more.
        severity: `invalidates`: an evaluation on these data would be wrong; `warning`: it may
            be; `note`: good to know.
        seen: What, with numbers: a sentence without its full stop.
        todo: What to do, as an order without its full stop.
        where: Where.
        sure: From 0 to 1.
        basis: What `sure` rests on.
    """

    check: Kind
    severity: Severity
    seen: str
    todo: str
    where: Where = field(default_factory=Where)
    sure: float = 1.0
    basis: str = "counted"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def number_of(count: int, noun: str) -> str:
    """A count with its noun.

    >>> number_of(1, "gap"), number_of(3, "gap")
    ('1 gap', '3 gaps')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: tuple[str, ...], most: int = 4) -> str:
    """Names in quotes, of many the first ones.

    >>> listed(("a", "b", "c"), most=2)
    "'a', 'b' and 1 more"
    """
    told = ", ".join(f"'{name}'" for name in names[:most])
    return f"{told} and {len(names) - most} more" if len(names) > most else told
