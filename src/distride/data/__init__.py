"""Recordings and cohorts: what is known of athletes, on disk and in memory."""

from distride.data.cohort import Cohort
from distride.data.recording import LABEL, Recording

__all__ = ["LABEL", "Cohort", "Recording"]
