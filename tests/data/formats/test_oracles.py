"""Real files against what others read from them, value by value."""

import csv
from datetime import UTC, datetime

import numpy as np
import pytest

from distride.data import Cohort
from distride.data.formats import SOURCES
from distride.signals import HEART_RATE

pytestmark = pytest.mark.real


@pytest.fixture
def formats(real_data):
    return real_data / "formats"


def read(path):
    source = next(one for one in SOURCES if one.detects(path))
    (one,) = source.read(path, "ann")
    return one


def oracle(path):
    with path.open(newline="") as lines:
        rows = [{key.strip(): value for key, value in row.items()} for row in csv.DictReader(lines)]
    return {
        name: np.array([np.nan if row[name] == "null" else float(row[name]) for row in rows])
        for name in rows[0]
        if name != "timestamp"
    }, [row.get("timestamp") for row in rows]


def test_the_fenix_run_agrees_with_its_oracle(formats):
    one = read(formats / "fit" / "garmin_fenix5_run.fit")
    expected, times = oracle(formats / "fit" / "garmin_fenix5_run_records_expected.csv")
    channels = one.recording.channels
    clock = [datetime.strptime(text.replace(" PDT", ""), "%a %b %d %H:%M:%S %Y") for text in times]
    pacific = [time.replace(tzinfo=UTC).timestamp() + 7 * 3600 for time in clock]
    np.testing.assert_allclose(one.start_s + one.recording.t, pacific)
    np.testing.assert_array_equal(channels[HEART_RATE], expected["heart_rate"])
    np.testing.assert_array_equal(np.floor(channels["cadence_rpm"]), expected["cadence"])
    np.testing.assert_array_equal(channels["temperature_c"], expected["temperature"])
    for name, column in (("speed_ms", "speed"), ("distance_m", "distance")):
        np.testing.assert_allclose(channels[name], expected[column], rtol=1e-6)
    np.testing.assert_allclose(channels["altitude_m"], expected["altitude"], atol=1e-5)
    for name, column in (("latitude_deg", "position_lat"), ("longitude_deg", "position_long")):
        np.testing.assert_allclose(channels[name], expected[column] * 180 / 2**31, rtol=1e-7)


def test_compressed_speed_and_distance_agree_with_their_oracle(formats):
    one = read(formats / "fit" / "compressed_speed_distance.fit")
    expected, _ = oracle(formats / "fit" / "compressed_speed_distance_records_expected.csv")
    channels = one.recording.channels
    np.testing.assert_array_equal(one.start_s + one.recording.t, expected["Timestamp"])
    np.testing.assert_array_equal(channels[HEART_RATE], expected["Heart Rate [bpm]"])
    np.testing.assert_array_equal(channels["cadence_rpm"], expected["Cadence [rpm]"])
    np.testing.assert_allclose(channels["speed_ms"], expected["Speed [m/s]"], atol=1e-5)
    np.testing.assert_allclose(channels["distance_m"], expected["Distance [m]"], rtol=1e-6)


def test_one_activity_is_the_same_as_tcx_and_as_gpx(formats):
    one = read(formats / "tcx" / "activity_5039744860.tcx")
    other = read(formats / "gpx" / "activity_5039744860.gpx")
    rows = np.searchsorted(one.recording.t, other.recording.t)
    assert other.start_s == one.start_s
    for name in (HEART_RATE, "cadence_rpm", "altitude_m", "latitude_deg", "longitude_deg"):
        np.testing.assert_allclose(
            other.recording.channels[name], one.recording.channels[name][rows], rtol=1e-6
        )


def test_the_swimmers_watch_agrees_with_the_cohort_made_from_it(real_data):
    one = read(real_data / "formats" / "csv_android_watch" / "butterfly_30hz.csv")
    cohort = Cohort.open(real_data / "swimming_watch")
    same = next(own for own in cohort.read("swimmer_10") if own.name == "Butterfly_1531393764517")
    count = len(one.recording.t)
    np.testing.assert_allclose(one.recording.t, same.t[:count], atol=1e-6)
    assert one.recording.labels["label"].tolist() == same.labels["label"][:count].tolist()
    for name, values in one.recording.channels.items():
        np.testing.assert_allclose(values, same.channels[f"wrist_{name}"][:count], rtol=1e-5)
