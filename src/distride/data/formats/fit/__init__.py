"""FIT of Garmin, Wahoo, COROS, Polar, Strava and others, also chained or packed."""

from distride.data.formats.fit.reader import SOURCE

__all__ = ["SOURCE"]
