"""The list of checks that every vendor's format passes, from the day it appears."""

import re
from pathlib import Path

import numpy as np
import pytest

from distride.data.formats import SOURCES
from distride.data.source import Loaded
from distride.errors import DataError
from distride.signals import HEART_RATE, measured_hz

CHANNEL = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
LABELLED = {"tcx", "gpx", "fit", "android_watch", "umafall", "csv"}
RATES_HZ = {"fit": 1, "tcx": 1, "gpx": 1, "hrm": 0.2, "empatica": 32}
READERS = [source for source in SOURCES if source.name != "no_series"]
every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
each_reader = pytest.mark.parametrize("source", READERS, ids=lambda source: source.name)


def read(source, path) -> list[Loaded]:
    return list(source.read(path, "ann"))


def outcome(source, path):
    """How many samples could be read, and every sentence about what could not."""
    try:
        ones = read(source, path)
    except DataError as error:
        return 0, [str(error)]
    return sum(len(one.recording.t) for one in ones), [
        text for one in ones for text in one.warnings
    ]


def test_names_are_unique_and_short():
    names = [source.name for source in SOURCES]
    assert len(set(names)) == len(names)
    assert all(
        CHANNEL.match(name) and source.title for name, source in zip(names, SOURCES, strict=True)
    )


@every_source
def test_the_page_on_importing_tells_of_it(source):
    page = Path(__file__).parents[3] / "docs" / "import.md"
    assert f"`{source.name}`" in page.read_text(encoding="utf-8")


@each_reader
def test_it_detects_its_own_file_first(source, sample):
    path = sample(source.name)
    assert next(one for one in SOURCES if one.detects(path)) is source


@every_source
@pytest.mark.parametrize("name", ["a.fit", "a.gpx", "a.tcx", "tags.csv", "a.csv", ".DS_Store"])
def test_detection_never_raises(source, name, tmp_path):
    (tmp_path / "folder").mkdir()
    junk = tmp_path / name
    for path in (tmp_path / "absent", tmp_path / "folder", tmp_path / "absent" / name):
        assert source.detects(path) in (True, False)
    for content in (
        b"",
        b"\x00\xff\xfe" * 99,
        b"\x1f\x8b\x08broken",
        "a,b\n1,2\n".encode("utf-16"),
    ):
        junk.write_bytes(content)
        assert source.detects(junk) in (True, False)


@every_source
@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 99, b"\x1f\x8b\x08broken"])
def test_junk_is_refused_with_one_sentence(source, content, tmp_path):
    path = tmp_path / "ACC.csv"  # a name that a reader may look up
    path.write_bytes(content)
    with pytest.raises(DataError) as raised:
        read(source, path)
    assert "\n" not in str(raised.value)


@every_source
def test_a_missing_file_is_refused(source, tmp_path):
    with pytest.raises(DataError):
        read(source, tmp_path / "ACC.csv")


@each_reader
def test_a_sound_file_is_read_without_loss(source, sample):
    (one,) = read(source, sample(source.name))
    assert len(one.recording.t) == 20
    assert [text for text in one.warnings if "sensors at ankle" not in text] == []
    assert bool(one.recording.labels) == (source.name in LABELLED)


@each_reader
def test_its_clock_starts_at_zero_and_has_the_devices_rate(source, sample):
    (one,) = read(source, sample(source.name))
    assert one.recording.t[0] == 0
    assert (np.diff(one.recording.t) > 0).all()
    assert measured_hz(one.recording.t) == pytest.approx(RATES_HZ.get(source.name, 50), rel=0.01)


@each_reader
def test_its_channels_are_si_and_named_by_rule(source, sample):
    (one,) = read(source, sample(source.name))
    for name, values in one.recording.channels.items():
        assert CHANNEL.match(name), name
        assert values.dtype == np.float32
    acc = [values for name, values in one.recording.channels.items() if "acc_" in name]
    if acc:
        np.testing.assert_allclose(np.linalg.norm(acc, axis=0), 9.81, atol=0.01)
    else:
        assert 60 <= one.recording.channels[HEART_RATE].min() <= 120


@each_reader
def test_it_says_whose_it_is(source, sample):
    (one,) = read(source, sample(source.name))
    assert one.recording.athlete == ("Subject_07" if source.name == "umafall" else "ann")


@each_reader
def test_a_packed_file_is_read_as_the_plain_one(source, sample):
    file = Path(sample(source.name)).name
    plain, packed = (
        read(source, sample(source.name, packed=packed, name=f"{folder}/{file}{ending}"))
        for packed, folder, ending in ((False, "a", ""), (True, "b", ".gz"))
    )
    assert packed[0].recording.name == plain[0].recording.name
    for name, values in plain[0].recording.channels.items():
        np.testing.assert_array_equal(packed[0].recording.channels[name], values)


@each_reader
@pytest.mark.parametrize("share", [0.02, 0.3, 0.61, 0.97])
def test_a_truncated_file_gives_the_readable_part_or_one_sentence(source, sample, share):
    count, sentences = outcome(
        source, sample(source.name, lambda data: data[: int(share * len(data))])
    )
    assert count < 20 or share > 0.9
    assert count or sentences


@each_reader
def test_a_packed_file_that_breaks_off_is_told(source, sample):
    path = sample(source.name, packed=True)
    path.write_bytes(path.read_bytes()[:-12])
    _, sentences = outcome(source, path)
    assert sentences


@each_reader
def test_damaged_bytes_lose_no_more_than_they_touch(source, sample):
    def damaged(data):
        line = data.rfind(b"\n", 0, len(data) * 3 // 4)
        at = line - 15 if line > 15 else len(data) * 3 // 4
        return data[:at] + b"\xff?\x00" * 5 + data[at + 15 :]

    count, sentences = outcome(source, sample(source.name, damaged))
    assert sentences
    assert count >= (0 if source.name == "fit" else 10)
