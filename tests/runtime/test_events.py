import json

from distride.runtime import Quality, Rep, SetEnded, SetStarted, State, to_json


def test_every_event_is_one_line_that_names_its_kind():
    state = State(3.0, "label", "跳", 0.75)
    gap = Quality(4.0, "gap", ("a", "b"), "No samples.", 1.5)
    assert json.loads(to_json(state)) == {
        "event": "state",
        "t_s": 3.0,
        "task": "label",
        "movement": "跳",
        "confidence": 0.75,
        "abstained": False,
        "cause": "",
        "reason": "",
        "value": None,
        "unit": "",
    }
    assert json.loads(to_json(gap))["channels"] == ["a", "b"]
    assert json.loads(to_json(gap))["event"] == "quality"
    assert "\n" not in to_json(state)


def test_sets_and_repetitions_have_the_names_of_the_protocol():
    events = (
        SetStarted(9.0, 2.0, 1, "squat"),
        Rep(9.0, 2.0, 1, 1, "squat", 3.0, 1.2, 1.8, 64.0),
        SetEnded(14.0, 2.0, 9.0, 1, "squat", 2, 3.0, 61.0, 0.95, 0.9),
    )
    lines = [json.loads(to_json(event)) for event in events]
    assert [line["event"] for line in lines] == ["set_started", "rep", "set_ended"]
    assert lines[1]["range_deg"] == 64.0
