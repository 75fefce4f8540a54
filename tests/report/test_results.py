from distride.report import results

TREE = {"a": {"b": [1, None, float("inf"), True, "x"]}, "pair": [0.9, 0.1], "n": 3}


def test_a_path_that_breaks_off_is_none():
    assert results.dig(TREE, "a", "b", 0) == 1
    for path in (("a", "x"), ("a", "b", 9), ("n", "x"), ("a", 0)):
        assert results.dig(TREE, *path) is None


def test_only_finite_numbers_are_numbers():
    assert [results.number(TREE, "a", "b", index) for index in range(5)] == [1.0, *[None] * 4]


def test_other_kinds_are_empty():
    assert results.items(TREE, "a") == []
    assert results.mapping(TREE, "pair") == {}
    assert results.text(TREE, "a") == ""
    assert results.text(TREE, "n") == "3"
    assert results.texts(TREE, "a", "b")[0] == "1"
    assert results.numbers({"x": 1, "y": None}) == {"x": 1.0}


def test_an_interval_has_two_ends():
    assert results.interval(TREE, "pair") == (0.1, 0.9)
    assert results.interval(TREE, "a", "b") is None
    assert results.interval({"i": [0.1, None]}, "i") is None
