"""What a head is, and how it becomes an athlete's own, in closed form (numpy only)."""

from distride.heads.asking import Suggestion, next_movement
from distride.heads.calibration import (
    bin_of,
    calibration_bins,
    error_of_bins,
    expected_calibration_error,
    fit_temperature,
    log_loss,
)
from distride.heads.familiarity import Familiarity, Likeness, OwnFamiliarity
from distride.heads.guard import GuardVerdict, guarded
from distride.heads.linear import Head, Linear, softmax
from distride.heads.many import Calibration, Guard
from distride.heads.personal import personalize
from distride.heads.shared import fit_head, one_hot, trained_head, with_one

__all__ = [
    "Calibration",
    "Familiarity",
    "Guard",
    "GuardVerdict",
    "Head",
    "Likeness",
    "Linear",
    "OwnFamiliarity",
    "Suggestion",
    "bin_of",
    "calibration_bins",
    "error_of_bins",
    "expected_calibration_error",
    "fit_head",
    "fit_temperature",
    "guarded",
    "log_loss",
    "next_movement",
    "one_hot",
    "personalize",
    "softmax",
    "trained_head",
    "with_one",
]
