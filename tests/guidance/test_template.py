import json

import pytest

from distride.errors import GuidanceError
from distride.guidance.repeating import Counting
from distride.guidance.sets import SetCounter
from distride.guidance.template import Template, read_templates, write_templates
from distride.runtime import SetEnded

from .limbs import CHANNELS, RATE_HZ, session


@pytest.fixture
def template():
    recorded = session((0, 3), (2.0, 3), (0, 3))
    return Template.shown("curl", CHANNELS, recorded, [(3.0, 5.0), (5.0, 7.0)])


def test_shown_repetitions_tell_the_axis_and_the_duration(template):
    assert template.seconds == pytest.approx(2.0)
    axis = template.axis_of(6)
    assert axis is not None
    assert abs(axis[0]) > 0.5  # the tilt moves most
    assert template.axis_of(3) is None


def test_who_has_shown_them_needs_but_two(template):
    t, samples = session((0, 5), (2.0, 2), (0, 12))
    usual, own = (SetCounter(CHANNELS, RATE_HZ, own=one) for one in ({}, {"": template}))
    assert not usual.push(t, samples)
    ended = [one for one in own.push(t, samples) if isinstance(one, SetEnded)]
    assert [one.repetitions for one in ended] == [2]
    assert template.counting(Counting()).confirm == 2


def test_templates_are_kept(template, tmp_path):
    file = tmp_path / "anna.json"
    write_templates(file, {"curl": template})
    assert read_templates(file) == {"curl": template}


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format": 1, "templates": [{"movement": "curl"}]}', "[1]"]
)
def test_damaged_templates_are_refused(tmp_path, text):
    file = tmp_path / "anna.json"
    file.write_text(text)
    with pytest.raises(GuidanceError, match="cannot be read"):
        read_templates(file)
    with pytest.raises(GuidanceError, match=r"cannot be read: No such file or directory\.$"):
        read_templates(tmp_path / "nobody.json")


def test_templates_of_a_later_version_are_refused(tmp_path):
    file = tmp_path / "anna.json"
    file.write_text(json.dumps({"format": 9, "templates": []}))
    with pytest.raises(GuidanceError, match="update distride"):
        read_templates(file)


@pytest.mark.parametrize(
    ("borders", "message"),
    [([], "show 1 to 3"), ([(0, 1)] * 4, "show 1 to 3"), ([(90.0, 92.0)], "shorter than")],
)
def test_too_few_too_many_or_empty_ones_are_refused(borders, message):
    with pytest.raises(GuidanceError, match=message):
        Template.shown("curl", CHANNELS, session((0, 3), (2.0, 3)), borders)
