"""Runs: the main job from a cohort to a bundle, personal heads and honest numbers."""

from distride.runs.evaluate import evaluate
from distride.runs.train import Run, train

__all__ = ["Run", "evaluate", "train"]
