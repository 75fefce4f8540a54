"""What verbs ask about an athlete: profile, how they are, language."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from distride.guidance import Day, Rules
    from distride.guidance.wording import Language

Profile = Annotated[
    Path | None, typer.Option(help="The athlete's profile (.toml); no advice without it.")
]
Symptoms = Annotated[
    list[str] | None, typer.Option(help="What the athlete feels today; may be repeated.")
]
Ill = Annotated[bool, typer.Option("--ill", help="The athlete is ill today.")]
RulesFile = Annotated[
    Path | None, typer.Option(help="A coach's rules (.toml); the defaults if not given.")
]
Spoken = Annotated[str, typer.Option(help="Of advice: en or zh.")]


def day_of(
    profile: Path | None, symptoms: list[str] | None, is_ill: bool, date: dt.date
) -> "Day | None":
    """Who, and how they are; None where nobody told who.

    Raises:
        GuidanceError: The profile cannot be read, or how somebody unknown feels was told.
    """
    from distride.errors import GuidanceError
    from distride.guidance import Day, read_profile

    if profile is None:
        if symptoms or is_ill:
            raise GuidanceError("How the athlete feels needs their --profile too.")
        return None
    felt = frozenset(symptoms or ())
    return Day(read_profile(profile), date, felt, is_ill)  # type: ignore[arg-type]


def language_of(name: str) -> "Language":
    """One of the languages that guidance speaks.

    Raises:
        GuidanceError: Another.
    """
    from distride.errors import GuidanceError

    if name not in ("en", "zh"):
        raise GuidanceError(f"The language is {name!r}: allowed are en, zh.")
    return name  # type: ignore[return-value]


def rules_of(file: Path | None) -> "Rules":
    """A coach's rules, or the defaults.

    Raises:
        GuidanceError: The file cannot be read, or has a fault.
    """
    from distride.guidance import default_rules, read_rules

    return read_rules(file) if file else default_rules()
