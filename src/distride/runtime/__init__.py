"""The device side: numpy and onnxruntime, no torch."""

from distride.runtime.adapt import fingerprint
from distride.runtime.checks import check_channels, check_rate
from distride.runtime.crowd import Crowd
from distride.runtime.event_log import read_events
from distride.runtime.events import (
    Advice,
    Drift,
    Event,
    Heart,
    Quality,
    Severity,
    State,
    Voice,
    to_json,
)
from distride.runtime.folders import athlete_folder, remove_folder
from distride.runtime.predictor import Prediction, Predictor
from distride.runtime.recordings import read_recordings
from distride.runtime.set_events import Comparison, Rep, SetEnded, SetStarted, Technique
from distride.runtime.smoothing import Smoother, Smoothing, smooth
from distride.runtime.stream import Stream
from distride.runtime.student import Student
from distride.runtime.versions import Versions, athletes_in, is_calibrated, live_in, versions_of

__all__ = [
    "Advice",
    "Comparison",
    "Crowd",
    "Drift",
    "Event",
    "Heart",
    "Prediction",
    "Predictor",
    "Quality",
    "Rep",
    "SetEnded",
    "SetStarted",
    "Severity",
    "Smoother",
    "Smoothing",
    "State",
    "Stream",
    "Student",
    "Technique",
    "Versions",
    "Voice",
    "athlete_folder",
    "athletes_in",
    "check_channels",
    "check_rate",
    "fingerprint",
    "is_calibrated",
    "live_in",
    "read_events",
    "read_recordings",
    "remove_folder",
    "smooth",
    "to_json",
    "versions_of",
]
