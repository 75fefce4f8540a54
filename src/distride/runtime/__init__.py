"""The device side: numpy and onnxruntime, no torch."""

from distride.runtime.events import Advice, Event, Heart, Quality, Severity, State, Voice, to_json
from distride.runtime.predictor import Prediction, Predictor
from distride.runtime.recordings import read_recordings
from distride.runtime.smoothing import Smoother, Smoothing, smooth
from distride.runtime.stream import Stream
from distride.runtime.student import Student

__all__ = [
    "Advice",
    "Event",
    "Heart",
    "Prediction",
    "Predictor",
    "Quality",
    "Severity",
    "Smoother",
    "Smoothing",
    "State",
    "Stream",
    "Student",
    "Voice",
    "read_recordings",
    "smooth",
    "to_json",
]
