"""Whatever happens to a file on its way, reading it gives recordings or one `DataError`."""

import gzip
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distride.data.formats import SOURCES
from distride.errors import DataError

BY_NAME = {source.name: source for source in SOURCES if source.name != "no_series"}
SMALL_BYTES = 30_000
QUIET = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
places = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6)), min_size=1, max_size=6
)


def corrupted(data, cut, hits):
    """The file's first part, with other bytes at some places."""
    damaged = bytearray(data[: int(len(data) * cut)])
    for share, put in hits:
        at = int(share * len(damaged))
        damaged[at : at + len(put)] = put
    return bytes(damaged)


def read_quietly(source, path):
    with suppress(DataError):
        for one in source.read(path, "ann"):
            assert len(one.recording.t) >= 2


@pytest.mark.parametrize("name", BY_NAME)
@QUIET
@given(cut=st.floats(0.05, 1.0), hits=places, packed=st.booleans())
def test_the_smallest_files(name, samples, tmp_path, cut, hits, packed):
    file, data = samples[name]
    path = tmp_path / file
    path.write_bytes(corrupted(gzip.compress(data) if packed else data, cut, hits))
    read_quietly(BY_NAME[name], path)


@pytest.mark.real
@settings(QUIET, max_examples=120)
@given(number=st.integers(0, 10_000), cut=st.floats(0.05, 1.0), hits=places)
def test_the_small_real_files(real_data, tmp_path, number, cut, hits):
    files = sorted(
        file
        for file in (real_data / "formats").rglob("*.*")
        if file.is_file() and file.stat().st_size < SMALL_BYTES
    )
    file = files[number % len(files)]
    source = next((one for one in SOURCES if one.detects(file)), BY_NAME["csv"])
    path = tmp_path / file.name
    path.write_bytes(corrupted(file.read_bytes(), cut, hits))
    read_quietly(source, path)
