"""What goes over the WebSockets, as `docs/live.md` says: each message is one map in msgpack."""

from typing import Annotated, Any, Literal, TypeVar

import msgpack
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic import ValidationError as InvalidError

from distride.serve.messages import LONGEST_SESSION_S, Channel, Identity, Message, Text, Words
from distride.serve.problems import Refused

VERSION = 1
Seconds = Annotated[float, Field(ge=0, lt=LONGEST_SESSION_S, allow_inf_nan=False)]
Number = Annotated[int, Field(ge=0, lt=2**31)]


class Frame(Message):
    """A message of which every key and type is known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Begin(Frame):
    """A phone begins a session, or goes on with it."""

    type: Literal["begin"]
    version: int
    id: Annotated[str, StringConstraints(min_length=1), Text]
    athlete: Words
    bundle: Words
    started_at: Annotated[AwareDatetime, Field(strict=False)]
    channels: Annotated[list[Channel], Field(max_length=256)]
    raw: bool


class Samples(Frame):
    """What was measured: little-endian numbers."""

    t: bytes
    rows: bytes
    heart_rate: bytes


class Batch(Frame):
    """A short while of a session."""

    type: Literal["batch"]
    seq: Annotated[int, Field(ge=1, lt=2**31)]
    duration_s: Seconds
    events: list[dict[str, Any]]
    samples: Samples | None


class End(Frame):
    """A session is over, with its last batch."""

    type: Literal["end"]
    seq: Number


class Watch(Frame):
    """Whom somebody wants to see; `after` is of sessions."""

    type: Literal["watch"]
    version: int
    athletes: Annotated[list[Identity], Field(max_length=1000)] | None
    samples: bool
    after: Annotated[dict[Identity, Number], Field(max_length=1000, default_factory=dict)]


Going = Annotated[Batch | End, Field(discriminator="type")]
BEGIN: TypeAdapter[Begin] = TypeAdapter(Begin)
GOING: TypeAdapter[Batch | End] = TypeAdapter(Going)
WATCH: TypeAdapter[Watch] = TypeAdapter(Watch)
Kind = TypeVar("Kind")


def packed(**told: Any) -> bytes:
    """A message to send."""
    data: bytes = msgpack.packb(told)
    return data


def unpacked(data: bytes) -> Any:
    """What a message holds.

    Raises:
        Refused: It is no msgpack, or nested more deeply than anything that is sent here.
    """
    try:
        return msgpack.unpackb(data)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "This is no msgpack: send one map a message, as binary.") from error


def checked(kind: TypeAdapter[Kind], data: bytes) -> Kind:
    """A frame of a kind.

    Raises:
        Refused: It is none; what was sent is not told back.
    """
    try:
        return kind.validate_python(unpacked(data))
    except InvalidError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "it"
        raise Refused(400, f"'{where:.80}' is not as it must be: {first['msg']}.") from error


def check_version(version: int) -> None:
    """Refuse what another version of the protocol might mean.

    Raises:
        Refused: It is another one.
    """
    if version != VERSION:
        raise Refused(422, f"Version {version} is unknown here: speak version {VERSION}.")
