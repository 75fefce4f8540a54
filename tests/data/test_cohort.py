"""The cohort folder: lazy to read, all or nothing to write."""

import errno
import json
import os
import resource
import tracemalloc
import weakref
from contextlib import contextmanager

import numpy as np
import pytest

from distride.data import Cohort, Recording
from distride.data import cohort as module
from distride.data.table import write_table
from distride.errors import DataError

META = {"name": "swim", "sampling_hz": 20, "licence": "CC0-1.0", "pool_m": 25}


def recording(athlete, name="one", seconds=2, **channels):
    t = np.arange(seconds * 20) / 20.0
    swing = np.random.default_rng(len(name)).normal(size=len(t)).astype(np.float32)
    label = np.where(t < seconds / 2, "crawl", "").astype(object)
    return Recording(athlete, name, t, {"w_acc_x": swing, **channels}, {"label": label})


def written(path, *athletes, **options):
    return Cohort.write(path, META, [recording(athlete, **options) for athlete in athletes])


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_what_is_written_is_read_back(tmp_path):
    strap = np.full(40, np.nan, np.float32)
    strap[::20] = [71, 72]
    given = [recording("ann", "one", heart_rate=strap), recording("ann", "two"), recording("bo")]
    cohort = Cohort.write(tmp_path / "deep" / "swim", META, given)
    assert cohort == Cohort.open(tmp_path / "deep" / "swim")
    assert (cohort.name, cohort.sampling_hz, cohort.meta["pool_m"]) == ("swim", 20.0, 25)
    assert cohort.athletes == ("ann", "bo")
    for one, back in zip(given, cohort, strict=True):
        assert (back.athlete, back.name) == (one.athlete, one.name)
        np.testing.assert_array_equal(back.t, one.t)
        np.testing.assert_array_equal(back.channels["w_acc_x"], one.channels["w_acc_x"])
        assert back.labels["label"].tolist() == one.labels["label"].tolist()
    np.testing.assert_array_equal(cohort.read("ann")[0].channels["heart_rate"], strap)
    assert np.isnan(cohort.read("ann")[1].channels["heart_rate"]).all()  # the strap was left off
    assert cohort.columns() == {"w_acc_x": "FLOAT", "heart_rate": "FLOAT", "label": "VARCHAR"}


def test_five_hundred_athletes_are_opened_without_reading_one(tmp_path):
    (tmp_path / "meta.json").write_text(json.dumps(META))
    for number in range(500):
        (tmp_path / f"a{number:03d}.parquet").write_bytes(b"whoever reads this fails")
    cohort = Cohort.open(tmp_path)
    assert len(cohort.athletes) == 500
    with pytest.raises(DataError, match="not a readable Parquet"):
        cohort.read("a007")


def peak_of(cohort):
    tracemalloc.start()
    samples = sum(len(one.t) for one in cohort)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return samples, peak


def test_iterating_holds_one_athlete_at_a_time(tmp_path):
    few = written(tmp_path / "few", "a0", "a1", seconds=500)
    many = written(tmp_path / "many", *(f"a{number}" for number in range(8)), seconds=500)
    peak_of(few)  # imports
    (few_samples, few_peak), (many_samples, many_peak) = peak_of(few), peak_of(many)
    assert many_samples == 4 * few_samples
    assert many_peak < 1.2 * few_peak


def test_writing_holds_an_athlete_and_the_next_one(tmp_path):
    made, alive = [], []

    def walk():
        for athlete in range(8):
            for name in ("one", "two"):
                one = recording(f"a{athlete}", name)
                made.append(weakref.ref(one))
                alive.append(sum(one() is not None for one in made))
                yield one
                del one

    Cohort.write(tmp_path / "c", META, walk())
    assert max(alive) == 5  # two of each, and the first of who comes after


@pytest.mark.parametrize(
    "name", ["../ann", "ann/bo", "ann\\bo", ".ann", "", " ann", "a" * 101, "安" * 70, "\udcd5"]
)
def test_a_name_that_is_a_path_is_refused(tmp_path, name):
    with pytest.raises(DataError, match="cannot name an athlete's file"):
        written(tmp_path / "c", name)
    assert list(tmp_path.iterdir()) == []


def test_a_cohort_of_nobody_is_refused(tmp_path):
    with pytest.raises(DataError, match="no recording to write"):
        Cohort.write(tmp_path / "c", META, [])
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "meta.json").write_text(json.dumps(META))
    with pytest.raises(DataError, match="is empty"):
        Cohort.open(tmp_path / "empty")
    with pytest.raises(DataError, match="No cohort at"):
        Cohort.open(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        (None, "has no meta.json"),
        ("{", "cannot be read"),
        ("[]", "not an object"),
        ('{"name": "swim"}', r"lacks \['sampling_hz'\]"),
        ('{"name": "swim", "sampling_hz": 0}', "sampling_hz .* is 0"),
        ('{"name": "swim", "sampling_hz": true}', "sampling_hz .* is True"),
    ],
)
def test_a_meta_that_says_too_little_is_refused(tmp_path, meta, message):
    written(tmp_path / "c", "ann")
    file = tmp_path / "c" / "meta.json"
    file.unlink() if meta is None else file.write_text(meta)
    with pytest.raises(DataError, match=message):
        Cohort.open(tmp_path / "c")


def test_an_existing_folder_is_not_written_over(tmp_path):
    cohort = written(tmp_path / "c", "ann")
    before = content(cohort.path)
    with pytest.raises(DataError, match="already exists"):
        written(tmp_path / "c", "bo")
    assert content(cohort.path) == before


def test_an_unknown_athlete_is_told_who_there_is(tmp_path):
    with pytest.raises(DataError, match="No athlete 'cy' in 'swim': it has ann, bo"):
        written(tmp_path / "c", "ann", "bo").read("cy")


def test_a_file_without_a_clock_is_named(tmp_path):
    cohort = written(tmp_path / "c", "ann")
    write_table(cohort.path / "ann.parquet", {"recording": np.array(["one"], object)})
    with pytest.raises(DataError, match="lacks the column 't'"):
        cohort.read("ann")


def test_one_athlete_comes_once(tmp_path):
    with pytest.raises(DataError, match="do not follow each other"):
        written(tmp_path / "c", "ann", "bo", "ann")
    with pytest.raises(DataError, match="already has a recording 'one'"):
        written(tmp_path / "c", "ann", "ann")
    assert list(tmp_path.iterdir()) == []


@contextmanager
def nearly_full_disk(limit=2000):
    """No file may grow beyond some bytes, as on a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing(tmp_path):
    with nearly_full_disk(), pytest.raises(DataError, match="Could not write"):
        written(tmp_path / "c", "ann", "bo", seconds=500)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["_write_athletes", "_write_meta"])
def test_a_full_disk_at_any_step_leaves_nothing(tmp_path, monkeypatch, step):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, step, full)
    with pytest.raises(DataError, match="No space left"):
        written(tmp_path / "c", "ann")
    assert list(tmp_path.iterdir()) == []


def test_a_cohort_is_as_private_as_its_owner_wants_new_folders(tmp_path):
    before = os.umask(0o077)
    try:
        folder = written(tmp_path / "c", "ann").path
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700


def interrupted(*athletes):
    for athlete in athletes:
        yield recording(athlete)
    raise KeyboardInterrupt


def test_an_interrupted_write_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        Cohort.write(tmp_path / "c", META, interrupted("ann", "bo"))
    assert list(tmp_path.iterdir()) == []


def test_more_recordings_can_be_added(tmp_path):
    cohort = written(tmp_path / "c", "ann")
    more = cohort.add([recording("ann", "two"), recording("bo")])
    assert more.athletes == ("ann", "bo")
    assert [one.name for one in more.read("ann")] == ["one", "two"]
    assert sorted(content(tmp_path / "c")) == ["ann.parquet", "bo.parquet", "meta.json"]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (lambda: interrupted("ann2", "bo"), KeyboardInterrupt),
        (lambda: [recording("bo"), recording("ann", "one")], DataError),
        (lambda: [recording("ann", "2"), recording("bo"), recording("ann", "3")], DataError),
        (lambda: [recording("bo"), recording("../cy")], DataError),
        (lambda: [], DataError),
    ],
)
def test_a_failed_addition_leaves_the_cohort_as_it_was(tmp_path, more, error):
    cohort = written(tmp_path / "c", "ann")
    before = content(cohort.path)
    with pytest.raises(error):
        cohort.add(more())
    assert content(cohort.path) == before


def test_a_full_disk_leaves_the_cohort_as_it_was(tmp_path, monkeypatch):
    cohort = written(tmp_path / "c", "ann")
    before = content(cohort.path)
    with nearly_full_disk(), pytest.raises(DataError, match="Could not"):
        cohort.add([recording("bo"), recording("cy", seconds=500)])
    assert content(cohort.path) == before

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.tempfile, "TemporaryDirectory", full)
    with pytest.raises(DataError, match="No space left"):
        cohort.add([recording("bo")])


def test_a_channel_of_nothing_but_nan_stays_a_channel(tmp_path):
    blind = recording("ann", gyr=np.full(40, np.nan, np.float32))
    cohort = Cohort.write(tmp_path / "c", META, [blind])
    assert np.isnan(cohort.read("ann")[0].channels["gyr"]).all()
    assert cohort.columns()["gyr"] == "FLOAT"
