"""Bundles and heads that are not as they should be, and whether Python refuses them."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from distride.bundle import Bundle
from distride.bundle.archive import BODY, CARD, HEAD, LIMITS, MANIFEST, unpack
from distride.bundle.personal import SHA256, digest
from distride.bundle.tensors import load
from distride.errors import BundleError

FLIPS = 60
Case = dict[str, Any]


def flipped(path: Path, opened: Callable[[Path], object]) -> Iterator[Case]:
    """Cut off, or one byte changed: many at random, and each byte of the ends."""
    data = path.read_bytes()
    size = len(data)
    rng = np.random.default_rng(4)
    for length in (0, 1, 21, size // 2, size - 1):
        yield _case(path, data[:length], opened, {"name": f"first {length}", "cut": length})
    for at in (*rng.integers(0, size, FLIPS).tolist(), *range(64), *range(size - 64, size)):
        changed = bytearray(data)
        changed[at] ^= 0xFF
        yield _case(path, bytes(changed), opened, {"name": f"byte {at} flipped", "flip": at})


def wrong_bundles(path: Path) -> Iterator[Case]:
    """Whole archives that say something else than the specification."""
    entries = unpack(path.read_bytes(), "")
    small = {**entries, BODY: b"no onnx", HEAD: entries[HEAD], CARD: b"card"}
    for name, changed in _changes(_signed(small)).items():
        data = _zip(changed, zipfile.ZIP_DEFLATED if name == "compressed" else zipfile.ZIP_STORED)
        data = data.replace(CARD.encode() + b"~", CARD.encode() + b"\0")
        told = {"name": name, "base64": base64.b64encode(data).decode()}
        yield _case(path, data, Bundle.open, told)


def _changes(entries: Mapping[str, bytes]) -> dict[str, Mapping[str, bytes]]:
    manifest = json.loads(entries[MANIFEST])
    text = entries[MANIFEST].decode()
    signals, first, *others = manifest["signals"], *manifest["tasks"]
    scaler, channels = manifest["scaler"], len(signals["channels"])
    fraction = {**manifest["body"], "features": float(manifest["body"]["features"])}
    tables = {
        "another format": {**manifest, "format": 2},
        "a format that is true": {**manifest, "format": True},
        "an unknown key": {**manifest, "more": 1},
        "a missing key": {key: value for key, value in manifest.items() if key != "versions"},
        "a text for a number": {**manifest, "signals": {**signals, "rate_hz": "25"}},
        "a fraction for a whole number": {**manifest, "body": fraction},
        "a whole number for a fraction": {**manifest, "signals": {**signals, "rate_hz": 25}},
        "a number too large": {**manifest, "signals": {**signals, "rate_hz": 10**400}},
        "half a character": {**manifest, "name": "\ud800"},
        "a rate beyond all": {**manifest, "signals": {**signals, "rate_hz": 1e200}},
        "a scale beyond all": {**manifest, "scaler": {**scaler, "scale": [1e-200] * channels}},
        "a rate of 0": {**manifest, "signals": {**signals, "rate_hz": 0}},
        "one unit too few": {**manifest, "signals": {**signals, "units": signals["units"][1:]}},
        "no task": {**manifest, "tasks": []},
        "a task twice": {**manifest, "tasks": [first, first]},
        "a threshold of 2": {**manifest, "tasks": [{**first, "abstain_below": 2}, *others]},
        "one label more": {
            **manifest,
            "tasks": [{**first, "labels": [*first["labels"], "x"]}, *others],
        },
        "another student": {
            **manifest,
            "distillation": {**manifest["distillation"], "shipped": "x"},
        },
    }
    texts = {
        "a key twice": text.replace('"format": 1', '"format": 1, "format": 1'),
        "an infinite number": text.replace('"scores": {}', '"scores": {"x": 1e999}'),
        "not a number": text.replace('"scores": {}', '"scores": {"x": NaN}'),
        "no JSON": text[:-3],
    }
    assert all(changed != text for changed in texts.values())
    manifests = {**{name: json.dumps(table) for name, table in tables.items()}, **texts}
    return {
        "as it should be": entries,
        "compressed": entries,
        "one more entry": {**entries, "more.txt": b""},
        "an entry outside": {**entries, "../more.txt": b""},
        "a name that goes on after a zero": {
            **{name: content for name, content in entries.items() if name != CARD},
            f"{CARD}~.exe": entries[CARD],
        },
        "no card": {name: content for name, content in entries.items() if name != CARD},
        "another card": {**entries, CARD: b"other"},
        "a card in Latin-1": _signed({**entries, CARD: "é".encode("latin-1")}),
        "no safetensors": _signed({**entries, HEAD: b"\0" * 64}),
        **{name: {**entries, MANIFEST: told.encode()} for name, told in manifests.items()},
    }


def wrong_heads(path: Path, opened: Callable[[Path], object]) -> Iterator[Case]:
    """Whole heads that say something else than the specification; some with the right hash."""
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header, tensors = json.loads(data[8:end]), load(data, "the head")
    texts = header["__metadata__"]
    changes = {
        "as it should be": {},
        "another format": {"format": "2"},
        "another athlete": {"athlete": "../eve"},
        "another body": {"body_sha256": "0" * 64},
        "other labels": {"labels": json.dumps({"label": ["x", "y"]})},
        "a number too large": {"scores": '{"label": {"x": 1' + "0" * 400 + "}}"},
        "a fraction for a whole number": {"shots": '{"label": {"squat": 1.0}}'},
        "half a character": {"reasons": '{"label": "\\ud800"}'},
        "an unknown key": {"more": ""},
    }
    for name, change in changes.items():
        for signed in (False, True):
            changed = {**texts, **change}
            if signed:
                changed[SHA256] = digest(changed, tensors)
            text = json.dumps({**header, "__metadata__": changed}).encode()
            file = len(text).to_bytes(8, "little") + text + data[end:]
            told = {"name": f"{name}, signed: {signed}", "base64": base64.b64encode(file).decode()}
            yield _case(path, file, opened, told)


def _signed(entries: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same with a manifest that names these hashes."""
    others = [name for name in LIMITS if name != MANIFEST]
    digests = {name: hashlib.sha256(entries[name]).hexdigest() for name in others}
    manifest = {**json.loads(entries[MANIFEST]), "sha256": digests}
    return {**entries, MANIFEST: json.dumps(manifest).encode()}


def _zip(entries: Mapping[str, bytes], method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def _case(path: Path, data: bytes, opened: Callable[[Path], object], told: Case) -> Case:
    """Whether Python takes it, beside how to make it from the whole file."""
    copy = path.with_name("damaged")
    copy.write_bytes(data)
    try:
        opened(copy)
    except BundleError:
        return {**told, "taken": False}
    finally:
        copy.unlink()
    return {**told, "taken": True}
