"""The bundle: the one file that leaves training."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import safetensors.numpy

from distride.bundle.archive import (
    BODY,
    BODY_INT8,
    CARD,
    HEAD,
    LARGEST,
    MANIFEST,
    pack,
    unpack,
)
from distride.bundle.manifest import Manifest
from distride.bundle.personal import PersonalHead, head_of, read_head
from distride.bundle.tensors import heads_of, load, tensors_of
from distride.errors import BundleError
from distride.files import read_limited, write_whole
from distride.heads import Head


@dataclass(frozen=True)
class Bundle:
    """What `docs/bundle.md` specifies, in memory.

    Attributes:
        manifest: Preprocessing, tasks, thresholds and provenance.
        heads: The shared head of each task.
        body_onnx: The feature extractor.
        body_int8: The same, quantised.
        card: The model card, Markdown.
    """

    manifest: Manifest
    heads: Mapping[str, Head]
    body_onnx: bytes
    body_int8: bytes
    card: str

    def __post_init__(self) -> None:
        tasks = {task.name: task.labels for task in self.manifest.tasks}
        if {name: head.labels for name, head in self.heads.items()} != tasks:
            raise BundleError(
                f"The bundle's heads are for {list(self.heads)} and its tasks {list(tasks)}: "
                "these and their labels must be the same."
            )
        for name, head in self.heads.items():
            if head.weight.shape[1] != self.manifest.body.features:
                raise BundleError(
                    f"Head '{name}' takes {head.weight.shape[1]} features and the body gives "
                    f"{self.manifest.body.features}: these must be equal."
                )

    @classmethod
    def open(cls, path: str | Path) -> "Bundle":
        """Read a bundle.

        Raises:
            BundleError: Anything in it is not exactly as the specification says.
        """
        return cls.from_bytes(read_limited(Path(path), LARGEST, BundleError), f"'{path}'")

    @classmethod
    def from_bytes(cls, data: bytes, what: str = "The bundle") -> "Bundle":
        """Read a bundle from the bytes of its file."""
        entries = unpack(data, what)
        manifest = Manifest.from_json(entries[MANIFEST])
        if manifest.sha256 != _digests(entries):
            raise BundleError(
                f"{what} is damaged: an entry has not the sha256 that the manifest names; copy it "
                "again from its source."
            )
        labels = {task.name: task.labels for task in manifest.tasks}
        heads = heads_of(load(entries[HEAD], HEAD), labels, None)
        try:
            card = entries[CARD].decode("utf-8")
        except UnicodeDecodeError as error:
            raise BundleError(f"The card of {what} is not UTF-8: {error}.") from error
        return cls(manifest, heads, entries[BODY], entries[BODY_INT8], card)

    def to_bytes(self) -> bytes:
        """The bytes of its file; equal bundles give equal bytes."""
        entries = {
            BODY: self.body_onnx,
            BODY_INT8: self.body_int8,
            HEAD: safetensors.numpy.save(tensors_of(self.heads.values(), shared=True)),
            CARD: self.card.encode(),
        }
        manifest = replace(self.manifest, sha256=_digests(entries))
        return pack({MANIFEST: manifest.to_json(), **entries})

    def save(self, path: str | Path) -> "Bundle":
        """Write the file at once or not at all, and give what was read back from it.

        Raises:
            BundleError: Writing failed, or the bundle could not be read back.
        """
        data = self.to_bytes()
        bundle = Bundle.from_bytes(data, f"'{path}'")
        write_whole(Path(path), data, BundleError)
        return bundle

    @property
    def body_sha256(self) -> str:
        """What a personal head names to say which body it fits."""
        return hashlib.sha256(self.body_onnx).hexdigest()

    def personal_head(self, path: str | Path) -> PersonalHead:
        """Read an athlete's heads made for this bundle's body.

        Raises:
            BundleError: Damaged, of another format, or made for another body.
        """
        return read_head(Path(path), self.body_sha256, self.heads)

    def personal_head_of(self, data: bytes) -> PersonalHead:
        """The same of the file's bytes."""
        return head_of(data, self.body_sha256, self.heads)


def _digests(entries: Mapping[str, bytes]) -> dict[str, str]:
    return {
        name: hashlib.sha256(entries[name]).hexdigest() for name in (BODY, BODY_INT8, HEAD, CARD)
    }
