"""A simulated watch obeys mechanics: gravity, turning and lifting agree with each other."""

from dataclasses import replace

import numpy as np
import pytest

from distride.data.simulate import device as module
from distride.data.simulate.device import Device, draw_device, rotation, rotations, sensed
from distride.data.simulate.person import draw_person
from distride.signals import GRAVITY_MS2

RATE_HZ = 200.0
T = np.arange(600) / RATE_HZ
EVEN = Device(np.eye(3), np.zeros(3), np.zeros(3))
RIGHT = replace(draw_person(np.random.default_rng(0)), left=False)
STILL = np.zeros((len(T), 3))
GROUND = np.zeros(len(T))
INNER = slice(2, -2)  # differences are one-sided at the ends


@pytest.fixture(autouse=True)
def _without_noise(monkeypatch):
    monkeypatch.setattr(module, "NOISE_MS2", 0.0)
    monkeypatch.setattr(module, "NOISE_RADS", 0.0)


def sense(angles=STILL, height_m=GROUND, person=RIGHT, device=EVEN):
    rng = np.random.default_rng(0)
    acc, gyr = sensed(person, device, (angles, height_m), RATE_HZ, rng)
    return acc[INNER], gyr[INNER]


def swinging():
    return np.stack([0.3 * np.sin(4 * T), 0.8 * np.cos(3 * T), 0.5 * np.sin(2 * T)], axis=1)


def test_a_turn_about_each_axis_in_turn():
    turn = rotation(0.1, 0.2, 0.3)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1.0)
    parts = rotation(0.1, 0, 0), rotation(0, 0.2, 0), rotation(0, 0, 0.3)
    np.testing.assert_allclose(turn, parts[2] @ parts[1] @ parts[0], atol=1e-12)


def test_at_rest_there_is_gravity_and_no_turning():
    acc, gyr = sense(STILL + np.array([0.4, 0.7, 0.2]))
    np.testing.assert_allclose(np.linalg.norm(acc, axis=1), GRAVITY_MS2)
    np.testing.assert_allclose(gyr, 0, atol=1e-12)


@pytest.mark.parametrize("axis", range(3))
def test_the_gyroscope_tells_radians_a_second(axis):
    angles = STILL.copy()
    angles[:, axis] = 0.5 * T
    _, gyr = sense(angles)
    expected = np.zeros(3)
    expected[axis] = 0.5
    np.testing.assert_allclose(gyr, np.broadcast_to(expected, gyr.shape), atol=1e-4)


def test_gravity_turns_as_the_gyroscope_says():
    """A vector at rest in the world, seen from a turning watch: ``dg/dt = −ω × g``."""
    acc, gyr = sense(swinging())
    np.testing.assert_allclose(np.linalg.norm(acc, axis=1), GRAVITY_MS2)
    change = np.gradient(acc, 1 / RATE_HZ, axis=0)
    np.testing.assert_allclose(change[2:-2], -np.cross(gyr, acc)[2:-2], atol=0.05)


def test_lifting_adds_its_acceleration_to_gravity():
    height_m = 0.3 * (1 - np.cos(5 * T)) / 2
    acc, _ = sense(height_m=height_m)
    expected = GRAVITY_MS2 + 0.15 * 25 * np.cos(5 * T[INNER])
    np.testing.assert_allclose(acc[2:-2, 2], expected[2:-2], atol=0.01)


def test_the_left_wrist_is_the_mirror_image_of_the_right():
    acc, gyr = sense(swinging())
    left_acc, left_gyr = sense(swinging(), person=replace(RIGHT, left=True))
    np.testing.assert_allclose(left_acc, acc * [1, -1, 1])
    np.testing.assert_allclose(left_gyr, gyr * [-1, 1, -1])
    change = np.gradient(left_acc, 1 / RATE_HZ, axis=0)  # mechanics hold in the mirror too
    np.testing.assert_allclose(change[2:-2], -np.cross(left_gyr, left_acc)[2:-2], atol=0.05)


def test_a_watch_worn_otherwise_sees_the_same_in_its_own_frame():
    mounting = rotation(0.3, -0.2, 0.5)
    worn = Device(mounting, np.array([0.1, 0.0, -0.1]), np.array([0.02, 0.0, 0.0]))
    (acc, gyr), (own_acc, own_gyr) = sense(swinging()), sense(swinging(), device=worn)
    np.testing.assert_allclose(own_acc - worn.acc_bias, acc @ mounting.T)
    np.testing.assert_allclose(own_gyr - worn.gyr_bias, gyr @ mounting.T)


def test_the_fit_of_a_day_is_the_athletes_habit_and_a_little_slip():
    habit = np.array([0.4, -0.3, 0.2])
    rng = np.random.default_rng(0)
    away = [draw_device(rng, habit).mounting @ rotation(*habit).T for _ in range(200)]
    slip = np.arccos(np.clip((np.trace(away, axis1=1, axis2=2) - 1) / 2, -1, 1))
    assert 0.05 < np.sqrt((slip**2).mean()) < 0.25
    assert rotations(np.zeros((2, 3))).shape == (2, 3, 3)
