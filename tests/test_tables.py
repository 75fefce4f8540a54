from dataclasses import dataclass, field

import pytest

from distride.errors import GuidanceError, RecipeError
from distride.tables import built, line_of


@dataclass(frozen=True)
class Part:
    size: int | None = None
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Whole:
    name: str
    part: Part = field(default_factory=Part)


def test_sets_and_what_may_be_unknown_are_read():
    whole = built(Whole, {"name": "a", "part": {"size": 3, "names": ["x", "y", "x"]}})
    assert whole == Whole("a", Part(3, frozenset("xy")))
    assert built(Whole, {"name": "a"}).part.size is None


def test_what_has_no_default_must_be_given():
    with pytest.raises(RecipeError, match="no 'name': it must be given"):
        built(Whole, {})


def test_whoever_reads_says_which_error_and_hears_where():
    table = {"name": "a", "part": {"size": "x"}}
    with pytest.raises(GuidanceError, match="is 'x': it must be of type int") as error:
        built(Whole, table, refuse=lambda where, said: GuidanceError(said, where))
    assert error.value.where == "part.size"


TEXT = """
top = 1
[a.b]
c = 2  # [not.a.table]
"quoted" = 3
[a."d"]
[[list]]
one = 1
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("top", 2),
        ("a.b", 3),
        ("a.b.c", 4),
        ("a.b.quoted", 5),
        ("a.b.absent", 3),
        ("a.d", 6),
        ("list.one", 8),
        ("nowhere", 1),
    ],
)
def test_a_key_has_a_line(where, line):
    assert line_of(TEXT, where) == line
