"""Runs: the main job from a cohort to a bundle, personal heads and honest numbers."""

from distride.runs.base import Base, base
from distride.runs.evaluate import evaluate
from distride.runs.finetune import Finetuned, finetune
from distride.runs.forget import forget
from distride.runs.train import Run, train
from distride.runs.transfer import Transfer, transfer

__all__ = [
    "Base",
    "Finetuned",
    "Run",
    "Transfer",
    "base",
    "evaluate",
    "finetune",
    "forget",
    "train",
    "transfer",
]
