import pytest

from distride.report import plots
from distride.report.axes import axis_of, shortened


@pytest.mark.parametrize("values", [[0.1, 0.2], [0.7], [-0.3, 0.9], [], [1.0, 1.0], [0.0, 1e12]])
def test_an_axis_holds_its_values_and_few_ticks(values):
    axis = axis_of(values)
    assert len(axis.ticks) >= 2
    assert all(axis.low <= value <= axis.high for value in values)
    assert len(axis.ticks) <= 6


def test_curves_leave_out_what_is_missing():
    curves = plots.curves(
        {"personalization": {"shots": [0, 1], "student": [0.8, None], "placebo": None}}
    )
    assert [curve.name for curve in curves.curves] == ["student"]
    assert len(curves.curves[0].points) == 1
    assert curves.athletes == ()
    assert curves.missing == ("guarded", "full_finetune", "placebo")
    assert plots.curves({"personalization": {"shots": [0], "student": [None]}}) is None


def test_confusion_tells_the_commonest_mistake():
    detail = {"labels": ["a_b", "c"], "confusion": [[8, 2], [0, 5]]}
    first, second = plots.confusion({"detail": detail}).movements
    assert (first.label, first.windows, first.found) == ("a b", 10, 0.8)
    assert first.taken_for == ("c", 0.2)
    assert second.taken_for is None


def test_many_classes_are_cut_to_the_most_frequent():
    n = 40
    counts = [[(row + 1) * (row == column) for column in range(n)] for row in range(n)]
    detail = {"labels": [f"c{i}" for i in range(n)], "confusion": counts}
    confusion = plots.confusion({"detail": detail})
    assert len(confusion.movements) == n
    assert [movement.number for movement in confusion.drawn] == list(range(11, 41))


def test_an_embedding_stays_in_its_drawing(examples):
    embedding = plots.embedding(examples["swimming"]())
    assert [cloud.label for cloud in embedding.clouds][-1] == "turn"
    places = [
        tuple(map(float, place.removesuffix("h0").split()))
        for cloud in embedding.clouds
        for place in cloud.path.split("M")[1:]
    ]
    assert len(places) == embedding.drawn == 900
    assert all(0 <= x <= 330 and 0 <= y <= embedding.height for x, y in places)


def test_a_long_name_is_shortened():
    assert shortened("butterfly", 9) == "butterfly"
    assert shortened("butterfly", 6) == "butte…"
    assert shortened("蝶泳转身动作", 6) == "蝶泳…"
