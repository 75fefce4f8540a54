"""Audit: what is wrong with a cohort before anybody believes a number from it."""

from distride.data.audit.checks import audit, invalidates
from distride.data.audit.finding import KINDS, SEVERITIES, Finding, Kind, Severity, Where

__all__ = [
    "KINDS",
    "SEVERITIES",
    "Finding",
    "Kind",
    "Severity",
    "Where",
    "audit",
    "invalidates",
]
