"""What every reader of foreign files gives: recordings, with a warning for all that was lost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distride.data.recording import Recording

UNKNOWN_PLACEMENT = "body"


@dataclass(frozen=True)
class Loaded:
    """One recording as read, in SI units.

    Attributes:
        recording: What could be read.
        warnings: One sentence for each kind of loss, with its count.
        start_s: The recording's `t = 0` on the file's own clock: seconds since 1970 where the
            file tells the date, else since whatever its clock counts from.
    """

    recording: Recording
    warnings: tuple[str, ...] = ()
    start_s: float = 0.0


@dataclass(frozen=True)
class Source:
    """One layout that can be read.

    Attributes:
        name: Short, as the command line takes it ("fit", "pamap2").
        title: What a person calls it ("Garmin and others: FIT").
        detects: Whether a file (a vendor format) or a folder (a data set) is in this layout;
            looks at names and first bytes only and never raises.
        read: The recordings of that file or folder, lazily, athlete after athlete; raises
            `DataError` with one sentence where nothing can be read. The second argument is the
            athlete's name for layouts that do not tell it; data sets ignore it. Motion channels
            have no placement where the file does not tell one (`acc_x`).
        meta: What a cohort's `meta.json` needs to say of it: `licence`, `citation`,
            `sampling_hz` where the layout fixes them.
        session: For devices that write a file a sensor: the files of one folder that answer the
            same belong to one recording, and their clocks agree; an empty answer takes the
            folder's name. None where every file stands alone.
        placement: Where such a device is usually worn, for channels that do not tell.
    """

    name: str
    title: str
    detects: Callable[[Path], bool]
    read: Callable[[Path, str], Iterator[Loaded]]
    meta: Mapping[str, Any] = field(default_factory=dict)
    session: Callable[[Path], str] | None = None
    placement: str = UNKNOWN_PLACEMENT
