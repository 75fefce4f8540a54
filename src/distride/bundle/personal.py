"""The file of an athlete's own heads: a few kB that fit one body and no other."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from distride.bundle.manifest import FORMAT
from distride.bundle.strict import build, parse
from distride.bundle.tensors import Tensors, heads_of, load, saved, tensors_of
from distride.errors import BundleError
from distride.files import MEBIBYTE, read_limited, write_whole
from distride.heads import Head

LARGEST = 16 * MEBIBYTE
KEYS = ("format", "athlete", "body_sha256", "created", "labels", "shots", "scores", "reasons")
SHA256 = "sha256"


@dataclass(frozen=True)
class PersonalHead:
    """One athlete's heads for all, some or no tasks of a body.

    Attributes:
        athlete: Who.
        body_sha256: Of the body the heads fit.
        created: Date and time, ISO 8601.
        heads: By task.
        shots: By task, by label, how many windows it learnt from.
        scores: By task, what the guard measured.
        reasons: By task, why its head went live or why the shared one stays.
    """

    athlete: str
    body_sha256: str
    created: str
    heads: Mapping[str, Head]
    shots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


def write_head(path: Path, personal: PersonalHead) -> None:
    """Write an athlete's heads; all of the file appears at once, or nothing does.

    Raises:
        BundleError: Writing failed.
    """
    tensors = tensors_of(personal.heads.values(), shared=False)
    metadata = {
        "format": str(FORMAT),
        "athlete": personal.athlete,
        "body_sha256": personal.body_sha256,
        "created": personal.created,
        "labels": _json({task: head.labels for task, head in personal.heads.items()}),
        "shots": _json(personal.shots),
        "scores": _json(personal.scores),
        "reasons": _json(personal.reasons),
    }
    metadata[SHA256] = digest(metadata, tensors)
    write_whole(path, saved(tensors, metadata), BundleError)


def read_head(path: Path, body_sha256: str, shared: Mapping[str, Head]) -> PersonalHead:
    """Read an athlete's heads.

    Args:
        path: The file.
        body_sha256: Of the body at hand.
        shared: The bundle's heads; their evidence and labels belong to an athlete's too.

    Raises:
        BundleError: Damaged, of another format, or made for another body.
    """
    return head_of(read_limited(path, LARGEST, BundleError), body_sha256, shared, f"'{path}'")


def head_of(
    data: bytes, body_sha256: str, shared: Mapping[str, Head], what: str = "The head"
) -> PersonalHead:
    """The same of the file's bytes; `what` says in errors which they are."""
    tensors = load(data, what)
    metadata = _metadata(data, what)
    if metadata[SHA256] != digest(metadata, tensors):
        raise BundleError(f"{what} is damaged: its content does not have its sha256.")
    if metadata["body_sha256"] != body_sha256:
        raise BundleError(
            f"{what} fits another body ({metadata['body_sha256'][:12]}…) than this bundle's "
            f"({body_sha256[:12]}…): personalise again with this bundle."
        )
    labels = _field(metadata, "labels", Mapping[str, tuple[str, ...]])
    _check_labels(labels, shared, what)
    return PersonalHead(
        athlete=metadata["athlete"],
        body_sha256=body_sha256,
        created=metadata["created"],
        heads=heads_of(tensors, labels, shared),
        shots=_field(metadata, "shots", Mapping[str, Mapping[str, int]]),
        scores=_field(metadata, "scores", Mapping[str, Mapping[str, float]]),
        reasons=_field(metadata, "reasons", Mapping[str, str]),
    )


def _metadata(data: bytes, what: str) -> dict[str, str]:
    """The texts of a safetensors header, which its numpy reader leaves out."""
    end = 8 + int.from_bytes(data[:8], "little")
    metadata = parse(data[8:end], f"The header of {what}").get("__metadata__") or {}
    expected = {*KEYS, SHA256}
    if metadata.keys() != expected:
        raise BundleError(
            f"{what} is no personal head: its metadata are {sorted(metadata)[:9]} and exactly "
            f"{sorted(expected)} are allowed."
        )
    if metadata["format"] != str(FORMAT):
        raise BundleError(
            f"The format number of {what} is {metadata['format']!r:.40} and this version reads "
            f"{FORMAT}: update distride, or personalise again."
        )
    return dict(metadata)


def _check_labels(
    labels: Mapping[str, tuple[str, ...]], shared: Mapping[str, Head], what: str
) -> None:
    for task, own in labels.items():
        known = shared[task].labels if task in shared else None
        if known is None or own[: len(known)] != known or (own and not known):
            raise BundleError(
                f"{what} has the labels {list(own)[:9]} for task '{task}': the bundle has tasks "
                f"{list(shared)}, and its own labels must come first."
            )
        if len(set(own)) < len(own):
            raise BundleError(f"{what} names a label of task '{task}' twice.")


def _field(metadata: Mapping[str, str], key: str, kind: Any) -> Any:
    return build(kind, parse(metadata[key], f"'{key}' of a personal head"), key)


def digest(metadata: Mapping[str, str], tensors: Tensors) -> str:
    """The sha256 that a personal head names: of its other texts, and of its tensors."""
    texts = {key: value for key, value in metadata.items() if key != SHA256}
    found = hashlib.sha256(_json(texts).encode())
    for name in sorted(tensors):
        found.update(np.ascontiguousarray(tensors[name]).tobytes())
    return found.hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
