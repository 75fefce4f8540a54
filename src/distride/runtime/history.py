"""What is known of each version of an athlete's heads, and which is live: one small file."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from distride.bundle.strict import build, dump, parse
from distride.errors import BundleError
from distride.files import MEBIBYTE, read_limited, write_whole

FORMAT = 1
SHARED = 0  # number of the head that everybody has


@dataclass(frozen=True)
class Version:
    """One calibration of an athlete.

    Attributes:
        number: 1 is the first.
        parent: The version that was live when this one was made; 0 is the shared head.
        created: Date and time, ISO 8601.
        reason: Why it was made, in the words of whoever made it.
        body_sha256: Of the body its heads fit.
        data_sha256: Of the windows and labels it learnt from.
        head_sha256: Of its file.
        tasks: Whose heads the guard let go live; none: the version is recorded and never live.
        shots: By task, by label, how many windows it learnt from.
        scores: By task, what the guard measured.
        verdicts: By task, why its head may go live or why the shared one stays.
    """

    number: int
    parent: int
    created: str
    reason: str
    body_sha256: str
    data_sha256: str
    head_sha256: str
    tasks: tuple[str, ...]
    shots: Mapping[str, Mapping[str, int]]
    scores: Mapping[str, Mapping[str, float]]
    verdicts: Mapping[str, str]


@dataclass(frozen=True)
class History:
    """What `versions.json` holds.

    Attributes:
        format: Number of this layout.
        athlete: Whose.
        live: Number of the version in use; 0 is the shared head.
        versions: In the order in which they were made.
    """

    format: int
    athlete: str
    live: int
    versions: tuple[Version, ...]

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise BundleError(
                f"The versions of '{self.athlete}' have the format number {self.format} and this "
                f"version reads {FORMAT}: update distride."
            )
        numbers = [one.number for one in self.versions]
        allowed = {SHARED, *(one.number for one in self.versions if one.tasks)}
        if numbers != list(range(1, len(numbers) + 1)) or self.live not in allowed:
            raise BundleError(
                f"The versions of '{self.athlete}' have the numbers {numbers[:9]} and number "
                f"{self.live} is live: they must count from 1, and a live one needs its guard's "
                "consent; was the file changed by hand?"
            )


def read_history(path: Path, athlete: str) -> History:
    """Read the file.

    Raises:
        BundleError: Damaged, of another format, or another athlete's.
    """
    text = read_limited(path, MEBIBYTE, BundleError)
    removal = shlex.join(["distride", "athlete", "forget", str(path.parent.parent), athlete])
    mend = f"remove all versions with `{removal}`, and personalise again"
    value = parse(text, f"'{path}'", mend)
    try:
        history: History = build(History, value, path.name)
    except BundleError as error:
        raise BundleError(f"{error} Where that cannot be mended, {mend}.") from error
    if history.athlete != athlete:
        raise BundleError(
            f"'{path}' holds the versions of '{history.athlete}' and not of '{athlete}': was a "
            "folder renamed?"
        )
    return history


def write_history(path: Path, history: History) -> None:
    """Write the file; all of it appears at once, or nothing does.

    Raises:
        BundleError: It would be larger than can be read, or writing failed.
    """
    data = dump(history)
    if len(data) > MEBIBYTE:
        raise BundleError(
            f"The {len(history.versions)} versions of '{history.athlete}' would take {len(data)} "
            f"bytes and {MEBIBYTE} are allowed: forget the athlete's versions, and calibrate again."
        )
    write_whole(path, data, BundleError)
