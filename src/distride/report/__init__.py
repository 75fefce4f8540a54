"""`results.json` to one self-contained page: plain words at the top, the evidence below."""

from distride.report.page import render, write_report

__all__ = ["render", "write_report"]
