"""Signals (numpy only): what training and the device share, so that they cannot differ."""

from distride.signals.grid import Grid, Held
from distride.signals.quality import heard_shares
from distride.signals.resample import HOLD_S, Resampler, longest_gap_s, measured_hz
from distride.signals.scale import CLIP, Scaler
from distride.signals.spec import (
    GRAVITY_MS2,
    HEART_RATE,
    SignalSpec,
    is_optical,
    is_waveform,
    placement_of,
    sensor_of,
    sensors,
    triads,
    units_of,
)
from distride.signals.together import frames_together
from distride.signals.window import Window, Windower

__all__ = [
    "CLIP",
    "GRAVITY_MS2",
    "HEART_RATE",
    "HOLD_S",
    "Grid",
    "Held",
    "Resampler",
    "Scaler",
    "SignalSpec",
    "Window",
    "Windower",
    "frames_together",
    "heard_shares",
    "is_optical",
    "is_waveform",
    "longest_gap_s",
    "measured_hz",
    "placement_of",
    "sensor_of",
    "sensors",
    "triads",
    "units_of",
]
