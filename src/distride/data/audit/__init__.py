"""Audit: what is wrong with a cohort before anybody believes a number from it."""

from distride.data.audit.checks import audit, invalidates
from distride.data.audit.finding import SEVERITIES, Finding, Severity, Where

__all__ = ["SEVERITIES", "Finding", "Severity", "Where", "audit", "invalidates"]
