from dataclasses import replace

import numpy as np
import pytest

from distride.data import Recording
from distride.data.audit import audit


def shared(cohort):
    return [finding for finding in audit(cohort) if finding.check == "shared-recording"]


def everyone(athletes):
    return [recording for own in athletes.values() for recording in own]


def part(recording, rows, name="copy", athlete="thief", change=lambda values: values):
    """Some rows under another name, on a clock of their own."""
    return Recording(
        athlete,
        name,
        recording.t[rows] - recording.t[rows][0],
        {
            key: change(values[rows]).astype(np.float32)
            for key, values in recording.channels.items()
        },
        {key: values[rows] for key, values in recording.labels.items()},
    )


ALL = slice(None)
COPIES = {
    "as it is": lambda one: part(one, ALL),
    "a day later": lambda one: replace(part(one, ALL), t=one.t + 86_400.0),
    "on an even clock": lambda one: replace(part(one, ALL), t=np.arange(len(one.t)) / 49.0),
    "trimmed": lambda one: part(one, slice(411, -937)),
    "in g with an offset": lambda one: part(one, ALL, change=lambda x: x / 9.81 + 3.0),
    "turned over": lambda one: part(one, slice(100, None), change=lambda x: -x),
    "rounded": lambda one: part(one, ALL, change=lambda x: np.round(x, 2)),
    "ten seconds of it": lambda one: part(one, slice(3000, 3500)),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_found_in_another_athlete(athletes, written, kind):
    copy = COPIES[kind](athletes["bo"][1])
    (finding,) = shared(written([*everyone(athletes), copy]))
    assert finding.severity == "invalidates"
    assert finding.where.athletes == ("bo", "thief")
    assert finding.where.recordings == ("bo/session_2", "thief/copy")
    assert finding.sure > 0.9
    assert set(finding.where.columns) >= {f"wrist_acc_{axis}" for axis in "xyz"}


def test_the_span_is_told_on_the_clock_of_the_first(athletes, written):
    copy = part(athletes["ann"][0], slice(1000, 6000))
    (finding,) = shared(written([*everyone(athletes), copy]))
    assert finding.where.span_s == pytest.approx((20.0, 120.0), abs=0.5)
    assert "100% of the shorter" in finding.seen


def test_a_copy_with_a_heart_of_its_own_is_still_one(athletes, written):
    copy = part(athletes["ann"][0], ALL)
    heart = np.roll(copy.channels["heart_rate"], 2000)
    copy = replace(copy, channels={**copy.channels, "heart_rate": heart})
    (finding,) = shared(written([*everyone(athletes), copy]))
    assert "6 of 7 columns" in finding.basis


def test_a_copy_is_found_where_few_fingerprints_fit_into_memory(athletes, written, monkeypatch):
    monkeypatch.setattr("distride.data.audit.shared.MOST_FINGERPRINTS", 2000)
    (finding,) = shared(written([*everyone(athletes), part(athletes["bo"][1], slice(99, None))]))
    assert finding.where.athletes == ("bo", "thief")


def test_one_recording_under_two_names_of_an_athlete(athletes, written):
    own = athletes["di"]
    again = part(own[0], slice(50, None), "session_3", "di")
    (finding,) = shared(written([*everyone(athletes), again]))
    assert finding.severity == "invalidates"
    assert finding.where.athletes == ("di",)
    assert finding.where.recordings == ("di/session_1", "di/session_3")


def test_overlapping_windows_stored_as_recordings(athletes, written):
    source = athletes["ann"][0]
    windows = [
        part(source, slice(start, start + 128), f"w{start:05d}", "ann")
        for start in range(0, 4000, 64)
    ]
    (finding,) = shared(written([*windows, *athletes["bo"]]))
    assert finding.severity == "invalidates"
    assert "50% of the shorter one" in finding.seen
    assert len(finding.where.recordings) > 0.9 * len(windows)


def test_athletes_who_do_the_same_are_not_copies(athletes, written):
    assert shared(written(everyone(athletes))) == []


def test_athletes_who_sit_still_are_not_copies(written, still):
    assert shared(written([still(f"a{seed}", seed, seconds=200) for seed in range(6)])) == []


def test_pure_tones_and_constants_are_not_copies(written):
    t = np.arange(5000) / 50
    channels = {
        "wrist_acc_x": np.sin(2 * np.pi * t).astype(np.float32),
        "wrist_acc_y": np.sin(2 * np.pi * 0.77 * t).astype(np.float32),
        "wrist_acc_z": np.full(5000, 9.81, np.float32),
    }
    cohort = written([Recording(name, "r", t, channels) for name in ("ann", "bo", "cy", "di")])
    assert shared(cohort) == []
