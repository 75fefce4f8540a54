"""What a coach may have done, as it goes over the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from distride.serve.messages import Message, Words


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
