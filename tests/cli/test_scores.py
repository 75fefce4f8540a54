from distride.cli.scores import scored, scores_of


def test_a_line_for_each_model_of_each_task():
    model = {"mae": 5.0, "worst": ["ann", 7.25]}
    results = {
        "protocol": {
            "tasks": ["heart_rate", "label"],
            "labels": {"heart_rate": [], "label": ["walk", "run"]},
            "units": {"heart_rate": "bpm"},
        },
        "models": {"student": model, "extra_trees": None},
        "other_tasks": {"label": {"models": {"student": {"macro_f1": 0.5, "worst": ["bo", 0.25]}}}},
    }
    heart, first, label, second = scores_of(results)
    assert (heart, label) == ("heart_rate:", "label:")
    assert first.split(maxsplit=1) == [
        "student",
        f"{scored('mae', 5.0, 'bpm')}   worst ann 7.250",
    ]
    assert second.split(maxsplit=1)[1] == "macro-F1 0.500   worst bo 0.250"
