"""Vendor files: FIT, TCX, GPX and the CSV dialects."""
