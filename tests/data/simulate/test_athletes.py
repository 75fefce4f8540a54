import numpy as np
import pytest

from distride.data import Cohort
from distride.data.cutting import windows_in
from distride.data.simulate import simulate_athlete, simulate_cohort, write_simulated
from distride.learn.baselines import simple_features
from distride.learn.metrics import macro_f1
from distride.signals import SignalSpec

CHANNELS = tuple(f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz")
SPEC = SignalSpec(CHANNELS, 50.0)


def windows_and_labels(recording):
    x, labels = [], []
    for window in windows_in(recording, SPEC):
        inside = slice(*np.searchsorted(recording.t, [window.start_s, window.start_s + 3.0]))
        names, counts = np.unique(recording.labels["label"][inside].astype(str), return_counts=True)
        if names[counts.argmax()] and counts.max() >= 0.9 * counts.sum():
            x.append(window.samples)
            labels.append(names[counts.argmax()])
    return simple_features(np.array(x)), np.array(labels)


def test_the_same_seed_gives_the_same_bytes_in_any_cohort():
    alone = simulate_athlete("athlete_02", 7)
    among = [one for one in simulate_cohort(3, 7) if one.athlete == "athlete_02"]
    for one, other in zip(alone, among, strict=True):
        for name in CHANNELS:
            np.testing.assert_array_equal(one.channels[name], other.channels[name])
    assert not np.array_equal(alone[0].t, simulate_athlete("athlete_02", 8)[0].t)


def test_gravity_is_there_when_the_arm_hangs():
    for recording in simulate_athlete("ann", 0):
        still = recording.t < 8.0
        norm = np.linalg.norm(recording.samples(CHANNELS)[still, :3], axis=1)
        assert np.median(norm) == pytest.approx(9.81, rel=0.05)


def test_the_gyroscope_agrees_with_the_turning_of_gravity():
    recording = simulate_athlete("ann", 0)[0]
    x = recording.samples(CHANNELS).astype(float)
    slow = recording.labels["label"] == "curl"
    turning = np.linalg.norm(x[slow, 3:], axis=1).mean()
    resting = np.linalg.norm(x[recording.t < 8.0, 3:], axis=1).mean()
    assert turning > 2 * resting  # who stands about fidgets


def test_repetitions_are_numbered_and_some_are_faulty():
    recording = simulate_athlete("ann", 0)[0]
    for movement in ("curl", "squat"):
        inside = recording.labels["label"] == movement
        reps = recording.labels["rep"][inside]
        assert list(dict.fromkeys(reps)) == [str(number) for number in range(1, 10)]
        faulty = recording.labels["execution"][inside] != "correct"
        assert set(reps[faulty]) == {"6", "7", "8", "9"}


def test_the_heart_is_told_once_a_second_and_rises_with_effort():
    recording = simulate_athlete("ann", 0)[0]
    bpm = recording.channels["heart_rate"]
    told = bpm[np.isfinite(bpm)]
    assert len(told) == pytest.approx(recording.seconds, abs=2)
    assert told.min() > 40
    assert told.max() < 205
    assert told[len(told) // 2 :].mean() > told[:5].mean() + 10


def test_a_written_cohort_is_one(tmp_path):
    write_simulated(tmp_path / "c", athletes=2)
    assert Cohort.open(tmp_path / "c").athletes == ("athlete_01", "athlete_02")


@pytest.mark.slow
def test_who_is_new_loses_five_points_to_who_was_seen_before():
    from sklearn.ensemble import ExtraTreesClassifier

    sessions = [
        [windows_and_labels(recording) for recording in simulate_athlete(f"a{number}", 0)]
        for number in range(8)
    ]
    names = np.unique(np.concatenate([labels for _, labels in sessions[0]]))

    def score(train, test):
        model = ExtraTreesClassifier(150, random_state=0)
        model.fit(np.concatenate([x for x, _ in train]), np.concatenate([y for _, y in train]))
        truth, answers = np.searchsorted(names, test[1]), model.predict(test[0])
        return macro_f1(truth, np.searchsorted(names, answers), len(names))

    others, own = [], []
    for number in range(4):
        strangers = [one for other in range(8) if other != number for one in sessions[other]]
        others.append(score(strangers, sessions[number][2]))
        own.append(score(strangers + sessions[number][:2], sessions[number][2]))
    assert np.mean(own) - np.mean(others) >= 0.05
    assert 0.5 < np.mean(others) < 0.95
