"""What the audit says of real sets: all that can be seen there, and nothing else."""

import pytest

from distride.data import Cohort
from distride.data.audit import audit

ONE_CLASS = ("warning", "one-class")
RECORDING_IS_CLASS = ("warning", "recording-is-class")
EXPECTED = {
    "dsads": (
        ("subject_1", "subject_3", "subject_4", "subject_8"),
        {
            ("invalidates", "shared-recording"),
            ("invalidates", "repeated-stretch"),
            ("warning", "repeated-stretch"),
            ("warning", "frozen-sensor"),
            RECORDING_IS_CLASS,
        },
    ),
    "wle_weightlifting": (
        (),
        {
            ("invalidates", "counter-column"),
            RECORDING_IS_CLASS,
            ("warning", "constant-column"),
            ("warning", "impossible-value"),
            ("warning", "wrong-gravity"),
            ("warning", "mixed-scales"),
            ("warning", "frozen-sensor"),
            ("warning", "mixed-rates"),
            ("warning", "wrong-rate"),
            ("warning", "uneven-steps"),
            ("warning", "gap"),
        },
    ),
    "yoyo_test": (
        (),
        {
            ("invalidates", "column-names-class"),
            ("warning", "empty-column"),
            ("warning", "impossible-value"),
        },
    ),
    "spcup2015_ppg": (
        (),
        {
            ONE_CLASS,
            ("warning", "clock-names-class"),
            ("warning", "class-of-one-athlete"),
            ("warning", "empty-column"),
            ("warning", "wrong-gravity"),
            ("warning", "saturation"),
        },
    ),
    "utd_mhad": ((), {("warning", "absence-names-class"), ("warning", "saturation")}),
    "pt_exercises": ((), {("warning", "wrong-gravity")}),
    "fatigueset_wrist": (
        ("p01", "p02", "p03", "p06"),
        {RECORDING_IS_CLASS, ("warning", "saturation")},
    ),
    "swimming_watch": (
        ("swimmer_02", "swimmer_06", "swimmer_10", "swimmer_12", "swimmer_18", "swimmer_19"),
        {ONE_CLASS},
    ),
    "mex_thigh": (tuple(f"subject_{number:02d}" for number in range(10, 26)), set()),
}


@pytest.fixture
def findings(real_data):
    def of(name):
        cohort = Cohort.open(real_data / name)
        chosen = EXPECTED[name][0]
        return audit(Cohort(cohort.path, cohort.meta, chosen or cohort.athletes))

    return of


@pytest.mark.real
@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_set_has_the_findings_it_is_known_for(findings, name):
    found = findings(name)
    assert {(one.severity, one.check) for one in found} == EXPECTED[name][1]
    if name == "dsads":
        (copy,) = [one for one in found if one.check == "shared-recording"]
        assert copy.where.athletes == ("subject_4", "subject_8")
        assert {name.split("/")[1] for name in copy.where.recordings} == {"a17", "a18"}
    if name == "wle_weightlifting":
        (counter,) = [one for one in found if one.check == "counter-column"]
        assert counter.where.columns == ("num_window",)
