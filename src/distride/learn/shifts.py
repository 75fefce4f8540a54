"""What happens to a device between training and use, as pure functions of raw windows.

Each shift takes windows ``(window, channel, time)`` in SI units, NaN where absent, and gives others
of the same shape. Where one draws at random it starts from the same seed at every call.
"""

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from distride.learn.augment import Rig, mirrored, played, read_at, rotated
from distride.signals import placement_of, sensor_of, sensors

Shift = Callable[[Tensor, tuple[str, ...]], Tensor]
"""Windows and their channels' names, to windows."""

SEED = 0
KINDS = {"acc": "accelerometer", "gyr": "gyroscope", "mag": "magnetometer"}


def unchanged(x: Tensor, channels: tuple[str, ...]) -> Tensor:
    """As it was."""
    return x


def turned(x: Tensor, channels: tuple[str, ...], *, degrees: float, axis: int = 0) -> Tensor:
    """Every device turned alike about its x (along the limb), y or z (out of its face)."""
    cross = torch.zeros(3, 3)  # the matrix of the product with the axis
    one, other = (axis + 1) % 3, (axis + 2) % 3
    cross[other, one], cross[one, other] = 1.0, -1.0
    matrix = torch.linalg.matrix_exp(math.radians(degrees) * cross)
    return rotated(x, Rig.of(channels), matrix.expand(len(x), 3, 3))


def other_side(x: Tensor, channels: tuple[str, ...]) -> Tensor:
    """The device on the other wrist or leg: the movement's mirror image."""
    return mirrored(x, Rig.of(channels), torch.ones(len(x), dtype=torch.bool))


def vigour(x: Tensor, channels: tuple[str, ...], *, factor: float) -> Tensor:
    """Larger or smaller movement; gravity and posture stay."""
    mean = x.nanmean(dim=2, keepdim=True)
    return mean + (x - mean) * factor


def tempo(x: Tensor, channels: tuple[str, ...], *, factor: float) -> Tensor:
    """The same signal, slower or faster."""
    return played(x, torch.full((len(x), 1), factor))


def without_sensor(x: Tensor, channels: tuple[str, ...], *, sensor: str) -> Tensor:
    """All sensors of a kind, such as "gyr", switched off."""
    return _silenced(x, [sensor_of(name) == sensor for name in channels])


def without_unit(x: Tensor, channels: tuple[str, ...], *, placement: str) -> Tensor:
    """One of several devices lost."""
    return _silenced(x, [placement_of(name) == placement for name in channels])


def samples_lost(x: Tensor, channels: tuple[str, ...], *, share: float) -> Tensor:
    """Samples lost at random and bridged in a straight line, as the resampler does."""
    samples = x.shape[2]
    known = torch.rand(len(x), samples, generator=_seeded()) >= share
    known[:, [0, -1]] = True
    number = torch.arange(samples).expand(len(x), samples)
    left = number.where(known, 0).cummax(dim=1).values
    right = number.where(known, samples).flip(1).cummin(dim=1).values.flip(1)
    part = (number - left) / (right - left).clamp(min=1)
    before, after = (x.gather(2, at[:, None].expand_as(x)) for at in (left, right))
    return torch.lerp(before, after, part[:, None])


def jitter(x: Tensor, channels: tuple[str, ...], *, deviation: float) -> Tensor:
    """Samples taken a little early or late, by so much of a step, and dated as if they were not."""
    last = x.shape[2] - 1
    late = deviation * torch.randn(len(x), last + 1, generator=_seeded())
    return read_at(x, (torch.arange(last + 1) + late).clamp(0, last))


def noise(x: Tensor, channels: tuple[str, ...], *, share: float) -> Tensor:
    """White noise, its size a share of what each sensor measures over all windows."""
    size = torch.zeros(len(channels), 1)
    for sensor in map(list, sensors(channels)):
        size[sensor] = x[:, sensor].square().nanmean().sqrt()
    return x + share * size * torch.randn(x.shape, generator=_seeded())


def gyroscope_bias(x: Tensor, channels: tuple[str, ...], *, rad_s: float) -> Tensor:
    """A constant rate where there is none, in a direction of its own for each window and device."""
    generator, x = _seeded(), x.clone()
    for triad in map(list, Rig.of(channels).triads):
        if sensor_of(channels[triad[0]]) == "gyr":
            direction = torch.randn(len(x), 3, 1, generator=generator)
            x[:, triad] += rad_s * torch.nn.functional.normalize(direction, dim=1)
    return x


def shifts_for(x: Tensor, channels: tuple[str, ...]) -> dict[str, Shift]:
    """Every shift that such windows may meet, by name; none that leaves a window without signal."""
    shifts: dict[str, Shift] = {
        "none": unchanged,
        **{f"turned by {angle}°": partial(turned, degrees=angle) for angle in (15, 30, 90)},
        "inside out (180°)": partial(turned, degrees=180),
        "upside down (180°)": partial(turned, degrees=180, axis=2),
        "other side": other_side,
        **{f"amplitude ×{factor:g}": partial(vigour, factor=factor) for factor in (0.7, 1.4)},
        **{f"tempo ×{factor:g}": partial(tempo, factor=factor) for factor in (0.8, 1.25)},
        "a tenth of the samples lost": partial(samples_lost, share=0.1),
        "clock jitter": partial(jitter, deviation=0.25),
        **{f"noise of {share:.0%}": partial(noise, share=share) for share in (0.02, 0.1)},
        "gyroscope bias": partial(gyroscope_bias, rad_s=0.1),
        **{f"without {KINDS[kind]}": partial(without_sensor, sensor=kind) for kind in KINDS},
        **{
            f"without unit {place}": partial(without_unit, placement=place)
            for place in dict.fromkeys(map(placement_of, channels))
        },
    }
    if _most_units(x, channels) > 1:
        del shifts["other side"]  # each device would go to another's place
    return {name: shift for name, shift in shifts.items() if _may_happen(x, channels, shift)}


def _may_happen(x: Tensor, channels: tuple[str, ...], shift: Shift) -> bool:
    """Whether it changes anything (but for "none") and leaves every window a signal."""
    if shift is unchanged:
        return True
    y = shift(x, channels)
    same = torch.equal(y.nan_to_num(), x.nan_to_num()) and torch.equal(y.isnan(), x.isnan())
    return not same and not bool(y.isnan().all(dim=(1, 2)).any())


def _most_units(x: Tensor, channels: tuple[str, ...]) -> int:
    """How many devices are worn at once."""
    places = [placement_of(name) for name in channels]
    units = [
        ~x[:, [one == place for one in places]].isnan().all(dim=(1, 2)) for place in set(places)
    ]
    return int(torch.stack(units).sum(dim=0).max())


def _silenced(x: Tensor, lost: list[bool]) -> Tensor:
    return x.masked_fill(torch.tensor(lost, device=x.device)[:, None], math.nan)


def _seeded() -> torch.Generator:
    return torch.Generator().manual_seed(SEED)
