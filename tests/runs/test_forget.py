import json
import shutil

import pytest

from distride.bundle import Bundle
from distride.errors import DataError
from distride.runs import forget

ATHLETE = "Zoë Quux"


@pytest.fixture
def run(trained, tmp_path):
    """A finished run, in which the held-out athlete has a name that nothing else bears."""
    folder = tmp_path / "run"
    shutil.copytree(trained.folder, folder)
    (old,) = trained.results["protocol"]["held_out"]

    def named(value):
        if isinstance(value, dict):
            return {named(key): named(part) for key, part in value.items()}
        if isinstance(value, list):
            return [named(part) for part in value]
        return ATHLETE if value == old else value

    for table in folder.rglob("*.json"):
        if table.name != "run.json":
            table.write_text(json.dumps(named(json.loads(table.read_text()))))
    for file in list(folder.rglob(f"{old}.*")):
        file.rename(file.with_name(file.name.replace(old, ATHLETE, 1)))
    results = json.loads((folder / "results.json").read_text())
    results["warnings"] = [f"{ATHLETE} has 2 of 5 classes."]
    (folder / "results.json").write_text(json.dumps(results, ensure_ascii=False))
    return folder


def mentions(folder, *needles):
    """Files whose name or bytes hold any of the needles."""
    return [
        file
        for file in folder.rglob("*")
        if any(
            needle in str(file.relative_to(folder)).encode()
            or (file.is_file() and needle in file.read_bytes())
            for needle in needles
        )
    ]


def test_nothing_of_an_athlete_is_left_in_a_run(run):
    before = json.loads((run / "results.json").read_text())
    signal = (run / "windows" / f"{ATHLETE}.f32").read_bytes()[4000:4064]
    needles = (ATHLETE.encode(), json.dumps(ATHLETE)[1:-1].encode(), signal)
    assert len(mentions(run, *needles)) > 3
    forget(run, ATHLETE)
    assert mentions(run, *needles) == []
    after = json.loads((run / "results.json").read_text())
    student = after["models"]["student"]
    assert student["per_athlete"] == {"forgotten": before["models"]["student"]["macro_f1"]}
    assert after["protocol"]["held_out"] == ["forgotten"]
    assert after["warnings"] == ["forgotten has 2 of 5 classes."]
    assert "forgotten" in (run / "report.html").read_text()


def test_bundles_stay_whole_and_name_nobody(trained, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(trained.folder, folder)
    before = Bundle.open(folder / "student.distride")
    (athlete,) = trained.results["protocol"]["held_out"]
    forget(folder, athlete)
    after = Bundle.open(folder / "student.distride")
    assert after.body_sha256 == before.body_sha256
    assert after.manifest.training.protocol["held_out"] == ["forgotten"]


def test_a_stranger_changes_nothing(trained, tmp_path):
    with pytest.raises(DataError, match="knows nothing of an athlete 'nobody'"):
        forget(trained.folder, "nobody")
    with pytest.raises(DataError, match="no folder of a run"):
        forget(tmp_path, "anna")


def test_a_movement_that_is_called_as_an_athlete_keeps_its_name(run):
    results = json.loads((run / "results.json").read_text())
    first = results["detail"]["labels"][0]
    results["detail"]["labels"][0] = ATHLETE
    by_class = results["detail"]["per_class_f1"]
    by_class[ATHLETE] = by_class.pop(first)
    (run / "results.json").write_text(json.dumps(results, ensure_ascii=False))
    forget(run, ATHLETE)
    after = json.loads((run / "results.json").read_text())
    assert after["detail"]["labels"][0] == ATHLETE
    assert ATHLETE in after["detail"]["per_class_f1"]
    assert after["protocol"]["held_out"] == ["forgotten"]


def test_what_a_crash_left_half_written_is_forgotten_too(run):
    (run / "heads" / f".{ATHLETE}.head.safetensors.partial-0f").write_bytes(b"half")
    forget(run, ATHLETE)
    assert not mentions(run, ATHLETE.encode())


def test_the_demos_cohort_in_the_runs_folder_is_forgotten_too(run, simulated):
    (run / "cohort").mkdir()
    shutil.copy(simulated.path / "meta.json", run / "cohort")
    for name in (ATHLETE, "b"):
        shutil.copy(simulated.path / "a.parquet", run / "cohort" / f"{name}.parquet")
    forget(run, ATHLETE)
    assert [file.name for file in (run / "cohort").glob("*.parquet")] == ["b.parquet"]
    (run / "cohort" / "c.parquet").write_bytes(b"of one who taught and was not held out")
    forget(run, "c")
    assert not (run / "cohort" / "c.parquet").exists()


def test_a_file_that_no_run_has_made_is_told_and_stays(run):
    (run / f"{ATHLETE}.csv").write_text("t\n0\n")
    with pytest.raises(DataError, match=rf"forgotten but .*{ATHLETE}\.csv, which no run has made"):
        forget(run, ATHLETE)
    assert mentions(run, ATHLETE.encode()) == [run / f"{ATHLETE}.csv"]
