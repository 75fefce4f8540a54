"""Runs: the main job from a cohort to a bundle, personal heads and honest numbers."""

from distride.runs.evaluate import evaluate
from distride.runs.train import Run, train
from distride.runs.transfer import Transfer, transfer

__all__ = ["Run", "Transfer", "evaluate", "train", "transfer"]
