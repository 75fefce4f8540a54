"""Vendor files: FIT, TCX, GPX and the CSV dialects.

A reader knows one format and no other reader. The first source that detects a file reads it, so
those that look at more of a file stand first.
"""

from distride.data.formats import (
    android_watch,
    axivity,
    empatica,
    fit,
    garmin_sdk,
    gpx,
    hrm,
    mapped,
    metamotion,
    no_series,
    phyphox,
    polar,
    tcx,
    umafall,
)
from distride.data.formats.mapped import mapped_source, misfit, read_mapping
from distride.data.source import Source

SOURCES: tuple[Source, ...] = (
    fit.SOURCE,
    tcx.SOURCE,
    gpx.SOURCE,
    hrm.SOURCE,
    metamotion.SOURCE,
    polar.SOURCE,
    empatica.SOURCE,
    axivity.SOURCE,
    garmin_sdk.SOURCE,
    android_watch.SOURCE,
    phyphox.SOURCE,
    umafall.SOURCE,
    no_series.SOURCE,
    mapped.SOURCE,
)

__all__ = ["SOURCES", "mapped_source", "misfit", "read_mapping"]
