"""What a coach may have done, as it goes over the wire."""

import tomllib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from distride.config import recipe_from
from distride.serve.messages import Message, Words
from distride.serve.problems import Refused
from distride.serve.said import Said

GENERAL = "general"  # the base that ships with the package
NO_PATH = Said(
    f"student.base must be '{GENERAL}' or empty: a server opens no path.",
    f"student.base 只能为“{GENERAL}”或留空：服务器不会打开路径。",
)


class Train(Message):
    """Train on the labelled recordings of some athletes."""

    kind: Literal["train"]
    athletes: Annotated[list[Words], Field(min_length=1, max_length=1000)]
    recipe: Annotated[str, StringConstraints(max_length=20_000)] = ""
    folds: Annotated[int, Field(ge=1)] | None = None


class Personalize(Message):
    """Learn an athlete's own head from their labelled recordings, for their bundle."""

    kind: Literal["personalize"]
    athlete: Words


Asked = Annotated[Train | Personalize, Field(discriminator="kind")]


class Job(Message):
    """A job as it stands; `done` of `total` steps of a stage."""

    id: str
    kind: str
    state: Literal["queued", "running", "done", "failed"]
    stage: str
    done: int
    total: int
    message: str
    athletes: list[str]
    bundle: str | None
    created_at: datetime


def athletes_of(asked: Train | Personalize) -> list[str]:
    """Whose recordings a job reads."""
    return sorted(set(asked.athletes)) if isinstance(asked, Train) else [asked.athlete]


def check_recipe(text: str) -> None:
    """Whether a server may train by a recipe, TOML.

    Raises:
        Refused: It is no TOML, or names a file.
        RecipeError: It is no recipe.
    """
    try:
        recipe = recipe_from(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(422, f"The recipe is no TOML: {error}.") from error
    if recipe.student.base not in ("", GENERAL):
        raise Refused(422, NO_PATH)
