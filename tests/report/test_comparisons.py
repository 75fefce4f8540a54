import pytest

from distride.report import comparisons


def test_an_interval_needs_three_athletes():
    assert comparisons.difference([]) is None
    assert comparisons.difference([0.1, 0.2]).interval is None
    assert comparisons.difference([0.1, 0.2, 0.3]).mean == pytest.approx(0.2)
    assert comparisons.difference([0.1, 0.2, 0.3]).sign == 0  # three of one sign may be chance
    assert comparisons.difference([0.2, 0.21, 0.22]).sign == 1
    assert comparisons.difference([-0.2, -0.21, -0.22]).sign == -1
    assert comparisons.difference([-0.1, 0.0, 0.1]).sign == 0


@pytest.mark.parametrize(
    ("gain", "verdict"), [(0.006, "gains"), (0.005, "same"), (-0.005, "same"), (-0.006, "harmed")]
)
def test_half_a_point_is_no_change(gain, verdict):
    assert comparisons.Change("Anna", 0.8, 0.8 + gain, live=True).verdict == verdict


def test_the_shipped_model_is_the_stated_one_with_a_score(examples):
    results = examples["daily"]()
    assert comparisons.shipped(results) == "student_alone"
    results["models"]["student_alone"] = None
    assert comparisons.shipped(results) == "student"
    assert comparisons.shipped({}) == "student"


def test_where_folds_chose_unlike_students_each_choice_counts(examples):
    results = examples["daily"]()
    alone = results["models"]["student_alone"]
    results["models"]["as_shipped"] = alone  # all chose what ships in the end
    assert comparisons.shipped(results) == "student_alone"
    assert "as_shipped" not in comparisons.model_names(results)
    worse = {athlete: f1 - 0.1 for athlete, f1 in alone["per_athlete"].items()}
    results["models"]["as_shipped"] = alone | {"macro_f1": 0.7, "per_athlete": worse}
    assert comparisons.shipped(results) == "as_shipped"
    assert comparisons.model_names(results)[0] == "as_shipped"


def test_the_coach_hears_of_three_shots_or_the_most():
    assert comparisons.coach_shots({"personalization": {"shots": [0, 1, 3, 5]}}) == (2, 3)
    assert comparisons.coach_shots({"personalization": {"shots": [0, 1, 2]}}) == (2, 2)
    assert comparisons.coach_shots({"personalization": {"shots": [0]}}) is None


def test_a_change_is_what_goes_live(examples):
    results = examples["swimming"]()
    series = {"student": [0.8, 0.8, 0.7], "guarded": [0.8, 0.8, 0.8], "live": [False] * 3}
    results["personalization"]["per_athlete"] = {"Anna": series}
    assert comparisons.changes(results) == [comparisons.Change("Anna", 0.8, 0.8, live=False)]
    del series["guarded"]
    assert comparisons.changes(results)[0].after == 0.7
