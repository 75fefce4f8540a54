from distride.report.languages import speak
from distride.report.summary import headline, personal, ships, summary, unseen, who


def english(said) -> str:
    return speak("en", *said)


def test_the_headline_follows_the_score(examples):
    results = examples["swimming"]()
    keys = []
    results["models"]["student"]["per_athlete"] = {"anna": 0.9, "bo": 0.7}
    for reached in (0.95, 0.85, 0.7, 0.3, None):
        results["models"]["student"]["macro_f1"] = reached
        results["distillation"]["shipped"] = "student"
        results["models"]["student_alone"] = None
        results["models"]["student_label_smoothing"] = None
        results["models"]["student_hard_labels"] = None
        keys.append(headline(results).key)
    assert keys == [f"headline_{grade}" for grade in ("strong", "good", "fair", "poor", "none")]


def test_scores_are_of_each_folds_own_choice_where_they_differ(examples):
    results = examples["swimming"]()
    shipped = results["models"]["student"]
    lower = {athlete: f1 - 0.2 for athlete, f1 in shipped["per_athlete"].items()}
    results["models"]["as_shipped"] = shipped | {"macro_f1": 0.7, "per_athlete": lower}
    assert headline(results).key == "headline_fair"
    assert "each fold’s own choice" in english(ships(results)[1:2])


def test_what_fails_on_somebody_is_not_called_reliable(examples):
    results = examples["swimming"]()
    results["models"]["student"] |= {"macro_f1": 0.95, "per_athlete": {"anna": 0.99, "bo": 0.3}}
    results["models"].pop("as_shipped", None)
    assert headline(results).key == "headline_good"


def test_a_run_for_speed_is_only_a_first_look(examples):
    results = examples["swimming"]()
    results["protocol"] |= {"folds_run": 3, "folds": 10}
    assert headline(results).key == "headline_few"


def test_a_placebo_stands_beside_own_windows_without_the_guard(examples):
    results = examples["swimming"]()
    one = {"student": [0.8, 0.8, 0.7], "guarded": [0.8, 0.8, 0.8], "placebo": [0.8, 0.8, 0.75]}
    results["personalization"]["per_athlete"] = {"Anna": one, "Bo": one}
    said = english(personal(results))
    assert "Without the guard they change it by −10.0 points" in said
    assert "another athlete by −5.0 (placebo)" in said.replace(" points (placebo)", " (placebo)")


def test_one_athlete_is_only_a_first_look(examples):
    results = examples["speed_run"]()
    assert headline(results).key == "headline_few"
    assert [sentence.key for _, sentence in who(results)] == ["personal_single"]


def test_the_coach_hears_what_it_does(examples):
    said = english(summary(examples["swimming"]()).does)
    assert said == (
        "From every 3 s of acceleration and rotation rate (a window) it names one of 5 movements: "
        "backstroke, breaststroke, butterfly, freestyle and turn."
    )


def test_who_gains_and_who_is_harmed_is_named(examples):
    results = examples["swimming"]()
    series = {"student": [0.8, 0.8, 0.9], "guarded": [0.8, 0.8, 0.9], "placebo": [0.8, 0.8, 0.81]}
    harmed = {name: [0.9, 0.9, 0.85] for name in series}
    same = {name: [0.7, 0.7, 0.704] for name in series}
    results["personalization"]["per_athlete"] = {"Anna": series, "Bo": harmed, "Cai": same}
    said = english(sentence for _, sentence in who(results))
    assert said == "1 athlete gains: Anna (+10.0). 1 athlete hardly changes. " + (
        "1 athlete gets worse: Bo (−5.0)."
    )
    assert [tone for tone, _ in who(results)] == ["gains", "same", "harmed"]
    assert "no clear difference" in english(personal(results))
    assert "at most 45 s of recording" in english(personal(results))


def test_why_a_model_ships(examples):
    assert [one.key for one in ships(examples["swimming"]())] == ["ships_student", "gain_none"]
    alone = examples["daily"]()
    assert [one.key for one in ships(alone)] == ["ships_student_alone", "gain_negative"]
    alone["distillation"] |= {"gain": 0.02, "interval": [0.01, 0.03]}
    assert ships(alone)[1].key == "gain_positive"
    alone["distillation"]["gain"] = None
    assert ships(alone)[1].key == "gain_missing"
    assert ships(examples["speed_run"]())[1].key == "gain_no_interval"
    assert ships({})[0].key == "ships_missing"


def test_a_classic_method_is_named_beside_the_student(examples):
    results = examples["swimming"]()
    peer = results["models"]["extra_trees"]
    peer["macro_f1"] = 0.99
    for gain, key in ((0.02, "peer_better"), (0.0, "peer_equal"), (-0.02, "peer_worse")):
        peer["shipped_gain"] = {"gain": gain, "interval": [gain - 0.01, gain + 0.01]}
        assert unseen(results)[-1].key == key
