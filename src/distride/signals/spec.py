"""What a window is: which channels, how fast, how long; and what a channel's name means."""

import re
from dataclasses import dataclass

from distride.errors import RecipeError

MOTION = re.compile(r"^(?:(?P<placement>[a-z0-9_]+)_)?(?P<sensor>acc|gyr|mag)_(?P<axis>[xyz])$")
WAVE = re.compile(r"^(?:[a-z0-9_]+_)?(?P<sensor>ppg|bvp|ecg|emg)(?:_[a-z0-9]+)?$")
HEART_RATE = "heart_rate"
UNITS = {"acc": "m/s^2", "gyr": "rad/s", "mag": "uT", HEART_RATE: "bpm"}
GRAVITY_MS2 = 9.80665
LARGEST = 1e6  # Hz, or s: more is a wrong unit


def sensor_of(channel: str) -> str:
    """The sensor part of a channel's name.

    >>> sensor_of("right_arm_acc_x"), sensor_of("heart_rate"), sensor_of("wrist_bvp")
    ('acc', 'heart_rate', 'wrist_bvp')
    """
    match = MOTION.match(channel)
    return match["sensor"] if match else channel


def placement_of(channel: str) -> str:
    """Where a motion sensor sits; empty where its name does not tell.

    >>> placement_of("right_arm_acc_x")
    'right_arm'
    """
    match = MOTION.match(channel)
    return (match["placement"] or "") if match else ""


def units_of(channels: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Motion channels by the body unit that carries them: the placement, empty where untold.

    >>> units_of(("wrist_acc_x", "leg_acc_x", "wrist_gyr_x", "heart_rate"))
    {'wrist': ('wrist_acc_x', 'wrist_gyr_x'), 'leg': ('leg_acc_x',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in channels:
        if MOTION.match(name):
            found[placement_of(name)] = (*found.get(placement_of(name), ()), name)
    return found


def is_waveform(channel: str) -> bool:
    """Whether a channel is a wave between its samples (motion, pulse, muscle), not a held value.

    >>> is_waveform("wrist_acc_x"), is_waveform("wrist_ppg_1"), is_waveform("heart_rate")
    (True, True, False)
    """
    return bool(MOTION.match(channel) or WAVE.match(channel))


def is_optical(channel: str) -> bool:
    """Whether a channel is the light of a pulse sensor.

    >>> is_optical("wrist_bvp"), is_optical("ecg_1")
    (True, False)
    """
    match = WAVE.match(channel)
    return bool(match) and match["sensor"] in ("ppg", "bvp")  # type: ignore[index]


def triads(channels: tuple[str, ...]) -> tuple[tuple[int, int, int], ...]:
    """Positions of each complete x, y, z triple: what turns together when a device is turned.

    >>> triads(("w_acc_x", "w_acc_y", "w_acc_z", "heart_rate"))
    ((0, 1, 2),)
    """
    where = {name: index for index, name in enumerate(channels)}
    stems = dict.fromkeys(name[:-2] for name in channels if MOTION.match(name))
    found = [tuple(where.get(f"{stem}_{axis}", -1) for axis in "xyz") for stem in stems]
    return tuple((x, y, z) for x, y, z in found if min(x, y, z) >= 0)


def sensors(channels: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """Positions of each sensor's channels: what falls silent together.

    >>> sensors(("w_acc_x", "w_acc_y", "w_acc_z", "heart_rate"))
    ((0, 1, 2), (3,))
    """
    found: dict[str, list[int]] = {}
    for index, name in enumerate(channels):
        found.setdefault(name[:-2] if MOTION.match(name) else name, []).append(index)
    return tuple(map(tuple, found.values()))


@dataclass(frozen=True)
class SignalSpec:
    """One window: ``(channel, time)`` at a fixed rate.

    Attributes:
        channels: Names in the order a model sees them.
        rate_hz: Samples a second after resampling.
        window_s: Length of a window, seconds.
        hop_s: From one window's start to the next one's, seconds.
    """

    channels: tuple[str, ...]
    rate_hz: float
    window_s: float = 3.0
    hop_s: float = 1.5

    def __post_init__(self) -> None:
        if not self.channels:
            raise RecipeError("No channels given: name at least one, such as 'wrist_acc_x'.")
        if len(set(self.channels)) != len(self.channels):
            raise RecipeError(f"A channel is named twice in {list(self.channels)}.")
        for name in ("rate_hz", "window_s", "hop_s"):
            value = getattr(self, name)
            if not 0 < value <= LARGEST:
                raise RecipeError(
                    f"{name} is {value}: it must be a positive number, at most {LARGEST:,.0f}."
                )
        if self.window_samples < 4:
            raise RecipeError(
                f"A window of {self.window_s} s at {self.rate_hz} Hz has {self.window_samples} "
                "samples: at least 4 are needed; lengthen window_s or raise rate_hz."
            )

    @property
    def window_samples(self) -> int:
        """Samples in a window."""
        return round(self.window_s * self.rate_hz)

    @property
    def hop_samples(self) -> int:
        """Samples from one window's start to the next one's, rounded down."""
        return max(1, int(self.hop_s * self.rate_hz + 1e-9))
