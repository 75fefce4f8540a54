"""One athlete, one contiguous session."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from distride.errors import DataError

LABEL = "label"
MOTION_SENSORS = ("acc", "gyr")
SLOWEST_MOTION_HZ = 5.0  # of any such sensor; less is a clock in another unit than seconds
ALL = slice(None)


@dataclass(frozen=True)
class Recording:
    """Columns over time.

    Attributes:
        athlete: Who; also the file's name in a cohort.
        name: Which session, unique within the athlete.
        t: ``(time,)`` float64 seconds from the recording's start, never falling.
        channels: Numbers by name, each ``(time,)`` float32 in SI units, NaN where unknown.
        labels: Texts by task, each ``(time,)`` of str, empty where unknown.
    """

    athlete: str
    name: str
    t: np.ndarray
    channels: Mapping[str, np.ndarray]
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for column, values in [*self.channels.items(), *self.labels.items()]:
            if len(values) != len(self.t):
                raise DataError(
                    f"Recording '{self.name}' of '{self.athlete}': column '{column}' has "
                    f"{len(values)} rows, the clock {len(self.t)}; they must be equal."
                )
        if len(self.t) and not np.isfinite(self.t).all():
            raise DataError(f"Recording '{self.name}' of '{self.athlete}': the clock holds NaN.")
        if (np.diff(self.t) < 0).any():
            raise DataError(
                f"Recording '{self.name}' of '{self.athlete}': the clock runs backwards; "
                "sort the rows or split the recording where the clock was set."
            )

    @property
    def seconds(self) -> float:
        """From the first sample to the last."""
        return float(self.t[-1] - self.t[0]) if len(self.t) else 0.0

    def samples(self, channels: tuple[str, ...], rows: slice = ALL) -> np.ndarray:
        """The named channels as ``(time, channel)`` float32; one the recording lacks is NaN."""
        missing = np.full(len(self.t[rows]), np.nan, np.float32)
        columns = [
            self.channels[name][rows] if name in self.channels else missing for name in channels
        ]
        return np.stack(columns, axis=1).astype(np.float32, copy=False)
