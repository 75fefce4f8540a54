import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance import Abstained, Measured, Session, own_before, read_summary, summarize
from distride.runtime import Heart, Rep, SetEnded, State, Technique

START = dt.datetime(2026, 5, 1, 18, tzinfo=dt.UTC)


def test_a_session_tells_movements_sets_and_how_they_were(session, anna):
    summary = summarize(session, anna)
    (squat,) = summary.movements
    assert (squat.name, squat.seconds, squat.sets, squat.repetitions) == ("squat", 360, 3, 27)
    assert (squat.seconds_a_rep, squat.range_deg, squat.regularity) == (3.0, 64.0, 0.93)
    assert squat.mean_bpm == pytest.approx(130, abs=3)
    assert squat.judged == {"execution": {"correct": 240.0, "half_range": 120.0}}
    assert summary.repetitions == 27
    assert (summary.start, summary.seconds) == ("2026-05-01T18:00:00+00:00", 599.0)


def test_a_session_tells_how_well_it_was_seen(session, anna):
    quality = summarize(session, anna).quality
    assert (quality.answered_s, quality.abstained_s) == (360.0, {"unsure": 240.0})
    assert quality.troubles == {"gap": 1, "missing": 1}
    assert (quality.gap_s, quality.missing) == (4.0, ("a", "b"))
    assert quality.drifts == ("gravity",)
    assert quality.heart_share == 1.0


def test_a_session_tells_how_hard_it_was_and_what_was_advised(session, anna):
    summary = summarize(session, anna)
    load = summary.load
    assert load.mean_bpm.value == pytest.approx(130, abs=2)
    assert load.highest_bpm.value == pytest.approx(139, abs=1)
    assert load.session_rpe.value == pytest.approx(6 * 599 / 60)
    assert load.trimp.value > 0
    assert load.zones == "reserve"
    assert sum(load.zone_minutes) == pytest.approx(10, abs=0.1)
    assert 0 <= load.recovery.value < 20
    assert summary.numbers == {"rpe": 6.0}
    assert summary.advised == {"high": 2}
    assert summary.contradicted == 1


def test_what_asks_for_a_profile_abstains_without_one(session):
    load = summarize(replace(session, rpe=None), None).load
    assert isinstance(load.mean_bpm, Measured)
    assert load.trimp == load.edwards == Abstained("not_in_profile", what="birth_year")
    assert load.zone_minutes == ()
    assert load.session_rpe == Abstained("no_data", what="effort")
    assert load.recovery == load.trimp


def test_what_the_good_repetitions_of_a_movement_were_like_is_kept(session, anna):
    done = [
        Rep(20.0 + at, 19.0 + at, 1, at, name, 3.0, 1.2, 1.8, 60.0 + at)
        for at, name in enumerate(["lunge"] * 2 + ["squat"] * 7, 1)  # the set is squats in the end
    ]
    judged = [
        Technique(one.t_s, 1, one.number, "squat", "", None, 0, is_good=one.number <= 5)
        for one in done
    ]
    summary = summarize(replace(session, events=(*session.events, *done, *judged)), anna)
    (squat,) = summary.movements
    assert (squat.own.repetitions, squat.own.range_deg, squat.own.duration_s) == (5, 63.0, 3.0)
    again = read_summary(summary.to_json(), "it")
    assert own_before([again, summary]) == {"squat": [squat.own] * 2}
    assert own_before([summarize(session, anna)]) == {}


def test_a_heart_that_is_not_read_today_is_compared_with_nothing(session, anna):
    drugged = replace(anna.profile, conditions=frozenset({"beta_blocker"}))
    summary = summarize(session, replace(anna, profile=drugged))
    assert summary.load.trimp == Abstained("beta_blocker")
    assert [one.mean_bpm for one in summary.movements] == [None]


def test_a_heart_rate_with_gaps_gives_no_load(session, anna):
    events = [one for one in session.events if not isinstance(one, Heart) or one.t_s < 300]
    load = summarize(replace(session, events=tuple(events)), anna).load
    lost = [replace(one, bpm=None) if isinstance(one, Heart) else one for one in session.events]
    assert isinstance(load.trimp, Measured)  # no clock says that a heart was looked for
    unknown = summarize(replace(session, events=tuple(lost)), anna)
    assert unknown.load.trimp.reason == "no_data"
    assert unknown.quality.heart_share == 0.0


def test_a_set_that_the_athlete_corrected_counts_once_as_they_say(anna):
    ended = SetEnded(20.0, 2.0, 18.0, 1, "squat", 8, 3.0, 60.0, 0.9, 0.9)
    after = SetEnded(40.0, 22.0, 38.0, 2, "squat", 5, 3.0, 60.0, 0.9, 0.9)
    corrected = replace(ended, t_s=30.0, repetitions=9)
    summary = summarize(Session("anna", START, (ended, corrected, after)), anna)
    assert summary.sets == (corrected, after)
    assert (summary.movements[0].sets, summary.movements[0].repetitions) == (2, 14)


def test_a_set_that_no_model_names_is_counted(anna):
    ended = SetEnded(20.0, 2.0, 18.0, 1, "", 5, 3.0, 60.0, 0.9, 0.9)
    summary = summarize(Session("anna", START, (ended,)), anna)
    (unnamed,) = summary.movements
    assert summary.load.recovery == Abstained("no_data", what="heart_rate")
    nothing = summarize(Session("anna", START, ()), anna)
    assert nothing.load.recovery == Abstained("no_data", what="set")
    assert (unnamed.name, unnamed.repetitions, unnamed.seconds) == ("", 5, 0)


@pytest.mark.parametrize(
    ("athlete", "start", "message"),
    [("", START, "give a name"), ("anna", START.replace(tzinfo=None), "offset from UTC")],
)
def test_a_session_needs_a_name_and_a_time(athlete, start, message):
    with pytest.raises(GuidanceError, match=message):
        Session(athlete, start, ())


@pytest.mark.parametrize("rpe", [-3.0, 10.5, 60.0, float("nan"), float("inf")])
def test_an_effort_beyond_its_scale_is_refused(rpe):
    with pytest.raises(GuidanceError, match="must be 0 to 10"):
        Session("anna", START, (), rpe)


times = st.floats(0, 4000)
names = st.sampled_from(["", "squat", "row"])
events = st.one_of(
    st.builds(Heart, times, st.one_of(st.none(), st.floats(20, 240))),
    st.builds(State, times, st.sampled_from(["label", "rpe"]), names, st.floats(0, 1)),
    st.builds(
        *(SetEnded, times, times, times, st.integers(1, 9), names, st.integers(1, 99)),
        *(times, times, st.floats(0, 1), st.floats(0, 1)),
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events, max_size=20), st.one_of(st.none(), st.floats(0, 10)))
def test_no_session_whatever_raises(anna, chunk, rpe):
    ordered = tuple(sorted(chunk, key=lambda event: event.t_s))
    summary = summarize(Session("anna", START, ordered, rpe), anna)
    assert sum(one.repetitions for one in summary.movements) == summary.repetitions
