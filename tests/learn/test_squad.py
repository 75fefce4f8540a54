from hypothesis import given
from hypothesis import strategies as st

from distride.config import Recipe, recipe_from
from distride.learn.squad import squad_of


def labelled(count):
    return recipe_from({"distillation": {"labelled_athletes": count}})


@given(count=st.integers(3, 40), keep=st.integers(0, 40), seed=st.integers(0, 99))
def test_nobody_has_two_parts(count, keep, seed):
    names = tuple(f"a{number:02d}" for number in range(count))
    squad = squad_of(names, labelled(keep), seed)
    assert sorted(squad.fit + squad.validate + squad.unlabelled) == list(names)
    assert squad.everyone == names
    assert len(squad.labelled) == min(keep or count, count)
    assert squad.fit
    assert squad == squad_of(names, labelled(keep), seed)


def test_one_in_five_validates_and_at_least_one_of_two():
    for count, validating in ((2, 1), (5, 1), (9, 1), (10, 2), (30, 6)):
        squad = squad_of(tuple(f"a{number:02d}" for number in range(count)), Recipe(), 0)
        assert len(squad.validate) == validating


def test_who_has_no_label_is_unlabelled():
    names = tuple("abcdefgh")
    squad = squad_of(names, Recipe(), 0, known=tuple("ceg"))
    assert squad.labelled == tuple("ceg")
    assert squad.unlabelled == tuple("abdfh")
    assert len(squad_of(names, labelled(2), 0, known=tuple("ceg")).labelled) == 2
