"""Fresh views of windows, varied as devices and people vary; randomness comes with each call."""

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from distride.config import AugmentationRecipe, Switch
from distride.signals import placement_of, sensor_of, sensors, triads
from distride.signals.spec import MOTION

SLIPPED, NEARLY = 0.5, 0.25  # share of windows turned in full; how far the others are turned
MIRRORED = 0.5  # chance that a window is seen as from a device on the other arm
ARM = ("wrist", "arm", "hand", "watch")


@dataclass(frozen=True)
class Rig:
    """Which channels turn together, which are lost together, and what a mirror does to them.

    Attributes:
        triads: Positions of each sensor's x, y, z.
        pseudo: For each triad, whether a mirror image keeps what it turns (rates, fields).
        sensors: Positions of each sensor's channels, triads and single ones.
        moving: For each sensor, whether it senses motion.
        losses: Numbers of the sensors that are lost together: each alone, all of a kind, a unit.
        mirrored: Chance that a window is seen as from a device on the other arm.
    """

    triads: tuple[tuple[int, int, int], ...]
    pseudo: tuple[bool, ...]
    sensors: tuple[tuple[int, ...], ...]
    moving: tuple[bool, ...]
    losses: tuple[tuple[int, ...], ...]
    mirrored: float = 0.0

    @classmethod
    def of(cls, channels: tuple[str, ...], mirror: Switch = "auto") -> "Rig":
        """Read the rig off the channels' names.

        A single device on an arm is worn left by some and right by others, which is a mirror
        image; several devices, or one on the trunk, are not.
        """
        found = triads(channels)
        pseudo = tuple(sensor_of(channels[x]) != "acc" for x, _, _ in found)
        places = {placement_of(channels[x]) for x, _, _ in found}
        on_arm = len(places) == 1 and any(part in place for part in ARM for place in places)
        chance = MIRRORED * (mirror == "on" or (mirror == "auto" and on_arm))
        every = sensors(channels)
        names = tuple(channels[first] for first, *_ in every)
        moving = tuple(bool(MOTION.match(name)) for name in names)
        return cls(found, pseudo, every, moving, _losses(names, moving), chance)


def augment(x: Tensor, rig: Rig, recipe: AugmentationRecipe, generator: torch.Generator) -> Tensor:
    """A new view of raw windows ``(batch, channel, time)`` in SI units, NaN where absent.

    Args:
        x: Windows before scaling: a rotation mixes axes and needs their common unit.
        rig: What turns together.
        recipe: How strong each variation is.
        generator: Where the randomness comes from.
    """
    if rig.triads and (recipe.rotation_deg or recipe.half_turn or rig.mirrored):
        x = turned(x, rig, recipe, generator)
    if recipe.amplitude:
        factor = torch.exp(recipe.amplitude * torch.randn(len(x), 1, 1, generator=generator))
        mean = x.nanmean(dim=2, keepdim=True)  # gravity and posture do not grow with vigour
        x = torch.lerp(mean, x, factor)
    if recipe.time_warp:
        x = time_warped(x, recipe.time_warp, generator)
    if recipe.channel_drop and len(rig.sensors) > 1:
        x = dropped(x, rig, recipe.channel_drop, generator)
    return x


def turned(x: Tensor, rig: Rig, recipe: AugmentationRecipe, generator: torch.Generator) -> Tensor:
    """Slip the device by one small rotation a window; sometimes put it on quite otherwise.

    By chance it is turned by half about one of its axes, and moved to the other wrist.

    On the other wrist a movement is its mirror image: with x along the forearm the acceleration
    (a vector) changes the sign of x, the angular rate (a pseudo-vector) that of y and z.
    """
    matrices = _rotations(len(x), math.radians(recipe.rotation_deg), generator)
    if recipe.half_turn:
        matrices = matrices @ _half_turns(len(x), recipe.half_turn, generator)
    flipped = torch.rand(len(x), generator=generator) < rig.mirrored
    return rotated(mirrored(x, rig, flipped), rig, matrices)


def rotated(x: Tensor, rig: Rig, matrices: Tensor) -> Tensor:
    """Turn all sensors of each window alike: ``(batch, 3, 3)``."""
    axes = torch.tensor(rig.triads).T.flatten()  # all x, all y, all z
    vectors = x.index_select(1, axes).view(len(x), 3, -1)  # one product a window, not a triad
    return x.index_copy(1, axes, torch.bmm(matrices, vectors).view(len(x), -1, x.shape[2]))


def mirrored(x: Tensor, rig: Rig, which: Tensor) -> Tensor:
    """Some of the windows ``(batch,)`` as their mirror image across the plane normal to x."""
    sign = torch.ones(len(x), x.shape[1])
    for (along, *across), pseudo in zip(rig.triads, rig.pseudo, strict=True):
        sign[:, across if pseudo else [along]] = torch.where(which, -1.0, 1.0)[:, None]
    return x * sign[:, :, None]


def time_warped(x: Tensor, deviation: float, generator: torch.Generator) -> Tensor:
    """Play each window slower or faster; see `played`."""
    return played(x, torch.exp(deviation * torch.randn(len(x), 1, generator=generator)))


def played(x: Tensor, tempo: Tensor) -> Tensor:
    """Each window at its tempo ``(batch, 1)`` about its middle; what is missing is reflected."""
    last = x.shape[2] - 1
    at = last / 2 + (torch.arange(last + 1) - last / 2) * tempo  # (batch, time)
    return read_at(x, (last - (last - at.abs()).abs()).clamp(0, last))


def read_at(x: Tensor, at: Tensor) -> Tensor:
    """Each window between its samples, at ``(batch, time)`` of them."""
    batch, channels, samples = x.shape
    left = at.floor().long().clamp(max=samples - 2)
    index = left[:, None, :].expand(batch, channels, samples)
    part = (at - left)[:, None, :]
    return torch.lerp(x.gather(2, index), x.gather(2, index + 1), part)


def dropped(x: Tensor, rig: Rig, chance: float, generator: torch.Generator) -> Tensor:
    """Lose sensors, as when a strap slips off, a unit falls out or all gyroscopes are off.

    Of the motion sensors that a window has, one stays: without any a device says nothing.
    """
    channels_of = _incidence(rig.sensors, x.shape[1]).to(x.device)
    happens = torch.rand(len(x), len(rig.losses), generator=generator) < chance
    together = _incidence(rig.losses, len(rig.sensors)).to(x.device)
    lost = happens.float() @ together > 0  # (batch, sensor)
    heard = x.nan_to_num(-math.inf).amax(dim=2) > -math.inf  # (batch, channel)
    there = heard.float() @ channels_of.T > 0
    may_stay = there & torch.tensor(rig.moving)
    nothing_left = ~(may_stay & ~lost).any(dim=1, keepdim=True)
    luck = torch.rand(lost.shape, generator=generator).where(may_stay, -1.0)
    stays = torch.zeros_like(lost).scatter(1, luck.argmax(dim=1, keepdim=True), nothing_left)
    lost &= ~stays
    silence = torch.where(lost.float() @ channels_of > 0, math.nan, 0.0)
    return x + silence[:, :, None]


@cache
def _incidence(groups: tuple[tuple[int, ...], ...], members: int) -> Tensor:
    """``(group, member)``, in the host's memory: 1 where a member belongs to a group."""
    table = torch.zeros(len(groups), members, device="cpu")
    for row, group in zip(table, map(list, groups), strict=True):
        row[group] = 1.0
    return table


def _losses(names: tuple[str, ...], moving: tuple[bool, ...]) -> tuple[tuple[int, ...], ...]:
    """Each sensor, those of a kind, those of a unit; only what leaves one that moves.

    Args:
        names: Of a channel of each sensor.
        moving: For each sensor, whether it senses motion.
    """
    properties = (lambda name: name, sensor_of, placement_of)
    groups = {
        tuple(n for n, other in enumerate(names) if of(other) == of(name))
        for of in properties
        for name in names
    }
    vital = {n for n, moves in enumerate(moving) if moves or not any(moving)}
    return tuple(sorted(group for group in groups if vital - set(group)))


def _rotations(count: int, deviation: float, generator: torch.Generator) -> Tensor:
    """Matrices ``(count, 3, 3)``: a normal angle about a uniform axis (Rodrigues' formula).

    Most devices sit nearly as they should and some slip a lot: in half the windows the angle is a
    quarter as wide.
    """
    axis = torch.nn.functional.normalize(torch.randn(count, 3, generator=generator), dim=1)
    slipped = torch.rand(count, 1, 1, generator=generator) < SLIPPED
    angle = torch.where(slipped, 1.0, NEARLY) * deviation
    angle = angle * torch.randn(count, 1, 1, generator=generator)
    zero = torch.zeros(count)
    x, y, z = axis.unbind(1)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=1).view(count, 3, 3)
    return torch.eye(3) + torch.sin(angle) * cross + (1 - torch.cos(angle)) * (cross @ cross)


def _half_turns(count: int, chance: float, generator: torch.Generator) -> Tensor:
    """Matrices ``(count, 3, 3)``: by chance half a turn about x, y or z, all alike likely."""
    axis = torch.randint(3, (count, 1), generator=generator)
    signs = torch.full((count, 3), -1.0).scatter(1, axis, 1.0)
    signs[torch.rand(count, generator=generator) >= chance] = 1.0
    return torch.diag_embed(signs)
