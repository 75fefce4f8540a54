import numpy as np
import pytest

from distride.data.formats.gpx import SOURCE
from distride.errors import DataError


def read(path):
    return list(SOURCE.read(path, "ann"))


def test_values_and_sport(sample):
    (one,) = read(sample("gpx"))
    names = ["latitude_deg", "longitude_deg", "altitude_m", "heart_rate"]
    assert list(one.recording.channels) == names
    assert set(one.recording.labels["sport"]) == {"cycling"}


def test_one_bad_value_costs_one_point(sample):
    (one,) = read(sample("gpx", lambda text: text.replace(b'lat="52.05"', b'lat="north"')))
    assert len(one.recording.t) == 19
    assert one.warnings == ("The file is damaged: 19 of 20 track points could be read.",)


def test_a_file_that_breaks_off_or_lacks_its_namespaces(sample):
    (one,) = read(sample("gpx", lambda text: text[:-400]))
    assert 15 < len(one.recording.t) < 20
    (one,) = read(sample("gpx", lambda text: text.replace(b"xmlns:ns3", b"xmlns:other")))
    np.testing.assert_array_equal(one.recording.channels["heart_rate"], 120 + np.arange(20))


def test_points_without_a_time_are_counted_and_a_zone_is_not_needed(sample):
    def changed(text):
        text = text.replace(b"<time>2020-06-01T14:52:03Z</time>", b"")
        return text.replace(b":10Z", b":10")

    (one,) = read(sample("gpx", changed))
    assert len(one.recording.t) == 19
    assert one.recording.seconds == 19
    assert one.warnings == ("1 of 20 samples are left out: their time is unreadable.",)


def test_tracks_of_one_file_are_several_recordings(sample):
    def twice(text):
        track = text[text.index(b"<trk>") : text.index(b"</gpx>")]
        return text.replace(track, track * 2)

    assert [one.recording.name for one in read(sample("gpx", twice))] == ["ride-1", "ride-2"]


def test_places_are_no_recording(sample):
    with pytest.raises(DataError, match="0 tracks and no track points: places"):
        read(sample("gpx", lambda text: b'<gpx version="1.1"><wpt lat="1" lon="2"/></gpx>'))


def test_without_its_library_the_extra_is_named(sample, monkeypatch):
    import sys

    from distride.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "gpxpy", None)
    with pytest.raises(MissingExtraError, match="formats"):
        read(sample("gpx"))
