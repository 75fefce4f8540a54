"""What every reader of foreign files gives: recordings, with a warning for all that was lost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distride.data.recording import Recording


@dataclass(frozen=True)
class Loaded:
    """One recording as read, in SI units.

    Attributes:
        recording: What could be read.
        warnings: One sentence for each kind of loss, with its count.
    """

    recording: Recording
    warnings: tuple[str, ...] = ()


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
            athlete's name for layouts that do not tell it; data sets ignore it.
        meta: What a cohort's `meta.json` needs to say of it: `licence`, `citation`,
            `sampling_hz` where the layout fixes them.
    """

    name: str
    title: str
    detects: Callable[[Path], bool]
    read: Callable[[Path, str], Iterator[Loaded]]
    meta: Mapping[str, Any] = field(default_factory=dict)
