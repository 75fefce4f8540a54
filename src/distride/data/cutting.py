"""Windows of one recording and what they show: the same for training and for a device."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from distride.data.recording import Recording
from distride.signals import SignalSpec, Window, Windower, measured_hz

PURITY = 0.9  # share of a window's samples that one label must cover
ROWS_AT_ONCE = 65_536  # bounds the copies while a long recording is cut


def windows_in(recording: Recording, spec: SignalSpec) -> Iterator[Window]:
    """All windows of a recording that hold a signal, in the order of time."""
    windower = Windower(spec, measured_hz(recording.t))
    for start in range(0, len(recording.t), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        yield from _heard(windower.push(recording.t[rows], recording.samples(spec.channels, rows)))
    yield from _heard(windower.flush())


def class_in(
    recording: Recording, task: str, span_s: tuple[float, float], purity: float = PURITY
) -> str:
    """The one label that covers a stretch of time; empty if there is none.

    Args:
        recording: Where.
        task: Column of texts.
        span_s: From when to when, on the recording's clock.
        purity: Share of the stretch's samples that the label must cover.
    """
    name, share = commonest_in(recording, task, span_s)
    return name if share >= purity else ""


def commonest_in(recording: Recording, task: str, span_s: tuple[float, float]) -> tuple[str, float]:
    """The commonest label of a stretch of time, and its share of the samples there."""
    if task not in recording.labels:
        return "", 0.0
    names = recording.labels[task][_inside(recording, span_s)].tolist()
    name, count = Counter(names).most_common(1)[0] if names else ("", 0)
    return str(name), count / max(1, len(names))


def mean_in(recording: Recording, task: str, span_s: tuple[float, float]) -> float:
    """Mean of a column of numbers over a stretch of time; NaN where nothing is known."""
    values = recording.channels[task][_inside(recording, span_s)]
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _inside(recording: Recording, span_s: tuple[float, float]) -> slice:
    return slice(*np.searchsorted(recording.t, span_s))


def _heard(windows: list[Window]) -> Iterator[Window]:
    """Windows with a signal: silence teaches nothing."""
    return (window for window in windows if np.isfinite(window.samples).any())
