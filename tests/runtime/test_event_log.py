import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.errors import DataError
from distride.runtime import (
    Advice,
    Comparison,
    Drift,
    Heart,
    Quality,
    Rep,
    SetEnded,
    SetStarted,
    State,
    Technique,
    read_events,
    to_json,
)
from distride.runtime.event_log import KINDS

EVENTS = (
    State(1.0, "label", "squat", 0.9),
    State(1.0, "rpe", "", None, value=6.5, unit="CR10"),
    Quality(2.0, "gap", ("a", "b"), "Nothing for 3 s.", 3.0),
    Drift(3.0, "gravity", "label", 0.5, 60.0, "Calibrate."),
    Heart(4.0, None, reason="no_data"),
    Heart(5.0, 142.0, 3, "max"),
    SetStarted(6.0, 2.0, 1, "squat"),
    Rep(6.0, 2.0, 1, 1, "squat", 3.0, 1.2, 1.8, 64.0),
    Technique(6.0, 1, 1, "squat", "", None, 0),
    Technique(
        *(12.0, 1, 9, "squat", "half_range", 0.8, 7),
        range=Comparison(72.0, 6.0, 8),
    ),
    SetEnded(14.0, 2.0, 9.0, 1, "squat", 2, 3.0, 61.0, 0.95, 0.9),
    Advice(
        *(20.0, "high", "Ease off now.", "Ease off", "warning", "97, above 90"),
        *({"heart_share": 97.0}, None, "over below 86", "rules"),
    ),
)


def test_every_kind_of_event_comes_back_from_its_line():
    lines = [to_json(event) for event in reversed(EVENTS)]
    assert sorted(map(to_json, read_events(lines, "log"))) == sorted(map(to_json, EVENTS))
    assert {event.event for event in EVENTS} == set(KINDS)
    assert [one.t_s for one in read_events(lines, "log")] == sorted(one.t_s for one in EVENTS)


def changed(**values):
    return json.dumps(json.loads(to_json(EVENTS[0])) | values)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not usable JSON"),
        ("[1]", "its 'event' is None"),
        (changed(event=[]), "its 'event' is []"),
        (changed(event="dance"), "its 'event' is 'dance', and known are state"),
        (changed(task=3), "must be of type str"),
        (changed(extra=3), "unknown keys"),
        (changed(cause="bored"), "allowed are"),
        (to_json(replace(EVENTS[2], kind="weird")), "allowed are"),
        (changed(t_s="NaN"), "must be of type"),
        (to_json(replace(EVENTS[0], t_s=float("nan"))), "not usable JSON"),
    ],
)
def test_a_line_that_is_no_event_is_named(line, message):
    with pytest.raises(DataError, match="Line 2 of 'log' is no event: ") as caught:
        read_events([to_json(EVENTS[0]), line], "log")
    assert message in str(caught.value)


def test_a_log_without_events_is_refused():
    with pytest.raises(DataError, match="holds no event"):
        read_events([""], "log")


@given(st.lists(st.text(max_size=40), max_size=4))
def test_no_text_whatever_is_more_than_an_error(lines):
    with pytest.raises(DataError):
        read_events(lines, "log")
