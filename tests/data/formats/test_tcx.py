import numpy as np
import pytest

from distride.data.formats.tcx import SOURCE
from distride.errors import DataError


def read(path):
    return list(SOURCE.read(path, "ann"))


def test_values_and_sport(sample):
    (one,) = read(sample("tcx"))
    assert list(one.recording.channels) == ["altitude_m", "heart_rate", "speed_ms"]
    assert set(one.recording.labels["sport"]) == {"cycling"}


def test_activities_of_one_file_are_several_recordings(sample):
    def twice(text):
        activity = text[text.index(b"<Activity ") : text.index(b"</Activities>")]
        return text.replace(activity, activity + activity.replace(b"Biking", b"Running"))

    first, second = read(sample("tcx", twice))
    assert (first.recording.name, second.recording.name) == ("ride-1", "ride-2")
    assert set(second.recording.labels["sport"]) == {"running"}


def test_points_without_a_value_or_a_readable_time(sample):
    def changed(text):
        bad = text.replace(b"14:52:03Z", b"14:99:03Z").replace(b"<Value>125", b"<Value>?")
        return bad.replace(
            b"<Track>", b"<Track><Trackpoint><Time>2020-06-01T14:52:00Z</Time></Trackpoint>"
        )

    (one,) = read(sample("tcx", changed))
    assert len(one.recording.t) == 19
    assert np.isnan(one.recording.channels["heart_rate"]).sum() == 1
    assert len(one.warnings) == 2


def test_a_file_that_breaks_off_gives_its_whole_points(sample):
    (one,) = read(sample("tcx", lambda text: text[:-400]))
    assert 15 < len(one.recording.t) < 20
    assert f"{len(one.recording.t)} of " in one.warnings[0]


def test_prefixes_that_are_not_declared_cost_nothing(sample):
    (one,) = read(sample("tcx", lambda text: text.replace(b"xmlns:ns3", b"xmlns:other")))
    assert (one.recording.channels["speed_ms"] == 3.5).all()
    assert one.warnings == ("The file is damaged: 20 of 20 track points could be read.",)


def test_a_file_without_points(sample):
    path = sample("tcx", lambda text: text.replace(b"Activity", b"Course"))
    assert SOURCE.detects(path)
    with pytest.raises(DataError, match="0 activities and no track points"):
        read(path)
