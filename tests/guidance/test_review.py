import json
from dataclasses import replace

import pytest

from distride.guidance import (
    Abstained,
    Rules,
    default_rules,
    review,
    summarize,
)
from distride.guidance.load import session_load
from distride.guidance.rules import NextSession
from distride.guidance.wording import unfit


@pytest.fixture
def hard_week(session, anna, habits):
    """The last four sessions were half as hard again."""

    def rated(one, effort):
        rpe = session_load(effort, one.seconds / 60)
        return replace(one, load=replace(one.load, session_rpe=rpe))

    everything = [*habits, summarize(session, anna)]
    *before, now = [
        rated(one, 5.0 if at < len(everything) - 4 else 8.0) for at, one in enumerate(everything)
    ]
    return now, before


def test_less_is_suggested_with_its_reason_and_what_would_change_it(hard_week, anna):
    told = review(*hard_week, anna, default_rules()).next_session
    assert (told.key, told.severity, told.spoke) == ("next_session.less", "hint", "rules")
    assert told.text == "Next session: less than usual, 40 AU of effort × minutes at most."
    assert "% above your own three weeks before; your usual session is 50 AU" in told.reason
    assert told.numbers["target"] == pytest.approx(0.8 * told.numbers["usual"])
    assert told.what_would_change == (
        "over once seven days are no more than 30 % above your own weeks"
    )
    chinese = review(*hard_week, anna, default_rules(), "zh").next_session
    assert chinese.text == "下次训练：比平时少，主观用力 × 分钟最多 40 AU。"
    assert not unfit(told.text + told.reason + told.what_would_change + chinese.reason)


def test_a_coachs_limits_hold(hard_week, anna):
    strict = Rules(next_session=NextSession(less_above=10.0, less_by=50.0))
    told = review(*hard_week, anna, strict).next_session
    assert told.numbers["target"] == pytest.approx(0.5 * told.numbers["usual"])


def test_on_a_stop_sign_it_says_stop_and_nobody_unknown_is_advised(hard_week, anna):
    unwell = replace(anna, symptoms=frozenset({"palpitations"}))
    assert review(*hard_week, unwell, default_rules()).next_session.severity == "stop"
    unknown = review(*hard_week, None, default_rules()).next_session
    assert unknown == Abstained("not_in_profile", what="birth_year")


def test_a_review_is_one_line_of_json(hard_week, anna):
    found = review(*hard_week, anna, default_rules())
    line = found.to_json()
    assert "\n" not in line
    table = json.loads(line)
    assert table["event"] == "summary"
    assert table["next_session"]["key"] == "next_session.less"
    assert table["summary"]["load"]["trimp"]["measure"]["unit"] == "AU"
    assert len(table["changes"]) == len(found.changes)
