"""Signals (numpy only): what training and the device share, so that they cannot differ."""

from distride.signals.resample import Resampler, measured_hz
from distride.signals.scale import CLIP, Scaler
from distride.signals.spec import (
    GRAVITY_MS2,
    HEART_RATE,
    SignalSpec,
    placement_of,
    sensor_of,
    triads,
)
from distride.signals.window import Window, Windower, windows_of

__all__ = [
    "CLIP",
    "GRAVITY_MS2",
    "HEART_RATE",
    "Resampler",
    "Scaler",
    "SignalSpec",
    "Window",
    "Windower",
    "measured_hz",
    "placement_of",
    "sensor_of",
    "triads",
    "windows_of",
]
