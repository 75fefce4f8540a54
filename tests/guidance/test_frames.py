import numpy as np
import pytest

from distride.guidance.frames import Frames
from distride.guidance.posture import RATE_HZ, Postures

from .limbs import CHANNELS, session
from .limbs import RATE_HZ as SOURCE_HZ


@pytest.fixture
def frames():
    made = Frames(Postures(CHANNELS, SOURCE_HZ))
    made.push(*session((0, 2), (2.0, 3)))
    return made


def test_frames_are_known_by_their_number_and_when_they_were(frames):
    assert (frames.first, frames.width) == (0, 6)
    assert frames.between(0, frames.end).shape == (frames.end, 6)
    assert frames.at_s(50) - frames.at_s(0) == pytest.approx(50 / RATE_HZ)
    assert frames.range_deg(50, 75) == pytest.approx(np.degrees(1.2), rel=0.3)


def test_what_is_forgotten_changes_no_number(frames):
    end, at_s, kept = frames.end, frames.at_s(60), frames.between(60, 90)
    frames.forget(40)
    frames.forget(10)
    assert (frames.first, frames.end) == (40, end)
    assert frames.at_s(60) == pytest.approx(at_s)
    np.testing.assert_array_equal(frames.between(60, 90), kept)
