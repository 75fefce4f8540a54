"""Signals (numpy only): what training and the device share, so that they cannot differ."""

from distride.signals.spec import GRAVITY_MS2, HEART_RATE, SignalSpec, sensor_of, triads

__all__ = ["GRAVITY_MS2", "HEART_RATE", "SignalSpec", "sensor_of", "triads"]
