import datetime as dt
import itertools

from distride.guidance import Session
from distride.guidance.stretches import stretches
from distride.runtime import SetEnded


def named(number, began, ended):
    return SetEnded(ended + 2, began, ended, number, "squat", 9, 3.1, 64.0, 0.93, 0.9)


def test_stretches_cover_the_session_also_where_sets_overlap():
    events = (named(1, 2.0, 30.0), named(2, 20.0, 50.0), named(3, 10.0, 25.0))
    session = Session("anna", dt.datetime(2026, 5, 1, tzinfo=dt.UTC), events)
    found = stretches(session)
    assert found[0].began_s == session.began_s
    assert found[-1].ended_s == session.ended_s
    assert all(one.ended_s == two.began_s for one, two in itertools.pairwise(found))
    assert [one.done.number for one in found if one.done] == [1, 3, 2]
