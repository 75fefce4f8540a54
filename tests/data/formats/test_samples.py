"""Every real file: what it gives, with the numbers that a person who looked at it would expect."""

from datetime import UTC, datetime

import numpy as np
import pytest

from distride.data.formats import SOURCES
from distride.data.importing import import_recordings
from distride.errors import DataError
from distride.signals import HEART_RATE, measured_hz, triads

pytestmark = pytest.mark.real

# By file: source, samples, seconds, Hz, year (0: not told), parts of its warnings
READABLE = {
    "csv_android_watch/butterfly_30hz.csv": ("android_watch", 262, 8.7, 30, 0, []),
    "csv_axivity/ax3_omgui_export.csv": ("axivity", 2254, 21.83, 103.2, 2018, []),
    "csv_empatica_e4/ACC.csv": ("empatica", 9998, 312.4, 32, 2019, []),
    "csv_empatica_e4/BVP.csv": ("empatica", 9998, 156.2, 64, 2019, []),
    "csv_empatica_e4/HR.csv": ("empatica", 4998, 4997, 1, 2019, []),
    "csv_empatica_e4/IBI.csv": ("empatica", 4999, 8850.5, 0.923, 2019, []),
    "csv_garmin_sdk/acc.csv": ("garmin_sdk", 2852, 665, 24.93, 2019, []),
    "csv_metamotion/A-bench-heavy2-rpe8_MetaWear_2019-01-11T16.10.08.270_C42732BE255C_"
    "Accelerometer_12.500Hz_1.4.4.csv": ("metamotion", 206, 16.4, 12.5, 2019, []),
    "csv_metamotion/A-bench-heavy2-rpe8_MetaWear_2019-01-11T16.10.08.270_C42732BE255C_"
    "Gyroscope_25.000Hz_1.4.4.csv": ("metamotion", 414, 16.52, 25, 2019, []),
    "csv_metamotion/E_copy_with_space_in_time.csv": ("metamotion", 106, 8.4, 12.5, 2019, []),
    "csv_metamotion/newer_metabase_Accelerometer.csv": ("metamotion", 557, 22.3, 24.92, 2019, []),
    "csv_metamotion/newer_metabase_Gyroscope.csv": ("metamotion", 559, 22.4, 24.92, 2019, []),
    "csv_multi_sensor_long/umafall_jogging.csv": (
        *("umafall", 2032, 10.14, 196.8, 0),
        ["No samples of the sensors at ankle, chest, waist, wrist"],
    ),
    "csv_phyphox/converted_data.csv": ("phyphox", 1198, 11.96, 100.1, 0, []),
    "csv_polar_sensor_logger/Polar_Sense_ACC.txt": ("polar", 1406, 27.17, 51.7, 2022, []),
    "csv_polar_sensor_logger/Polar_Sense_GYRO.txt": ("polar", 1298, 25.08, 51.7, 2022, []),
    "csv_polar_sensor_logger/Polar_Sense_HR.txt": (
        *("polar", 548, 547, 1, 2022),
        ["73 heart rates of 0"],
    ),
    "csv_polar_sensor_logger/Polar_Sense_MAGN.txt": ("polar", 1223, 24.72, 49.44, 2022, []),
    "csv_polar_sensor_logger/Polar_Sense_PPG.txt": ("polar", 1141, 20.82, 54.75, 2022, []),
    "csv_polar_sensor_logger/Polar_Sense_PPI.txt": (
        *("polar", 438, 508.2, 0.872, 2022),
        ["21 intervals", "4 of 442 samples are left out: their time runs backwards"],
    ),
    "fit/2013-02-06-12-11-14.fit": ("fit", 590, 2624, 0.233, 2013, []),
    "fit/Activity.fit": ("fit", 14, 13, 1, 2012, []),
    "fit/antfs_dump.fit": ("fit", 685, 3420, 0.2, 0, []),
    "fit/compressed_speed_distance.fit": ("fit", 754, 3875, 0.2, 0, []),
    "fit/coros_pace2_misaligned_fields.fit": (
        *("fit", 11272, 12718, 1, 2020),
        ["5 definitions have fields of a size"],
    ),
    "fit/developer_types_sample.fit": ("fit", 3424, 3423, 1, 2017, []),
    "fit/edge810_vector_power.fit": ("fit", 4700, 4699, 1, 2013, []),
    "fit/fenix2_run.fit": ("fit", 2809, 2833, 0.994, 2015, []),
    "fit/fr55_coretemp_developer_field.fit": ("fit", 582, 587, 0.99, 2025, []),
    "fit/garmin_connect_ACTIVITY.fit": ("fit", 199, 324, 1, 2021, []),
    "fit/garmin_fenix5_run.fit": ("fit", 21, 57, 0.577, 2017, []),
    "fit/garmin_fr935.fit": ("fit", 16602, 7552, 2.5, 2018, ["2310 heart rates", "2 of 9104"]),
    "fit/hr_event_timestamp.fit": (
        *("fit", 10347, 4442.8, 2.33, 2017),
        ["1102 heart rates of the strap are from outside", "8 of 10190 samples"],
    ),
    "fit/multiple_headers.fit": (
        *("fit", 9649, 9491, 2.98, 2018),
        ["1388 heart rates", "3 of 7879"],
    ),
    "fit/ride_with_power.fit": ("fit", 5159, 5158, 1, 2020, []),
    "fit/strava_android_app.fit": (
        *("fit", 236, 314, 0.745, 2021),
        [
            "read up to byte 7472 of 78233",
            "1 of 237 samples are left out: they are more than a day",
        ],
    ),
    "fit/strava_export.fit.gz": ("fit", 2760, 2759, 1, 2025, ["451 heart rates of 0"]),
    "fit/wahoo_elemnt_no_app_id.fit": ("fit", 132, 131, 1, 2017, []),
    "fit_malformed/activity-activity-filecrc.fit": ("fit", 14, 13, 1, 2012, ["checksum"]),
    "fit_malformed/activity-filecrc.fit": ("fit", 14, 13, 1, 2012, ["checksum"]),
    "fit_malformed/activity-settings-corruptheader.fit": (
        *("fit", 14, 13, 1, 2012),
        ["not a FIT file @ 771): it could be read up to byte 783 of 854"],
    ),
    "fit_malformed/activity-settings-nodata.fit": ("fit", 14, 13, 1, 2012, ["expected 5 bytes"]),
    "fit_malformed/activity-unexpected-eof.fit": ("fit", 14, 13, 1, 2012, ["byte 768 of 768"]),
    "fit_malformed/null_compressed_speed_dist.fit": (
        *("fit", 1808, 1807, 1, 2017),
        ["1808 heart rates of 0 count as unknown"],
    ),
    "gpx/activity_5039744860.gpx": ("gpx", 96, 126, 1, 2020, []),
    "gpx/empty_segment.gpx": ("gpx", 9, 76, 0.188, 2013, []),
    "other/polar.hrm": ("hrm", 3894, 19465, 0.2, 2004, []),
    "tcx/activity_5039744860.tcx": ("tcx", 100, 126, 1, 2020, []),
    "tcx/gc_2009.tcx": ("tcx", 1391, 7767, 0.507, 2009, []),
    "tcx/no_hr.tcx": ("tcx", 383, 1991, 0.192, 2012, []),
    "tcx/sup_activity_1.tcx": ("tcx", 111, 1112, 0.255, 2022, []),
}
# By file: what the one sentence says
REFUSED = {
    "SOURCES.md": "no format that is known",
    "csv_empatica_e4/tags.csv": "0 button presses of an Empatica E4",
    "csv_metamotion/.DS_Store_not_a_csv": "is empty",
    "csv_phyphox/device.csv": "phyphox's description of the phone",
    "csv_polar_sensor_logger/MARKER.txt": "2 markers of Polar Sensor Logger",
    "fit/DeveloperData.fit": "3 of 3 samples are left out: their time is unreadable",
    "fit/MonitoringFile.fit": "FIT file of monitoring_b, no activity: .* 337 monitoring",
    "fit/WorkoutRepeatSteps.fit": "FIT file of workout, no activity: .* 5 workout_step",
    "fit/compressed_speed_distance_records_expected.csv": "--mapping",
    "fit/garmin_fenix5_run_records_expected.csv": "--mapping",
    "fit/garmin_hrv.fit": "FIT file of HRV status, no activity: .* 127 hrv_value",
    "fit/garmin_metrics.fit": "FIT file of metrics, no activity",
    "fit/garmin_sleep.fit": "FIT file of sleep, no activity: .* 17 sleep_level",
    "fit/garmin_wellness.fit": "FIT file of monitoring_b, no activity: .* 69 monitoring",
    "gpx/extensions_without_namespaces.gpx": "0 tracks and no track points",
    "gpx/garmin_extension.gpx": "0 tracks and no track points",
    "gpx/gpx10_all_fields.gpx": "1 timed samples",
    "gpx/unicode_with_bom.gpx": "0 tracks and no track points",
    "other/hrv4training_measurements.csv": "HRV4Training's measurements, one a day",
}


@pytest.fixture(scope="module")
def formats(real_data):
    return real_data / "formats"


@pytest.fixture(scope="module")
def everything(formats):
    """All recordings by file, read once."""
    found = {}
    for name in READABLE:
        source = next(one for one in SOURCES if one.detects(formats / name))
        found[name] = (source, list(source.read(formats / name, "ann")))
    return found


def test_no_file_is_forgotten(formats):
    files = {str(file.relative_to(formats)) for file in formats.rglob("*") if file.is_file()}
    assert files == {*READABLE, *REFUSED}


@pytest.mark.parametrize("name", READABLE)
def test_a_readable_file_gives_what_is_in_it(name, everything):
    source, ones = everything[name]
    expected, samples, seconds, hz, year, losses = READABLE[name]
    one = ones[0]
    assert source.name == expected
    assert len(ones) == (2 if "activity-activity" in name else 1)
    assert len(one.recording.t) == samples
    assert one.recording.seconds == pytest.approx(seconds, rel=2e-3)
    assert measured_hz(one.recording.t) == pytest.approx(hz, rel=5e-3)
    told = datetime.fromtimestamp(one.start_s, UTC).year
    assert told == (year or 1970)
    assert len(one.warnings) == len(losses)
    for warning, part in zip(one.warnings, losses, strict=True):
        assert part in warning


@pytest.mark.parametrize("name", READABLE)
def test_its_values_are_those_of_a_person_on_earth(name, everything):
    for one in everything[name][1]:
        channels = one.recording.channels
        acc = tuple(name for name in channels if "acc_" in name and "lacc" not in name)
        for triad in triads(acc):
            norm = np.linalg.norm(one.recording.samples(tuple(acc[at] for at in triad)), axis=1)
            assert np.median(norm) == pytest.approx(9.81, abs=1.2)
        rates = channels.get(HEART_RATE, np.array([60.0]))
        known = rates[np.isfinite(rates)]
        assert ((known >= 40) & (known <= 200)).all()
        speed = channels.get("speed_ms", np.zeros(1))
        assert np.nanmax(speed) < 25


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_without_samples_is_refused_with_one_sentence(name, formats):
    with pytest.raises(DataError, match=REFUSED[name]):
        import_recordings([formats / name], None)
