"""The wrist and the watch on it: from angles of the forearm to what the sensors give."""

from dataclasses import dataclass

import numpy as np

from distride.data.simulate.person import Person
from distride.signals import GRAVITY_MS2

MIRROR = np.array([1.0, -1.0, 1.0])  # the other arm, seen from one's own middle
NOISE_MS2, NOISE_RADS = 0.25, 0.04


@dataclass(frozen=True)
class Device:
    """How a watch sits in one session.

    Attributes:
        mounting: ``(3, 3)`` rotation from the wrist to the watch.
        acc_bias: ``(3,)`` m/s².
        gyr_bias: ``(3,)`` rad/s.
    """

    mounting: np.ndarray
    acc_bias: np.ndarray
    gyr_bias: np.ndarray


def draw_device(rng: np.random.Generator, habit: np.ndarray) -> Device:
    """Today's fit: the athlete's habit ``(3,)`` radians, and a little slip."""
    return Device(
        rotation(*(habit + rng.normal(0, 0.08, 3))),
        rng.normal(0, 0.1, 3),
        rng.normal(0, 0.02, 3),
    )


def rotation(x: float, y: float, z: float) -> np.ndarray:
    """``(3, 3)`` turn by angles about x, then y, then z."""
    return np.asarray(rotations(np.array([[x, y, z]]))[0])


def rotations(angles: np.ndarray) -> np.ndarray:
    """``(time, 3, 3)`` from angles ``(time, 3)`` about x, then y, then z."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles.T), np.sin(angles.T)
    rows = [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx],
        [-sy, cy * sx, cy * cx],
    ]
    return np.moveaxis(np.array(rows), 2, 0)


def sensed(
    person: Person,
    device: Device,
    motion: tuple[np.ndarray, np.ndarray],
    rate_hz: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Accelerometer (m/s², with gravity) and gyroscope (rad/s), each ``(time, 3)``.

    The gyroscope is the turning of the very orientation that turns gravity, so the two agree.

    Args:
        person: Left or right wrist.
        device: How it sits.
        motion: Angles ``(time, 3)`` and height of the wrist ``(time,)``, metres.
        rate_hz: Of the samples.
        rng: Of the noise.
    """
    angles, height_m = motion
    turn = rotations(angles)
    lift = np.gradient(np.gradient(height_m, 1 / rate_hz), 1 / rate_hz)
    force = np.zeros((len(angles), 3))
    force[:, 2] = GRAVITY_MS2 + lift
    acc = np.einsum("tji,tj->ti", turn, force)
    spin = np.einsum("tji,tjk->tik", turn, np.gradient(turn, 1 / rate_hz, axis=0))
    gyr = np.stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]], axis=1)
    if person.left:
        acc, gyr = acc * MIRROR, gyr * -MIRROR
    acc, gyr = acc @ device.mounting.T, gyr @ device.mounting.T
    return (
        acc + device.acc_bias + rng.normal(0, NOISE_MS2, acc.shape),
        gyr + device.gyr_bias + rng.normal(0, NOISE_RADS, gyr.shape),
    )
