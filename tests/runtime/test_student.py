from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

import distride
from distride.bundle import write_head
from distride.data import Recording
from distride.errors import BundleError, DataError

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
SWING = {"still": 0.0, "slow": 1.0, "fast": 3.0, "wave": 6.0}


def recording(order, seed=0, names=None, athlete="anna"):
    """Ten seconds of each movement, under other names where given."""
    rng, parts, labels = np.random.default_rng(seed), [], []
    for movement in order:
        t = np.arange(200) / 20.0
        swing = np.sin(2 * np.pi * SWING[movement] * t)
        noise = rng.normal(scale=0.3, size=(200, 3))
        parts.append(np.outer(swing, [3.0, 1.0, 0.5]) + np.array([0, 0, 9.81]) + noise)
        labels += [(names or {}).get(movement, movement)] * 200
    samples = np.concatenate(parts).astype(np.float32)
    return Recording(
        athlete=athlete,
        name=f"r{seed}",
        t=np.arange(len(samples)) / 20.0,
        channels={f"wrist_acc_{axis}": samples[:, at] for at, axis in enumerate("xyz")},
        labels={"label": np.array(labels, dtype=object)},
    )


@pytest.fixture(scope="module")
def student(tiny):
    return distride.Bundle.open(tiny.path)


def answers(stream, one):
    told = stream.push(one.t, one.samples(stream.spec.channels))
    return [event.movement for event in told if event.event == "state"]


def test_a_new_movement_is_learnt_and_streamed(student, tmp_path):
    calibration = [recording(["still", "slow", "fast", "wave"], seed) for seed in (1, 2)]
    anna = student.personalize(calibration, created=WHEN)
    assert anna.heads["label"].labels == ("still", "slow", "fast", "wave")
    assert anna.athlete == "anna"
    assert anna.created == "2026-01-02T00:00:00+00:00"
    assert set(anna.shots["label"]) == set(SWING)
    write_head(tmp_path / "anna.head.safetensors", anna)
    back = student.bundle.personal_head(tmp_path / "anna.head.safetensors")
    heard = answers(student.stream(head=back), recording(["wave", "still"], 3))
    assert heard[5] == "wave"
    assert heard[-1] == "still"
    assert "wave" not in answers(student.stream(), recording(["wave", "still"], 3))


def test_an_athlete_who_gains_nothing_keeps_the_shared_head(student):
    # what is called by chance cannot be learnt, and the guard sees it
    rng = np.random.default_rng(0)
    base = recording(["still", "slow", "fast"] * 2, 4)
    runs = rng.permutation(["still", "slow", "fast"] * 2)
    labels = {"label": np.repeat(runs, 200).astype(object)}
    confused = Recording("anna", "r", base.t, base.channels, labels)
    head = student.personalize([confused])
    assert "label" in head.reasons
    assert bool(head.heads) == head.reasons["label"].startswith("The personal head is better")


def test_recordings_that_teach_nothing_are_refused(student):
    unlabelled = recording(["still"], names={"still": ""})
    with pytest.raises(DataError, match="no window of one label"):
        student.personalize([unlabelled])
    with pytest.raises(DataError, match="exactly one athlete"):
        student.personalize([])
    with pytest.raises(DataError, match="exactly one athlete"):
        student.personalize([recording(["still"]), recording(["still"], athlete="ben")])


def test_a_recording_that_is_given_twice_counts_once(student):
    own = [recording(["still", "slow", "fast"], seed) for seed in (1, 2)]
    silent = [replace(own[0], name=name, channels={}) for name in ("a", "b")]
    once = student.personalize(own, created=WHEN)
    again = student.personalize([*own, replace(own[0], name="copy"), *silent], created=WHEN)
    assert (again.shots, again.scores, again.reasons) == (once.shots, once.scores, once.reasons)
    assert student.next_movement([*own, own[1]]) == student.next_movement(own)


def test_the_same_samples_with_other_labels_are_refused(student):
    own = recording(["still", "slow", "fast"])
    heart = {**own.channels, "heart_rate": np.full(len(own.t), np.nan)}
    for other in (replace(own, labels={}), replace(own, channels=heart)):
        with pytest.raises(DataError, match="the same samples with other labels: give them once"):
            student.personalize([own, other])
    more = replace(own, channels=heart)
    assert student.personalize([more, more]).shots == student.personalize([own]).shots


def test_a_device_that_was_worn_elsewhere_is_told_from_labels_that_are_missing(student):
    one = recording(["still", "slow"])
    chest = {name.replace("wrist", "chest"): values for name, values in one.channels.items()}
    for ask in (student.personalize, student.next_movement):
        with pytest.raises(DataError, match=r"chest_acc_x.*none is in both"):
            ask([replace(one, channels=chest)])


def test_times_in_milliseconds_teach_nothing(student):
    one = recording(["still", "slow", "fast"])
    for ask in (student.personalize, student.next_movement):
        with pytest.raises(DataError, match=r"at 0\.02 Hz, the model needs 20, .*is t in seconds"):
            ask([replace(one, t=one.t * 1000)])
    assert student.personalize([replace(one, t=one.t * 2)]).shots  # half the rate is just enough


def test_the_name_of_a_file_is_no_head(student):
    with pytest.raises(BundleError, match=r"'a\.path', which is none: read its file with"):
        student.stream(head="a.path")


def test_the_package_gives_its_names_when_first_asked():
    assert distride.Cohort.__name__ == "Cohort"
    assert distride.Recording is Recording
    with pytest.raises(AttributeError, match="Nothing"):
        distride.Nothing  # noqa: B018
