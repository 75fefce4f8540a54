import json
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distride.bundle import Bundle, PersonalHead, write_head
from distride.bundle.personal import KEYS, LARGEST
from distride.errors import BundleError
from distride.heads import personalize
from distride.runtime import Versions


@pytest.fixture(scope="module")
def bundle(tiny):
    return Bundle.open(tiny.path)


@pytest.fixture(scope="module")
def anna(bundle):
    rng = np.random.default_rng(0)
    head = personalize(
        bundle.heads["label"], rng.normal(size=(4, 16)), ["slow", "fast", "跳", "跳"]
    )
    return PersonalHead(
        athlete="Anna",
        body_sha256=bundle.body_sha256,
        created="2026-01-02T03:04:05+00:00",
        heads={"label": head},
        shots={"label": {"slow": 1, "fast": 1, "跳": 2}},
        scores={"label": {"shared_score": 0.5, "personal_score": 0.75}},
        reasons={"label": "It is better."},
    )


@pytest.fixture(scope="module")
def file(anna, tmp_path_factory):
    path = tmp_path_factory.mktemp("heads") / "Anna.head.safetensors"
    write_head(path, anna)
    return path


def test_a_personal_head_comes_back_as_it_went(bundle, anna, file):
    back = bundle.personal_head(file)
    assert replace(back, heads={}) == replace(anna, heads={})
    assert back.heads["label"].labels == ("still", "slow", "fast", "跳")
    np.testing.assert_array_equal(back.heads["label"].weight, anna.heads["label"].weight)
    np.testing.assert_array_equal(back.heads["label"].sums, anna.heads["label"].sums)
    np.testing.assert_array_equal(back.heads["label"].evidence, bundle.heads["label"].evidence)


def test_it_is_small(file):
    assert file.stat().st_size < 4000


def test_an_athlete_may_have_no_head_that_went_live(bundle, anna, tmp_path):
    write_head(tmp_path / "a", replace(anna, heads={}))
    assert not bundle.personal_head(tmp_path / "a").heads


def test_a_head_for_another_body_is_refused(bundle, anna, tmp_path):
    write_head(tmp_path / "a", replace(anna, body_sha256="0" * 64))
    with pytest.raises(BundleError, match="another body"):
        bundle.personal_head(tmp_path / "a")


def test_labels_that_do_not_begin_with_the_bundles_are_refused(bundle, anna, tmp_path):
    head = anna.heads["label"]
    write_head(tmp_path / "a", replace(anna, heads={"label": replace(head, labels=(*"abcd",))}))
    with pytest.raises(BundleError, match="must come first"):
        bundle.personal_head(tmp_path / "a")
    write_head(tmp_path / "b", replace(anna, heads={"x": replace(head, task="x")}))
    with pytest.raises(BundleError, match="the bundle has tasks"):
        bundle.personal_head(tmp_path / "b")
    twice = replace(head, labels=(*bundle.heads["label"].labels, "slow"))
    write_head(tmp_path / "c", replace(anna, heads={"label": twice}))
    with pytest.raises(BundleError, match="twice"):
        bundle.personal_head(tmp_path / "c")


def test_a_bundles_heads_are_no_personal_head(bundle, tmp_path):
    from distride.bundle.archive import unpack

    entry = unpack(bundle.to_bytes(), "test")["head.safetensors"]
    (tmp_path / "a").write_bytes(entry)
    with pytest.raises(BundleError, match="no personal head"):
        bundle.personal_head(tmp_path / "a")


BRIEF = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def opened(bundle, tmp_path_factory):
    """Reads a head from bytes."""
    path = tmp_path_factory.mktemp("read") / "any.head.safetensors"

    def read(data):
        path.write_bytes(data)
        return bundle.personal_head(path)

    return read


def header_of(data):
    """The JSON in front of the tensors, and the tensors."""
    end = 8 + int.from_bytes(data[:8], "little")
    return json.loads(data[8:end]), data[end:]


def with_header(header, tensors):
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + tensors


@BRIEF
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_head_is_refused(file, opened, share):
    whole = file.read_bytes()
    with pytest.raises(BundleError):
        opened(whole[: int(share * len(whole))])


@BRIEF
@given(st.sampled_from([*KEYS]), st.text(min_size=1))
def test_a_head_that_has_not_its_sha256_is_refused(file, opened, key, text):
    header, tensors = header_of(file.read_bytes())
    header["__metadata__"][key] += text
    with pytest.raises(BundleError):
        opened(with_header(header, tensors))


@BRIEF
@given(place=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_a_head_whose_numbers_changed_is_refused(file, opened, place, change):
    header, tensors = header_of(file.read_bytes())
    changed = bytearray(tensors)
    changed[int(place * len(changed))] ^= change
    with pytest.raises(BundleError, match=r"sha256|finite"):
        opened(with_header(header, bytes(changed)))


@BRIEF
@given(st.text().filter(lambda number: number != "1"))
def test_a_head_of_a_future_format_is_refused(file, opened, number):
    header, tensors = header_of(file.read_bytes())
    header["__metadata__"]["format"] = number
    with pytest.raises(BundleError, match="format number"):
        opened(with_header(header, tensors))


@BRIEF
@given(st.integers(1, 2**62), st.sampled_from(["shape", "data_offsets", "header"]))
def test_a_head_that_states_more_than_it_holds_is_refused(file, opened, size, where):
    header, tensors = header_of(file.read_bytes())
    data = with_header(header, tensors)
    if where == "header":
        data = (len(data) + size).to_bytes(8, "little") + data[8:]
    else:
        first, last = header["label.weight"][where]
        header["label.weight"][where] = [first, last + size]
        data = with_header(header, tensors)
    tracemalloc.start()
    with pytest.raises(BundleError):
        opened(data)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < LARGEST + 1_000_000


def test_an_oversized_head_is_refused_unread(opened, monkeypatch):
    monkeypatch.setattr("distride.bundle.personal.LARGEST", 1000)
    with pytest.raises(BundleError, match="larger"):
        opened(bytes(1001))


@pytest.mark.parametrize("name", ["../../anna", "/etc/anna", "a/b", "~anna"])
def test_a_heads_athlete_is_never_used_as_a_path(bundle, anna, tmp_path, name):
    path = tmp_path / "heads" / "a.head.safetensors"
    write_head(path, replace(anna, athlete=name))
    head = bundle.personal_head(path)
    assert head.athlete == name
    Versions(tmp_path / "versions", name).add(head, "0" * 64)
    assert {each.name for each in tmp_path.iterdir()} == {"heads", "versions"}
    (folder,) = (tmp_path / "versions").iterdir()
    assert (folder / "0001.head.safetensors").exists()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_damage_is_refused_or_changes_nothing(bundle, file, tmp_path, data):
    whole = file.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["flip", "truncate", "insert"]))
    if kind == "flip":
        bit = 1 << data.draw(st.integers(0, 7))
        damaged = whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]
    elif kind == "truncate":
        damaged = whole[:place]
    else:
        damaged = whole[:place] + data.draw(st.binary(min_size=1, max_size=9)) + whole[place:]
    (tmp_path / "damaged").write_bytes(damaged)
    try:
        back = bundle.personal_head(tmp_path / "damaged")
    except BundleError:
        return
    before = bundle.personal_head(file)
    assert replace(back, heads={}) == replace(before, heads={})
    np.testing.assert_array_equal(back.heads["label"].weight, before.heads["label"].weight)
