import math
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.guidance import Abstained, Measured, Reason, measures
from distride.guidance.measure import Measure

ALL = [one for one in vars(measures).values() if isinstance(one, Measure)]
PAGE = (Path(__file__).parents[2] / "docs" / "guidance.md").read_text(encoding="utf-8")


@settings(max_examples=50, deadline=None)
@given(st.floats(), st.sampled_from(ALL))
def test_what_is_answered_is_within_its_range(value, measure):
    answer = measure.of(value)
    if isinstance(answer, Measured):
        assert measure.low <= answer.value <= measure.high
        assert answer.measure is measure
    else:
        assert answer == Abstained("implausible", what=measure.key)


def test_every_measure_has_its_own_key_and_a_range():
    assert len({one.key for one in ALL}) == len(ALL)
    assert all(one.low < one.high and math.isfinite(one.high) for one in ALL)
    assert all(one.protocol for one in ALL)


@pytest.mark.parametrize("measure", ALL, ids=lambda one: one.key)
def test_every_measure_is_in_the_table_of_the_page_with_its_unit(measure):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{measure.key}` |")]
    assert row.split("|")[3].strip() == (measure.unit or "–")


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_is_explained_on_the_page(reason):
    assert f"| `{reason}` |" in PAGE
