from dataclasses import replace

import numpy as np
import pytest

from distride.data.audit import invalidates
from distride.data.audit.classes import CLASSES


@pytest.fixture
def found(judged):
    return lambda recordings, check: [
        finding for finding in judged(CLASSES, recordings) if finding.check == check
    ]


def labelled(recording, *names):
    """The names in turn, in equal parts."""
    label = np.repeat(np.array(names, object), len(recording.t) // len(names))
    return replace(recording, labels={"label": label})


def test_a_sound_cohort_has_none_of_these(athletes, judged):
    assert judged(CLASSES, [one for own in athletes.values() for one in own]) == []


def test_an_athlete_with_one_class_and_one_without_any(found, still):
    recordings = [still(f"a{seed}", seed) for seed in range(4)]
    cohort = [*recordings, labelled(still("bo", 5), "sit"), labelled(still("cy", 6), "")]
    (single,) = found(cohort, "one-class")
    assert (single.where.athletes, single.severity) == (("bo",), "warning")
    (nothing,) = found(cohort, "unlabelled")
    assert (nothing.where.athletes, nothing.severity) == (("cy",), "note")


def test_athletes_without_a_label_are_no_folds(found, still):
    cohort = [labelled(still(f"a{seed}", seed), "sit", "walk") for seed in range(3)]
    (finding,) = found([*cohort, labelled(still("bo", 5), "")], "few-athletes")
    assert finding.severity == "invalidates"
    assert finding.seen.startswith("4 athletes, 3 of them labelled: nobody")


def test_one_class_in_the_whole_cohort(found, still):
    cohort = [labelled(still(f"a{seed}", seed), "sit") for seed in range(4)]
    (finding,) = found(cohort, "one-class")
    assert finding.severity == "invalidates"
    assert finding.where.athletes == ()


def test_one_athlete_and_no_class_at_all(found, still):
    cohort = [replace(still("ann", 0), labels={})]
    assert found(cohort, "few-athletes")[0].seen.startswith("1 athlete:")
    assert found(cohort, "no-class")
    assert invalidates(tuple(found(cohort, "few-athletes")))


def test_labels_that_are_numbers_are_named(found, still):
    numbers = np.arange(3000) // 1000
    recordings = [replace(still(f"a{seed}", seed, label=numbers), labels={}) for seed in range(4)]
    (finding,) = found(recordings, "no-class")
    assert "'label' holds numbers" in finding.seen


def test_a_class_of_one_athlete(found, still):
    recordings = [still(f"a{seed}", seed) for seed in range(4)]
    cohort = [*recordings, labelled(still("bo", 5), "sit", "stand", "kneel")]
    (finding,) = found(cohort, "class-of-one-athlete")
    assert finding.where.athletes == ("bo",)
    assert "'kneel'" in finding.seen


def test_each_class_in_a_recording_of_its_own(found, still):
    recordings = [
        labelled(still(f"a{seed}", 2 * seed + number, name), name)
        for seed in range(4)
        for number, name in enumerate(("sit", "stand"))
    ]
    (finding,) = found(recordings, "recording-is-class")
    assert "4 of 4" in finding.basis
