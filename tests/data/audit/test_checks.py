import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from distride.data import Cohort, Recording
from distride.data.audit import SEVERITIES, audit, invalidates
from distride.data.audit.checks import CHECKS
from distride.data.table import write_table

NAN = np.full(200, np.nan, np.float32)
AXES = tuple(f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz")


def odd(t, values, labels=None):
    channels = {name: np.asarray(values, np.float32) for name in (*AXES, "heart_rate", "extra")}
    return Recording("odd", "r", np.asarray(t, float), channels, labels or {})


TICKS = np.arange(200) / 50
ODD = {
    "no row": odd([], []),
    "one row": odd([0.0], [1.0]),
    "one known value": odd(TICKS, np.where(TICKS == 1, 2.0, np.nan)),
    "only NaN": odd(TICKS, NAN),
    "only zero": odd(TICKS, np.zeros(200)),
    "infinite": odd(TICKS, np.where(TICKS > 1, np.inf, -1.0)),
    "huge": odd(TICKS, np.random.default_rng(0).normal(0, 1e30, 200)),
    "one time": odd(np.zeros(200), np.random.default_rng(0).normal(0, 1, 200)),
    "no column": Recording("odd", "r", TICKS, {}),
    "empty labels": odd(TICKS, np.sin(TICKS), {"label": np.full(200, "", object)}),
    "a label a row": odd(TICKS, np.sin(TICKS), {"label": TICKS.astype(str).astype(object)}),
}


@pytest.mark.parametrize("kind", ODD)
def test_no_check_stumbles_over_odd_recordings(written, still, kind):
    odd = [ODD[kind], replace(ODD[kind], name="again")]
    cohort = written([still("ann", 0), still("bo", 1), *odd])
    recordings = {name: cohort.read(name) for name in ("ann", "bo")} | {"odd": odd}
    for check in CHECKS:
        seen = {name: check.summarise(cohort, own) for name, own in recordings.items()}
        for finding in check.judge(cohort, seen):
            assert finding.severity in SEVERITIES
            assert 0 <= finding.sure <= 1
            assert finding.seen
            assert not finding.seen.endswith(".")
            assert not finding.todo.endswith(".")


def test_a_simulated_cohort_is_sound(athletes, written):
    assert audit(written([one for own in athletes.values() for one in own])) == ()


def test_progress_is_told_and_the_gravest_comes_first(written, still):
    recordings = [still(f"a{seed}", seed) for seed in range(4)]
    steps = []
    late = replace(recordings[0], t=recordings[0].t + 9)
    findings = audit(written([late, *recordings[1:3]]), lambda *step: steps.append(step))
    assert steps == [("audit", number, 3) for number in (1, 2, 3)]
    order = [SEVERITIES.index(finding.severity) for finding in findings]
    assert order == sorted(order)
    assert {0, 2} <= set(order)


@pytest.mark.parametrize("kind", ["clock falls", "no row", "no Parquet"])
def test_an_athlete_that_cannot_be_read_is_a_finding(written, still, kind):
    cohort = written([still(f"a{seed}", seed) for seed in range(4)])
    file = cohort.path / "a1.parquet"
    rows = 0 if kind == "no row" else 100
    table = {"t": -np.arange(rows, dtype=float), "recording": np.full(rows, "r", object)}
    if kind == "no Parquet":
        file.write_bytes(b"nonsense")
    else:
        write_table(file, table)
    findings = audit(Cohort.open(cohort.path))
    assert invalidates(findings)
    assert [one.where.athletes for one in findings if one.check == "unreadable"] == [("a1",)]


def test_a_cohort_of_which_nothing_can_be_read(written, still):
    cohort = written([still("ann", 0)])
    (cohort.path / "ann.parquet").write_bytes(b"nonsense")
    (finding,) = audit(cohort)
    assert finding.check == "unreadable"


def test_memory_does_not_grow_with_the_number_of_athletes(tmp_path, still, monkeypatch):
    monkeypatch.setattr("distride.data.audit.shared.MOST_FINGERPRINTS", 4000)
    peaks = []
    for count in (4, 12):
        recordings = (still(f"a{seed}", seed, seconds=300) for seed in range(count))
        meta = {"name": "tiny", "sampling_hz": 50.0}
        cohort = Cohort.write(tmp_path / str(count), meta, recordings)
        tracemalloc.start()
        audit(cohort)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]
