from dataclasses import replace

import numpy as np

from distride.data.audit.emptiness import EMPTINESS

NOTHING = np.full(3000, np.nan, np.float32)


def found(*recordings):
    by_athlete = {}
    for recording in recordings:
        by_athlete.setdefault(recording.athlete, []).append(recording)
    seen = {name: EMPTINESS.summarise(None, own) for name, own in by_athlete.items()}
    return {finding.check: finding for finding in EMPTINESS.judge(None, seen)}


def test_full_columns_are_quiet(still):
    assert found(still("ann", 0), still("bo", 1)) == {}


def test_a_column_that_one_athlete_lacks(still):
    noise = np.random.default_rng(0).normal(size=3000)
    finding = found(still("ann", 0, ecg=noise), still("bo", 1, ecg=NOTHING), still("cy", 2))
    assert finding["empty-column"].where.athletes == ("cy",)
    assert finding["empty-column"].where.columns == ("ecg",)


def test_a_column_without_value_in_anybody(still):
    finding = found(still("ann", 0, ecg=NOTHING), still("bo", 1, ecg=np.ones(3000)))["empty-column"]
    assert finding.where.athletes == ()
    assert "'ecg'" in finding.seen


def test_a_sensor_that_was_not_connected(still):
    noise = np.random.default_rng(0).normal(size=3000)
    finding = found(still("ann", 0, ecg=noise), still("bo", 1, ecg=np.zeros(3000)))
    assert finding["constant-column"].where.athletes == ("bo",)


def test_a_recording_that_says_nothing(still):
    silent = still("ann", 0, "late")
    silent = replace(silent, channels=dict.fromkeys(silent.channels, NOTHING))
    finding = found(still("ann", 0), silent)["empty-recording"]
    assert finding.where.recordings == ("ann/late",)
