import datetime as dt
import math

import pytest

from distride.errors import GuidanceError
from distride.guidance import Day, Profile
from distride.guidance.profile import RANGES, read_profile


def test_a_profile_may_know_next_to_nothing():
    assert Profile(1990).max_bpm is None


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("share", [-1, 2, math.nan, math.inf, "180", True])
def test_a_value_out_of_range_names_itself_and_what_is_allowed(name, share):
    low, high, unit = RANGES[name]
    given = share if not isinstance(share, int) or share is True else high * share
    with pytest.raises(GuidanceError) as error:
        Profile(1990, **{name: given})
    for part in (name, repr(given), f"{low:g} to {high:g}", unit):
        assert part in str(error.value)


@pytest.mark.parametrize("name", RANGES)
def test_the_ends_of_a_range_are_allowed(name):
    low, high, _ = RANGES[name]
    assert getattr(Profile(1990, **{name: low}), name) == low
    assert getattr(Profile(1990, **{name: high}), name) == high


@pytest.mark.parametrize(
    "known",
    [
        {"resting_bpm": 100, "max_bpm": 100},
        {"resting_bpm": 100, "threshold_bpm": 90},
        {"threshold_bpm": 190, "max_bpm": 185},
    ],
)
def test_rest_threshold_and_maximum_must_rise(known):
    first, second = known
    with pytest.raises(GuidanceError, match=f"{first} .* {second} .* must be lower"):
        Profile(1990, **known)


def test_unknown_words_name_what_is_allowed():
    with pytest.raises(GuidanceError, match="sex holds 'other': allowed are female, male"):
        Profile(1990, sex="other")
    with pytest.raises(GuidanceError, match=r"conditions holds 'tired'.*beta_blocker"):
        Profile(1990, conditions=frozenset({"tired"}))
    with pytest.raises(GuidanceError, match=r"symptoms holds 'sad'.*palpitations"):
        Day(Profile(1990), dt.date(2026, 1, 1), symptoms=frozenset({"sad"}))


def test_nobody_is_born_after_the_day():
    with pytest.raises(GuidanceError, match="birth_year is 2030 and the day is in 2026"):
        Day(Profile(2030), dt.date(2026, 1, 1))
    with pytest.raises(GuidanceError, match="birth_year is 90"):
        Profile(90)


def written(tmp_path, text):
    path = tmp_path / "anna.toml"
    path.write_text(text)
    return path


def test_a_profile_is_read_from_toml(tmp_path):
    told = 'birth_year = 1994\nsex = "female"\nmax_bpm = 192\nconditions = ["pregnancy"]\n'
    read = read_profile(written(tmp_path, told + "is_active = true\n"))
    known = frozenset({"pregnancy"})
    assert read == Profile(1994, "female", max_bpm=192.0, conditions=known, is_active=True)
    assert read.resting_bpm is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no 'birth_year'"),
        ("birth_year = 1994\nmax_bmp = 190", "unknown key 'max_bmp': did you mean 'max_bpm'"),
        ('birth_year = 1994\nsex = "x"', "allowed are female, male"),
        ('birth_year = 1994\nconditions = "pregnancy"', "must be a list"),
        ('birth_year = 1994\nconditions = ["cold"]', "allowed are beta_blocker"),
        ("birth_year = 1994\nmax_bpm = 900", "max_bpm is 900"),
        ("birth_year = ", "cannot be read"),
    ],
)
def test_a_wrong_profile_is_one_sentence(tmp_path, text, message):
    with pytest.raises(GuidanceError, match=message):
        read_profile(written(tmp_path, text))
    with pytest.raises(GuidanceError, match="cannot be read: No such file"):
        read_profile(tmp_path / "nobody.toml")
