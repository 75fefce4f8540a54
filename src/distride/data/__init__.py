"""Data: recordings, the cohort folder, and what training cuts from it."""

from distride.data.cohort import Cohort
from distride.data.recording import LABEL, Recording
from distride.data.split import (
    Blocks,
    Fold,
    OwnSplit,
    athlete_folds,
    blocks_of,
    calibration_split,
    shots_of,
    training_groups,
)
from distride.data.windows import UNKNOWN, AthleteWindows, Windowing, Windows, digest_of

__all__ = [
    "LABEL",
    "UNKNOWN",
    "AthleteWindows",
    "Blocks",
    "Cohort",
    "Fold",
    "OwnSplit",
    "Recording",
    "Windowing",
    "Windows",
    "athlete_folds",
    "blocks_of",
    "calibration_split",
    "digest_of",
    "shots_of",
    "training_groups",
]
