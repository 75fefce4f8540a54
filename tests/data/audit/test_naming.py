from dataclasses import replace

import numpy as np
import pytest

from distride.data.audit.naming import NAMING

ORDER = ("curl", "row", "press", "jumping_jack", "squat", "lunge")


def with_column(recordings, name, values_of):
    """A column more, from each recording and its own generator."""
    changed = []
    for seed, recording in enumerate(recordings):
        values = values_of(recording, np.random.default_rng(seed)).astype(np.float32)
        changed.append(replace(recording, channels={**recording.channels, name: values}))
    return changed


def numbers(recording):
    """-1 where there is no class."""
    return np.array([ORDER.index(one) if one else -1 for one in recording.labels["label"]])


def code(recording, rng):
    return numbers(recording) * 10


def heading(recording, rng):
    """A magnetometer in a gym: each machine has its place, each athlete a little turn."""
    return 40 * np.sin(numbers(recording) + rng.normal(0, 0.05)) + rng.normal(
        0, 1, len(recording.t)
    )


def one_machine(recording, rng):
    return np.where(numbers(recording) == 5, 30.0, -10.0) + rng.normal(0, 2, len(recording.t))


def only_in_squats(recording, rng):
    return np.where(numbers(recording) == 4, rng.normal(0, 1, len(recording.t)), np.nan)


LEAKS = {
    "station": (code, None),
    "wrist_mag_x": (heading, None),
    "wrist_mag_y": (one_machine, "'lunge'"),
    "foot_pressure": (only_in_squats, "'squat'"),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_column_that_names_the_class_invalidates(athletes, judged, name):
    values_of, named = LEAKS[name]
    recordings = [one for own in athletes.values() for one in own]
    (finding,) = judged(NAMING, with_column(recordings, name, values_of))
    assert (finding.check, finding.severity) == ("column-names-class", "invalidates")
    assert finding.sure >= 0.9
    assert named is None or named in finding.seen


def test_a_code_that_is_the_same_in_everyone_is_certain(athletes, judged):
    recordings = [one for own in athletes.values() for one in own]
    (finding,) = judged(NAMING, with_column(recordings, "wrist_acc_x", code))
    assert finding.sure == 1.0
    assert "one value a class" in finding.basis


def test_an_axis_that_tells_every_class_is_too_good(still, judged):
    recordings = []
    for seed in range(5):
        one = still(f"a{seed}", seed)
        label = np.repeat(np.array(["sit", "stand", "lie"], object), 1000)
        tilted = np.repeat([0.0, 4.0, 9.0], 1000) + one.channels["wrist_acc_x"]
        channels = {**one.channels, "wrist_acc_x": tilted.astype(np.float32)}
        recordings.append(replace(one, channels=channels, labels={"label": label}))
    finding = judged(NAMING, recordings)[0]
    assert (finding.check, finding.severity) == ("column-names-class", "warning")
    assert "too good for one axis" in finding.basis


def test_movement_noise_and_temperature_are_no_names(athletes, judged):
    recordings = [one for own in athletes.values() for one in own]
    noisy = with_column(recordings, "noise", lambda one, rng: rng.normal(0, 1, len(one.t)))
    warm = with_column(noisy, "skin_c", lambda one, rng: 30 + one.t / 100 + rng.normal(0, 0.1))
    assert judged(NAMING, warm) == []


def test_classes_in_the_same_order_are_told_by_the_clock(judged, still):
    recordings = [still(f"a{seed}", seed) for seed in range(5)]
    (finding,) = [one for one in judged(NAMING, recordings) if one.check == "clock-names-class"]
    assert finding.severity == "warning"
    assert "same order" in finding.seen


def test_a_rate_of_its_own_tells_the_class(judged, still):
    recordings = []
    for seed in range(5):
        for name, rate_hz in (("sit", 50.0), ("stand", 33.0)):
            one = still(f"a{seed}", seed, name, rate_hz=rate_hz)
            recordings.append(replace(one, labels={"label": np.full(len(one.t), name, object)}))
    found = [one for one in judged(NAMING, recordings) if one.check == "clock-names-class"]
    assert any("sampling rate" in one.seen for one in found)


def test_a_place_that_is_only_worn_in_some_classes(judged, still):
    recordings = []
    for seed in range(5):
        one = still(f"a{seed}", seed)
        leg = np.where(one.labels["label"] == "sit", 1.0, np.nan) * np.sin(one.t * (3 + seed))
        label = np.where(one.t % 10 < 5, one.labels["label"] + "_a", one.labels["label"] + "_b")
        recordings.append(
            replace(
                one,
                channels={**one.channels, "leg_acc_x": leg.astype(np.float32)},
                labels={"label": label.astype(object)},
            )
        )
    (finding,) = [one for one in judged(NAMING, recordings) if one.check == "absence-names-class"]
    assert finding.where.columns == ("leg_acc_x",)
    assert "'stand_a', 'stand_b'" in finding.seen


@pytest.mark.parametrize("name", ["speed_ms", "power_w", "cadence_rpm", "heart_rate"])
def test_an_effort_that_goes_with_the_class_only_warns(athletes, judged, name):
    recordings = [one for own in athletes.values() for one in own]
    (finding,) = judged(NAMING, with_column(recordings, name, heading))
    assert (finding.check, finding.severity) == ("column-names-class", "warning")


def test_an_axis_that_shakes_otherwise_in_each_class_is_a_movement(athletes, judged):
    def shaken(recording, rng):
        return 3.0 ** numbers(recording) * rng.normal(size=len(recording.t))

    recordings = [one for own in athletes.values() for one in own]
    assert judged(NAMING, with_column(recordings, "ankle_acc_x", shaken)) == []
