"""What tests of streams share."""

from dataclasses import astuple

import pytest


def same(ours, theirs):
    """The same kinds of events in the same order, with the same values but for rounding."""
    assert [type(one) for one in ours] == [type(one) for one in theirs]
    for one, other in zip(ours, theirs, strict=True):
        for mine, their in zip(astuple(one), astuple(other), strict=True):
            near = pytest.approx(their, abs=1e-5)
            assert mine == (near if isinstance(their, float) else their)
