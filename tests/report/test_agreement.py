import pytest

from distride.report.agreement import agreement_of, points_of, scatter_of


def test_agreement_is_of_each_athletes_differences():
    drawn = {
        "true": [1.0, 2.0, 5.0, None],
        "predicted": [2.0, 5.0, 5.5, 1.0],
        "athlete": ["ann", "ann", "bo", "bo"],
    }
    points = points_of({"detail": {"values": drawn}})
    ann, bo = agreement_of(points, {"ann": 2.0})
    assert (ann.bias, bo.bias) == (2.0, 0.5)
    assert (ann.mae, bo.mae) == (2.0, None)
    assert (ann.low, ann.high) == pytest.approx((2 - 1.96 * 2**0.5, 2 + 1.96 * 2**0.5))
    assert (bo.low, bo.high) == (None, None)  # one window has no deviation


def test_points_on_the_line_are_drawn_on_the_line():
    scatter = scatter_of({"ann": [(1.0, 1.0)], "bo": [(5.0, 5.0), (2.0, 3.0)]})
    frame, axis = scatter.frame, scatter.axis
    assert [number for number, _ in scatter.clouds] == [0, 1]
    assert scatter.clouds[0][1] == f"M{frame.x(axis, 1.0):g} {frame.y(axis, 1.0):g}h0"
    assert scatter_of({}) is None
