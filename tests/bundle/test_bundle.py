import hashlib
import io
import json
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import onnx
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx.external_data_helper import convert_model_to_external_data

from distride.bundle import Bundle
from distride.bundle.archive import LIMITS, pack, unpack
from distride.errors import BundleError
from distride.runtime import Predictor


def same(one, other):
    return one.to_bytes() == other.to_bytes()


def repacked(bundle, **changes):
    """The bundle's entries with some replaced, hashes left as they were."""
    entries = unpack(bundle.to_bytes(), "test")
    return pack(entries | {name.replace("_", "."): data for name, data in changes.items()})


@pytest.fixture(scope="module")
def bundle(tiny):
    return Bundle.open(tiny.path)


def test_a_bundle_comes_back_as_it_went(tiny, bundle):
    training = replace(bundle.manifest.training, protocol=tiny.manifest.training.protocol)
    assert replace(bundle.manifest, sha256={}, training=training) == tiny.manifest
    np.testing.assert_array_equal(bundle.heads["label"].weight, tiny.head.weight)
    np.testing.assert_array_equal(bundle.heads["label"].evidence, tiny.head.evidence)
    np.testing.assert_array_equal(bundle.heads["label"].sums, tiny.head.sums)
    assert bundle.heads["label"].temperature == pytest.approx(0.2)
    assert len(bundle.body_int8) != len(bundle.body_onnx)
    assert "swings" in bundle.card


def test_the_same_content_is_the_same_bytes(tiny, bundle):
    assert bundle.to_bytes() == tiny.path.read_bytes()


def test_nothing_is_compressed_and_the_order_is_fixed(tiny):
    with zipfile.ZipFile(tiny.path) as archive:
        assert archive.namelist() == list(LIMITS)
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_saving_replaces_at_once_and_leaves_nothing_beside(tmp_path, bundle):
    target = tmp_path / "deep" / "a.distride"
    bundle.save(target)
    bundle.save(target)
    assert [file.name for file in target.parent.iterdir()] == ["a.distride"]
    assert same(Bundle.open(target), bundle)


def test_a_failed_write_leaves_what_was_there(tmp_path, bundle, monkeypatch):
    target = tmp_path / "a.distride"
    target.write_bytes(b"old")

    def full(_):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BundleError, match="No space left"):
        bundle.save(target)
    assert [file.name for file in tmp_path.iterdir()] == ["a.distride"]
    assert target.read_bytes() == b"old"


BRIEF = settings(max_examples=25, deadline=None)


@BRIEF
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_bundle_is_refused(tiny, share):
    whole = tiny.path.read_bytes()
    with pytest.raises(BundleError):
        Bundle.from_bytes(whole[: int(share * len(whole))])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damage_is_refused_or_changes_nothing(tiny, bundle, data):
    whole = tiny.path.read_bytes()
    place = data.draw(st.one_of(st.integers(0, len(whole) - 1), st.integers(-1200, -1)))
    place %= len(whole)
    kind = data.draw(st.sampled_from(["flip", "truncate", "insert", "drop"]))
    if kind == "flip":
        bit = 1 << data.draw(st.integers(0, 7))
        damaged = whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]
    elif kind == "truncate":
        damaged = whole[:place]
    elif kind == "insert":
        damaged = whole[:place] + data.draw(st.binary(min_size=1, max_size=9)) + whole[place:]
    else:
        damaged = whole[:place] + whole[place + data.draw(st.integers(1, 9)) :]
    try:
        back = Bundle.from_bytes(damaged)
    except BundleError:
        return
    assert same(back, bundle)


def zipped(names, compression=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name in names:
            archive.writestr(name, b"x" * 100)
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names",
    [
        [],
        list(LIMITS)[:-1],
        [*LIMITS, "extra"],
        [*LIMITS, "card.md"],
    ],
)
def test_only_the_five_entries_each_once_are_read(names):
    with pytest.raises(BundleError, match="each once"):
        Bundle.from_bytes(zipped(names))


@BRIEF
@given(
    st.sampled_from(["../", "/", "a/../../", "./", "C:\\", "..\\", "~/"]),
    st.sampled_from(list(LIMITS)),
)
def test_an_entry_that_leaves_the_archives_folder_is_refused(escape, entry):
    names = [escape + name if name == entry else name for name in LIMITS]
    with pytest.raises(BundleError, match="each once"):
        Bundle.from_bytes(zipped(names))


def test_a_name_that_goes_on_after_its_end_is_refused():
    names = [f"{name}.exe" if name == "card.md" else name for name in LIMITS]
    with pytest.raises(BundleError, match="each once"):
        Bundle.from_bytes(zipped(names).replace(b"card.md.exe", b"card.md\x00exe"))


@BRIEF
@given(
    st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
    st.sampled_from(list(LIMITS)),
    st.integers(0, 4 * 2**20),
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(compression, entry, size):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in LIMITS:
            content = bytes(size) if name == entry else b"x" * 100
            archive.writestr(name, content, compression if name == entry else zipfile.ZIP_STORED)
    bomb = buffer.getvalue()
    tracemalloc.start()
    with pytest.raises(BundleError, match=r"compressed|at most"):
        Bundle.from_bytes(bomb)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < len(bomb) + 100_000


LISTED = b"PK\x01\x02"  # begins an entry of the list at a zip's end; its sizes lie 20 and 24 after


@BRIEF
@given(st.sampled_from([20, 24]), st.integers(0, 2**32 - 2), st.integers(0, 4))
def test_a_size_that_is_stated_and_not_found_is_refused(tiny, field, size, entry):
    whole, at = bytearray(tiny.path.read_bytes()), -1
    for _ in range(entry + 1):
        at = whole.index(LISTED, at + 1)
    stated = size.to_bytes(4, "little")
    if whole[at + field : at + field + 4] != stated:
        whole[at + field : at + field + 4] = stated
        with pytest.raises(BundleError):
            Bundle.from_bytes(bytes(whole))


def test_entries_and_files_that_are_too_large_are_refused(tmp_path, bundle, monkeypatch):
    with pytest.raises(BundleError, match="at most"):
        repacked(bundle, card_md=b"x" * (LIMITS["card.md"] + 1))
    monkeypatch.setattr("distride.bundle.bundle.LARGEST", 1000)
    with pytest.raises(BundleError, match="larger"):
        Bundle.open(bundle_file(tmp_path, bundle.to_bytes()))


def bundle_file(folder, data):
    path = folder / "b.distride"
    path.write_bytes(data)
    return path


def test_what_is_not_there_is_one_error(tmp_path):
    with pytest.raises(BundleError, match="cannot be read"):
        Bundle.open(tmp_path / "none.distride")
    with pytest.raises(BundleError, match="damaged or no bundle"):
        Bundle.from_bytes(b"")


@BRIEF
@given(st.sampled_from(["card.md", "head.safetensors", "body.onnx", "body.int8.onnx"]), st.data())
def test_an_entry_that_has_not_its_sha256_is_refused(bundle, entry, data):
    entries = unpack(bundle.to_bytes(), "test")
    content = bytearray(entries[entry])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BundleError, match="sha256"):
        Bundle.from_bytes(pack(entries | {entry: bytes(content)}))


@BRIEF
@given(st.integers().filter(lambda number: number != 1) | st.text() | st.none() | st.floats(2, 9))
def test_a_bundle_of_a_future_format_is_refused(bundle, number):
    entries = unpack(bundle.to_bytes(), "test")
    table = json.loads(entries["manifest.json"]) | {"format": number}
    with pytest.raises(BundleError, match=r"format number|JSON"):
        Bundle.from_bytes(pack(entries | {"manifest.json": json.dumps(table).encode()}))


def test_a_body_that_points_to_a_file_outside_the_bundle_is_refused(bundle, tmp_path, monkeypatch):
    model = onnx.load_from_string(bundle.body_onnx)
    convert_model_to_external_data(model, location="weights.bin", size_threshold=0)
    onnx.save(model, tmp_path / "outside.onnx")
    monkeypatch.chdir(tmp_path)  # where a runtime would find it
    outside = replace(bundle, body_onnx=(tmp_path / "outside.onnx").read_bytes())
    with pytest.raises(BundleError, match="outside"):
        Predictor(Bundle.from_bytes(outside.to_bytes()))


def with_heads(bundle, tensors):
    """The bundle's file with other tensors and the right hashes."""
    entries = unpack(bundle.to_bytes(), "test")
    entries["head.safetensors"] = safetensors.numpy.save(tensors)
    hashes = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in entries.items()
        if name != "manifest.json"
    }
    return pack(entries | {"manifest.json": replace(bundle.manifest, sha256=hashes).to_json()})


def change(name, values):
    return lambda tensors: tensors | {name: values}


@pytest.mark.parametrize(
    "change",
    [
        change("label.bias", np.full(3, np.nan, np.float32)),
        change("label.bias", np.zeros(3, np.float64)),
        change("label.bias", np.zeros(2, np.float32)),
        change("label.bias", np.zeros((3, 1), np.float32)),
        change("label.weight", np.zeros((3, 4), np.float32)),
        change("label.weight", np.zeros(48, np.float32)),
        change("label.evidence", np.zeros((17, 17), np.float32)),
        change("label.sums", np.zeros((2, 17), np.float32)),
        change("label.temperature", np.zeros(1, np.float32)),
        change("label.temperature", np.ones(2, np.float32)),
        change("other.weight", np.zeros(1, np.float32)),
        lambda tensors: {name: tensors[name] for name in tensors if name != "label.evidence"},
    ],
)
def test_heads_of_wrong_name_type_shape_or_value_are_refused(bundle, change):
    tensors = safetensors.numpy.load(unpack(bundle.to_bytes(), "test")["head.safetensors"])
    with pytest.raises(BundleError):
        Bundle.from_bytes(with_heads(bundle, change(tensors)))


def test_a_body_and_a_head_that_do_not_fit_each_other_are_refused(bundle):
    head = bundle.heads["label"]
    narrow = replace(
        head,
        weight=head.weight[:, :4],
        evidence=np.eye(5, dtype=np.float32),
        sums=head.sums[:, :5],
    )
    with pytest.raises(BundleError, match="features"):
        replace(bundle, heads={"label": narrow})
    with pytest.raises(BundleError, match="tasks"):
        replace(bundle, heads={})
