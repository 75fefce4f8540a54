from hypothesis import given
from hypothesis import strategies as st

from distride.config import Recipe, recipe_from
from distride.learn.squad import squad_of


def labelled(count):
    return recipe_from({"distillation": {"labelled_athletes": count}})


@given(count=st.integers(3, 40), keep=st.integers(0, 40), seed=st.integers(0, 99))
def test_nobody_has_two_parts(count, keep, seed):
    names = tuple(f"a{number:02d}" for number in range(count))
    squad = squad_of(names, labelled(keep), seed, 1)
    assert sorted(squad.fit + squad.validate + squad.unlabelled) == list(names)
    assert squad.everyone == names
    assert len(squad.labelled) == min(keep or count, count)
    assert squad.fit
    assert squad == squad_of(names, labelled(keep), seed, 1)


def test_one_in_five_validates_and_at_least_one_of_two():
    for count, validating in ((2, 1), (5, 1), (9, 1), (10, 2), (30, 6)):
        squad = squad_of(tuple(f"a{number:02d}" for number in range(count)), Recipe(), 0, 0)
        assert len(squad.validate) == validating


def test_who_has_no_label_is_unlabelled():
    names = tuple("abcdefgh")
    squad = squad_of(names, Recipe(), 0, 0, known=tuple("ceg"))
    assert squad.labelled == tuple("ceg")
    assert squad.unlabelled == tuple("abdfh")
    assert len(squad_of(names, labelled(2), 0, 0, known=tuple("ceg")).labelled) == 2


def test_another_lot_has_other_labels_and_the_same_order_of_who_validates():
    names = tuple(f"a{number:02d}" for number in range(12))
    lots = [squad_of(names, labelled(3), 7, lot) for lot in range(20)]
    assert len({squad.labelled for squad in lots}) > 15
    order = [name for squad in lots for name in squad.validate]
    everyone = squad_of(names, Recipe(), 7, 0)
    assert all(squad_of(names, Recipe(), 7, lot) == everyone for lot in range(20))
    first = everyone.validate[0]
    assert all((first in squad.labelled) == (squad.validate == (first,)) for squad in lots)
    assert len(set(order)) > 5
