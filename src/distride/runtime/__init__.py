"""The device side: numpy and onnxruntime, no torch."""

from distride.runtime.events import Event, Quality, State, to_json
from distride.runtime.predictor import Prediction, Predictor
from distride.runtime.recordings import read_recordings
from distride.runtime.smoothing import Smoother, Smoothing, smooth
from distride.runtime.stream import Stream
from distride.runtime.student import Student

__all__ = [
    "Event",
    "Prediction",
    "Predictor",
    "Quality",
    "Smoother",
    "Smoothing",
    "State",
    "Stream",
    "Student",
    "read_recordings",
    "smooth",
    "to_json",
]
