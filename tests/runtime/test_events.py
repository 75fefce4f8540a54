import json

from distride.runtime import Quality, State, to_json


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
