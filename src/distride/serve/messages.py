"""What goes over the wire, as `docs/server.md` says."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from distride.data.athlete_file import CLOCK, RECORDING
from distride.serve.schema import EPOCH

Item = TypeVar("Item")
LONGEST_SESSION_S = 7 * 86_400.0
Text = StringConstraints(max_length=200, pattern=r"^[^\x00]*$")  # no database keeps a zero byte
Words = Annotated[str, Text]
Identity = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]


def _channel(name: str) -> str:
    if name in (CLOCK, RECORDING):
        raise ValueError(f"no channel is called '{name}': a recording has a column of that name")
    return name


Channel = Annotated[str, Text, AfterValidator(_channel)]


class Message(BaseModel):
    """A body of which every key is known."""

    model_config = ConfigDict(extra="forbid")


class Page(Message, Generic[Item]):
    """A list, or its beginning: `next` is the cursor to go on at."""

    items: list[Item]
    next: str | None = None


class LogIn(Message):
    """Who logs in."""

    name: Words
    password: Annotated[str, StringConstraints(max_length=1000)]


class FirstLogIn(Message):
    """Whoever holds a link chooses a password."""

    link: Words
    password: Annotated[str, StringConstraints(max_length=1000)]


class Me(Message):
    """Who is logged in."""

    id: str
    name: str
    role: str


class NewToken(Message):
    """What a program's token is for, and for how long."""

    purpose: Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
    days: Annotated[int, Field(ge=1, le=365)] = 90


class Token(Message):
    """A token as it is listed."""

    id: str
    purpose: str
    expires_at: datetime


class IssuedToken(Token):
    """A token, told this once: for the header `Authorization: Bearer`."""

    token: str


class NewAthlete(Message):
    """Whom a coach invites."""

    name: Words


class Invitation(Message):
    """A link by which an athlete chooses a password, once."""

    athlete: str
    link: str
    expires_at: datetime


class Athlete(Message):
    """An athlete as their coach, and they themselves, see them.

    `live_version` is null where the file that says so is damaged.
    """

    id: str
    name: str
    bundle: str | None
    live_version: int | None
    sessions: int
    last_session_at: datetime | None


class GivenBundle(Message):
    """Which bundle an athlete's phone fetches; null: none."""

    bundle: Identity | None


class BundleEntry(Message):
    """A bundle as it is listed."""

    id: str
    name: str
    body_sha256: str
    macro_f1: float | None
    created_at: datetime


class Raw(Message):
    """Samples, which an athlete agreed to send: little-endian numbers in base64."""

    channels: Annotated[list[Channel], Field(min_length=1, max_length=256)]
    t: str
    samples: str
    heart_rate: str

    @model_validator(mode="after")
    def _fits(self) -> "Raw":
        rows = len(decoded("t", self.t, 8)) // 8
        for field, text, each in (
            ("samples", self.samples, 4 * len(self.channels)),
            ("heart_rate", self.heart_rate, 4),
        ):
            if len(decoded(field, text, each)) != rows * each:
                raise ValueError(f"'{field}' has not as many rows as 't' has times")
        return self


class SentSession(Message):
    """A finished session of a phone."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    athlete: Words
    bundle: Words
    started_at: AwareDatetime
    duration_s: Annotated[float, Field(ge=0, lt=LONGEST_SESSION_S, allow_inf_nan=False)]
    events: list[dict[str, Any]]
    raw: Raw | None


class SessionEntry(Message):
    """A session in a list; its summary is that of `docs/session.md`.

    `unfinished` where its phone went away before it was over: this is what came until then.
    """

    id: str
    started_at: datetime
    duration_s: float
    summary: dict[str, Any] | None
    unfinished: bool


class Effort(Message):
    """An athlete's effort of a session on Borg's CR10 scale; null: unasked."""

    rpe: Annotated[float, Field(ge=0, le=10)] | None


class Rollback(Message):
    """To which version; null: the one before, 0: the shared head."""

    to: Annotated[int, Field(ge=0)] | None = None


class Stretch(Message):
    """A stretch of a recording in which one movement is done, its ends included.

    One that ends as it begins is a single sample.
    """

    from_s: Annotated[float, Field(allow_inf_nan=False)]
    to_s: Annotated[float, Field(allow_inf_nan=False)]
    label: Annotated[str, StringConstraints(min_length=1)]  # a file's may hold anything

    @model_validator(mode="after")
    def _rises(self) -> "Stretch":
        if self.to_s < self.from_s:
            raise ValueError("a stretch does not end before it begins")
        return self


class RecordingEntry(Message):
    """A recording as it is listed."""

    id: str
    name: str
    source: str
    duration_s: float
    channels: list[str]
    created_at: datetime


class AddedRecordings(Message):
    """What a file held, and what of it was lost."""

    items: list[RecordingEntry]
    warnings: list[str]


def moment(microseconds: int) -> datetime:
    """As the wire has it: ISO 8601, UTC."""
    return (EPOCH + timedelta(microseconds=microseconds)).astimezone(UTC)


def decoded(field: str, text: str, each: int) -> bytes:
    """Rows of `each` bytes in base64.

    Raises:
        ValueError: They are not.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"'{field}' is not base64") from None
    if len(data) % each:
        raise ValueError(f"'{field}' ends within a row of {each} bytes")
    return data
