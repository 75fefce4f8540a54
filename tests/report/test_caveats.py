from distride.report.caveats import caveats
from distride.report.languages import speak


def keys(sentences) -> set[str]:
    return {sentence.key for sentence in sentences}


def test_a_full_run_has_both_sides(examples):
    good, caution = caveats(examples["swimming"]())
    assert {"trust_protocol", "trust_classes", "trust_confidence", "trust_int8"} <= keys(good)
    assert {"caution_athletes", "caution_teacher"} <= keys(caution)


def test_nothing_good_is_said_of_people_after_one_athlete(examples):
    results = examples["speed_run"]()
    results["bundle"]["int8_agreement"] = 0.999
    good, caution = caveats(results)
    assert keys(good) == {"trust_int8"}
    assert {"caution_few", "caution_speed"} <= keys(caution)


def test_a_run_for_speed_claims_nothing_of_people(examples):
    results = examples["swimming"]()
    results["protocol"] |= {"folds_run": 3, "folds": 10}
    good, caution = caveats(results)
    assert keys(good) <= {"trust_int8"}
    assert "caution_speed" in keys(caution)


def test_the_lowest_score_is_not_rounded_up(examples):
    results = examples["swimming"]()
    results["models"]["student"]["per_athlete"] = {"Anna": 0.728, "Bo": 0.9}
    (told,) = [one for one in caveats(results)[0] if one.key == "trust_athletes"]
    assert "0.72" in speak("en", told)


def test_a_guard_that_let_nobody_through_is_no_reason_to_trust(examples):
    results = examples["swimming"]()
    series = {"student": [0.8, 0.8, 0.9], "guarded": [0.8, 0.8, 0.8], "live": [False] * 3}
    people = results["personalization"]["per_athlete"] = {"Anna": series, "Bo": {**series}}
    assert "trust_unharmed" not in keys(caveats(results)[0])
    people["Bo"]["live"] = [False, False, True]
    (told,) = [one for one in caveats(results)[0] if one.key == "trust_unharmed"]
    assert "nobody of the 2 who could be measured" in speak("en", told)


def test_each_weakness_is_told(examples):
    results = examples["swimming"]()
    results["models"]["student"]["ece"] = 0.2
    results["models"]["extra_trees"]["macro_f1"] = 0.99
    results["models"]["extra_trees"]["shipped_gain"] = {"gain": -0.1, "interval": [-0.2, -0.05]}
    results["detail"]["per_class_f1"]["turn"] = 0.2
    results["bundle"] |= {"int8_agreement": 0.9, "parity_max_abs_error": 0.1}
    results["warnings"] = ["something"]
    harmed = {"student": [0.9, 0.9, 0.8], "guarded": [0.9, 0.9, 0.8]}
    results["personalization"]["per_athlete"] = {"Anna": harmed, "Bo": harmed}
    expected = [
        "athletes",
        "classes",
        "confidence",
        "harmed",
        "int8",
        "parity",
        "peer_worse",
        "warnings",
    ]
    assert {f"caution_{key}" for key in expected} <= keys(caveats(results)[1])


def test_a_teacher_that_harms_is_not_passed_over_in_silence(examples):
    assert "caution_teacher_harms" in keys(caveats(examples["daily"]())[1])
    pulse = examples["effort"]()
    pulse["distillation"] |= {"gain": -1.5, "interval": [-2.5, -0.5]}
    assert "caution_teacher_harms" in keys(caveats(pulse)[1])


def test_an_even_squad_is_trusted(examples):
    results = examples["daily"]()
    scores = results["models"]["student_alone"]["per_athlete"]
    results["models"]["student_alone"]["per_athlete"] = dict.fromkeys(scores, 0.9)
    assert "trust_athletes" in keys(caveats(results)[0])


def test_where_no_quantised_body_would_do_the_full_one_is_told(examples):
    results = examples["swimming"]()
    results["bundle"] |= {"quantised": "none", "int8_agreement": 1.0}
    good, caution = caveats(results)
    assert "trust_int8" not in keys(good)
    assert "caution_unquantised" in keys(caution)
