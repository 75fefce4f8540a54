"""The list of checks that every data set passes, from the day it appears."""

import re

import numpy as np
import pytest

from distride.data import LABEL, Cohort
from distride.data.sets import SOURCES
from distride.errors import DataError
from distride.signals import HEART_RATE, measured_hz, triads

CHANNEL = re.compile(rf"^({HEART_RATE}|[a-z]+(_[a-z]+)*_((acc|gyr|mag)_[xyz]|capacitance))$")
SNAKE_CASE = re.compile(r"^[a-z]+[a-z0-9]*(_[a-z0-9]+)*$")
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


@pytest.fixture
def world(source, writers, tmp_path):
    """A sound folder in a source's layout."""
    folder = tmp_path / source.name
    writers[source.name](folder)
    return folder


def read(source, folder):
    return list(source.read(folder, "ignored"))


def norms(recording, sensor):
    """Median length of each triad of one kind of sensor."""
    found = [name for name in recording.channels if f"_{sensor}_" in name]
    return [
        np.nanmedian(np.linalg.norm(recording.samples(tuple(found[i] for i in triad)), axis=1))
        for triad in triads(tuple(found))
    ]


def test_names_are_unique_and_short():
    names = [source.name for source in SOURCES]
    assert len(set(names)) == len(names)
    assert all(SNAKE_CASE.match(name) for name in names)


@each_source
def test_its_meta_tells_what_a_cohort_must_know(source):
    assert source.title
    assert source.meta["licence"]
    assert source.meta["citation"]
    assert source.meta["sampling_hz"] > 0


@each_source
def test_it_detects_its_own_layout_and_no_other(source, writers, tmp_path):
    for name, write in writers.items():
        write(tmp_path / name)
        assert source.detects(tmp_path / name) == (source.name == name), name


@each_source
def test_it_detects_nothing_in_what_is_no_set(source, tmp_path):
    (tmp_path / "file.csv").write_text("t,x\n0,1\n")
    assert not source.detects(tmp_path)
    assert not source.detects(tmp_path / "file.csv")
    assert not source.detects(tmp_path / "absent")
    with pytest.raises(DataError, match="layout"):
        read(source, tmp_path)


@each_source
def test_it_is_found_in_the_folder_its_archive_unpacked_into(source, writers, tmp_path):
    writers[source.name](tmp_path / "outer" / "inner")
    (tmp_path / "outer" / "__MACOSX").mkdir()
    assert source.detects(tmp_path)
    assert len(read(source, tmp_path)) == len(read(source, tmp_path / "outer" / "inner"))


@each_source
def test_a_sound_set_is_read_without_loss(source, world):
    for loaded in read(source, world):
        assert all("as the authors scaled them" in warning for warning in loaded.warnings)
        assert bool(loaded.warnings) == ("units" in source.meta)


@each_source
def test_athletes_follow_each_other_and_name_their_recordings(source, world):
    athletes = [loaded.recording.athlete for loaded in read(source, world)]
    numbers = [int(re.fullmatch(r"subject_(\d+)", athlete)[1]) for athlete in athletes]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) >= 2
    names = [(loaded.recording.athlete, loaded.recording.name) for loaded in read(source, world)]
    assert len(set(names)) == len(names)


@each_source
def test_its_clock_rises_at_the_documented_rate(source, world):
    for loaded in read(source, world):
        t = loaded.recording.t
        assert t[0] == 0
        assert (np.diff(t) > 0).all()
        assert measured_hz(t) == pytest.approx(source.meta["sampling_hz"], rel=0.05)


@each_source
def test_its_channels_keep_the_cohort_contract(source, world):
    for loaded in read(source, world):
        for name, values in loaded.recording.channels.items():
            assert CHANNEL.match(name), name
            assert values.dtype == np.float32
            assert np.isfinite(values).any(), name


@each_source
def test_its_units_are_si(source, world):
    if "units" in source.meta:
        pytest.skip(source.meta["units"])
    for loaded in read(source, world):
        assert norms(loaded.recording, "acc")
        assert all(8 < norm < 12 for norm in norms(loaded.recording, "acc"))
        assert all(0.2 < norm < 3 for norm in norms(loaded.recording, "gyr"))
        bpm = loaded.recording.channels.get(HEART_RATE, np.array([60.0]))
        assert 30 < np.nanmin(bpm) <= np.nanmax(bpm) < 230


@each_source
def test_its_labels_are_snake_case(source, world):
    labels = {label for one in read(source, world) for label in one.recording.labels[LABEL]}
    assert len(labels - {""}) >= 2
    assert all(SNAKE_CASE.match(label) for label in labels - {""})


@each_source
def test_it_becomes_a_cohort(source, world, tmp_path):
    loaded = read(source, world)
    meta = {"name": source.name, **source.meta}
    cohort = Cohort.write(tmp_path / "c", meta, (one.recording for one in loaded))
    assert sum(1 for _ in cohort) == len(loaded)


def outcome(source, folder):
    """How many numbers could be read, and every sentence about what could not."""
    try:
        loaded = read(source, folder)
    except DataError as error:
        return 0, [str(error)]
    channels = [values for one in loaded for values in one.recording.channels.values()]
    known = sum(int(np.isfinite(values).sum()) for values in channels)
    return known, [warning for one in loaded for warning in one.warnings]


@each_source
@pytest.mark.parametrize("share", [0.0, 0.3, 0.61, 0.97])
def test_a_truncated_file_gives_the_readable_part_or_one_sentence(source, world, share):
    whole, _ = outcome(source, world)
    for file in [path for path in world.rglob("*") if path.is_file()]:
        content = file.read_bytes()
        file.write_bytes(content[: int(share * len(content))])
        part, sentences = outcome(source, world)
        assert part <= whole
        assert sentences or part < whole or share > 0.9, file
        file.write_bytes(content)


@each_source
def test_damaged_bytes_are_counted_or_refused(source, world):
    _, before = outcome(source, world)
    rng = np.random.default_rng(0)
    for file in [path for path in world.rglob("*") if path.is_file()]:
        content = file.read_bytes()
        damaged = bytearray(content)
        start = len(damaged) // 2
        damaged[start : start + 50] = rng.bytes(len(damaged[start : start + 50]))
        file.write_bytes(damaged)
        _, sentences = outcome(source, world)
        file.write_bytes(content)
        assert set(sentences) - set(before), file
