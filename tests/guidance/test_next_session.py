import datetime as dt
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distride.guidance import Abstained, NextSession, Symptom, suggest, summarize
from distride.guidance.load import session_load

LIMITS = NextSession()
AGREED = NextSession(more_by=5.0)


@pytest.fixture(scope="module")
def summary(session, anna):
    return summarize(session, anna)


def loaded(summaries, *factors):
    """The sessions with loads so many times as large, the latest last."""
    rest = len(summaries) - len(factors)
    return [
        replace(
            one,
            load=replace(one.load, session_rpe=session_load(one_factor, one.seconds / 60)),
        )
        for one, one_factor in zip(summaries, [5.0] * rest + list(factors), strict=True)
    ]


def test_a_usual_week_asks_for_nothing(summary, anna, habits):
    *before, now = loaded([*habits, summary])
    found = suggest(now, before, anna, LIMITS)
    assert (found.asks, found.load) == ("same", "session_rpe")
    assert found.target == found.usual == pytest.approx(5 * 599 / 60)
    assert abs(found.change) < 30


def test_a_week_above_the_athletes_own_weeks_asks_for_less(summary, anna, habits):
    *before, now = loaded([*habits, summary], 8.0, 8.0, 8.0, 8.0)
    found = suggest(now, before, anna, LIMITS)
    assert found.asks == "less"
    assert found.change > 30
    assert found.target == pytest.approx(0.8 * found.usual)
    assert found.usual == pytest.approx(5 * 599 / 60)
    assert suggest(now, before, anna, replace(LIMITS, less_above=500.0)).asks == "same"


def test_more_is_never_asked_unless_it_was_agreed_and_never_after_more(summary, anna, habits):
    *before, now = loaded([*habits, summary], 4.2, 4.2, 4.2, 4.2)
    assert suggest(now, before, anna, LIMITS).asks == "same"
    agreed = suggest(now, before, anna, AGREED)
    assert (agreed.asks, agreed.target) == ("more", pytest.approx(1.05 * agreed.usual))
    *before, now = loaded([*habits, summary], 8.0, 8.0, 8.0, 8.0)
    assert suggest(now, before, anna, AGREED).asks == "less"
    *before, now = loaded([*habits, summary], 1.0, 1.0, 1.0, 1.0)  # after a break, not more at once
    assert suggest(now, before, anna, AGREED).asks == "same"


def test_it_is_withheld_where_the_data_are_thin(summary, anna, habits):
    few = suggest(summary, habits[-6:], anna, LIMITS)
    assert (few.reason, few.need, few.what) == ("too_little_data", 28, "days")
    sparse = [habits[0], habits[1], *habits[-3:]]
    assert suggest(summary, sparse, anna, LIMITS).reason == "no_variation"
    three = [habits[0], *habits[8:11], *habits[-3:]]
    assert suggest(summary, three, anna, LIMITS) == Abstained("too_little_data", 3, 4, "sessions")


def test_a_session_whose_load_is_lost_is_no_rest(summary, anna, habits):
    unknown = Abstained("no_data", what="effort")
    lost = list(habits)
    lost[-2] = replace(lost[-2], load=replace(lost[-2].load, session_rpe=unknown))
    assert suggest(summary, lost, anna, LIMITS) == Abstained("no_data", what="daily loads")


def test_trimp_is_read_where_nobody_was_asked(summary, anna, habits):
    unknown = Abstained("no_data", what="effort")
    *before, now = (
        replace(one, load=replace(one.load, session_rpe=unknown)) for one in [*habits, summary]
    )
    assert suggest(now, before, anna, LIMITS).load == "trimp"
    bare = replace(now, load=replace(now.load, trimp=unknown))
    assert suggest(bare, before, anna, LIMITS) == unknown


@pytest.mark.parametrize("symptom", get_args(Symptom))
def test_on_a_stop_sign_nothing_is_suggested(summary, anna, habits, symptom):
    unwell = replace(anna, symptoms=frozenset({symptom}))
    assert suggest(summary, habits, unwell, AGREED) == Abstained("stop_sign", what=symptom)


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ({"conditions": frozenset({"pregnancy"})}, "pregnancy"),
        ({"conditions": frozenset({"known_disease"})}, "clearance"),
        ({"birth_year": 2010}, "minor"),
    ],
)
def test_whoever_may_not_be_advised_gets_no_suggestion(summary, anna, habits, profile, reason):
    unwell = replace(anna, profile=replace(anna.profile, **profile))
    assert suggest(summary, habits, unwell, AGREED).reason == reason
    ill = replace(anna, is_ill=True)
    assert suggest(summary, habits, ill, AGREED).reason == "illness"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(0, 10)), max_size=30),
    st.sampled_from([LIMITS, AGREED, NextSession(0.0, 100.0), NextSession(1000.0, 0.0, 10.0)]),
    st.booleans(),
)
def test_nothing_raises_and_only_less_is_asked_unasked(summary, anna, past, limits, is_ill):
    before = [
        replace(one, load=replace(one.load, session_rpe=session_load(effort, 60.0)))
        for ago, effort in sorted(past, reverse=True)
        for one in (later(summary, -ago - 1),)
    ]
    found = suggest(summary, before, replace(anna, is_ill=is_ill), limits)
    if isinstance(found, Abstained):
        assert is_ill == (found.reason == "illness")
        return
    assert not is_ill
    assert found.asks != "more" or limits.more_by > 0
    assert found.target <= found.usual * (1 + limits.more_by / 100) + 1e-9


def later(summary, days):
    return replace(summary, start=(summary.began + dt.timedelta(days=days)).isoformat())
