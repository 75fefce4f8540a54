"""What a device reads, made of bytes as they come: it is read, or refused with the one error.

Nothing here needs more than a device has. `fuzz.py` feeds these functions; so do the tests.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from distride.bundle import Bundle
from distride.bundle.archive import BODY, BODY_INT8, CARD, HEAD, LIMITS, MANIFEST, pack, unpack
from distride.bundle.personal import SHA256, digest
from distride.bundle.strict import parse
from distride.bundle.tensors import load, saved
from distride.errors import BundleError, DistrideError
from distride.runtime import Event, Predictor, State, Stream

SCALARS = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[-+.eE\d]*|true|false|null')
HEX = re.compile(rb'"[0-9a-f]{64}"')
NASTY = (
    b"-1",
    b"0",
    b"1e308",
    b"-1e999",
    b"NaN",
    b"9" * 400,
    b'"\\ud800"',
    b"[" * 2000,
    b"{}",
    b"[]",
)
STEPS_S = (0.02, 0.02, 0.05, 0.0, 1e-9, 0.6, 3.0, 59.0, 61.0, -0.5, -3.0, 1e9, -1e9, np.nan, np.inf)
VALUES = (np.nan, np.inf, -np.inf, 1e300, -1e13, 3e38, 0.0)
RATES_HZ = (None, 5.0, 25.0, 100.0)


@dataclass(frozen=True)
class Ground:
    """What damage is done to.

    Attributes:
        bundle: The bytes of a good bundle.
        head: The bytes of a good personal head for it.
        predictor: The same bundle at work.
    """

    bundle: bytes
    head: bytes
    predictor: Predictor

    @classmethod
    def of(cls, bundle: Path, head: Path) -> "Ground":
        """From their files."""
        return cls(bundle.read_bytes(), head.read_bytes(), Predictor(Bundle.open(bundle)))


def bundle(data: bytes, ground: Ground) -> bool:
    """Whether a bundle is read: any bytes, a good one edited, or a forged one with right hashes."""
    kind, rest = data[:1], data[1:]
    if kind < b"\x20":
        changed = rest
    elif kind < b"\x60":
        changed = edited(rest, ground.bundle)
    else:
        entries = unpack(ground.bundle, "")
        name = (MANIFEST, MANIFEST, HEAD, CARD)[rest[0] % 4 if rest else 0]
        change = rescaled if name == MANIFEST and kind < b"\xc0" else edited
        try:
            changed = pack(forged({**entries, name: change(rest[1:], entries[name])}))
        except BundleError:  # too large an entry is not even written
            return False
    try:
        found = Predictor(Bundle.from_bytes(changed))
    except BundleError:
        return False
    lives(found)
    return True


def head(data: bytes, ground: Ground) -> bool:
    """Whether a personal head is read: any bytes, a good one edited, or one with the right hash."""
    kind, rest = data[:1], data[1:]
    if kind < b"\x20":
        changed = rest
    elif kind < b"\x80":
        changed = edited(rest, ground.head)
    else:
        try:
            changed = resigned(rest, ground.head)
        except BundleError:
            return False
    with tempfile.NamedTemporaryFile(suffix=".head.safetensors") as file:
        file.write(changed)
        file.flush()
        try:
            own = ground.predictor.bundle.personal_head(file.name)
        except BundleError:
            return False
    lives(ground.predictor.with_head(own))
    return True


def stream(data: bytes, ground: Ground) -> bool:
    """Whether samples are answered: no event is odd, and all are the same however they are cut."""
    if len(data) < 4:
        return False
    source_hz, cuts = RATES_HZ[data[0] % len(RATES_HZ)], sorted(4 * byte for byte in data[1:4])
    t, samples = session(data[4:], len(ground.predictor.bundle.manifest.spec.channels))
    whole = Stream(ground.predictor, source_hz).push(t, samples)
    live, parts = Stream(ground.predictor, source_hz), []
    for rows in np.split(np.arange(len(t)), [min(cut, len(t)) for cut in cuts]):
        parts += live.push(t[rows], samples[rows])
    ours, theirs = (sorted(map(told, events)) for events in (parts, whole))
    assert ours == theirs, "events depend on how samples are cut"
    for event in whole:
        assert np.isfinite(event.t_s)
        if isinstance(event, State) and event.confidence is not None:
            assert 0 <= event.confidence <= 1
            assert bool(event.movement) != event.abstained == bool(event.cause)
    return bool(whole)


TARGETS: Mapping[str, Callable[[bytes, Ground], bool]] = {
    "bundle": bundle,
    "head": head,
    "stream": stream,
}


def edited(data: bytes, good: bytes) -> bytes:
    """Good bytes, overwritten, lengthened or cut: (what, 3 bytes where, how many)."""
    changed = bytearray(good)
    while len(data) >= 5 and changed:
        what, where, many = (
            data[0] % 3,
            int.from_bytes(data[1:4], "big") % len(changed),
            data[4] % 16,
        )
        new, data = data[5 : 5 + many], data[5 + many :]
        changed[where : where + (0 if what == 1 else many)] = b"" if what == 2 else new
    return bytes(changed)


def rescaled(data: bytes, good: bytes) -> bytes:
    """Good JSON with other scalars where the data say: (2 bytes where, which)."""
    for at in range(0, len(data) - 2, 3):
        places = list(SCALARS.finditer(good))
        if not places:
            break
        place = places[int.from_bytes(data[at : at + 2], "big") % len(places)]
        good = good[: place.start()] + NASTY[data[at + 2] % len(NASTY)] + good[place.end() :]
    return good


def forged(entries: Mapping[str, bytes]) -> dict[str, bytes]:
    """The entries, whose manifest names their hashes as far as it still has the places."""
    hashes = iter(
        [hashlib.sha256(entries[name]).hexdigest() for name in (BODY, BODY_INT8, HEAD, CARD)]
    )
    manifest = HEX.sub(lambda place: f'"{next(hashes, "0" * 64)}"'.encode(), entries[MANIFEST])
    return {name: manifest if name == MANIFEST else entries[name] for name in LIMITS}


def resigned(data: bytes, good: bytes) -> bytes:
    """A good head with other texts and numbers, and the hash that belongs to them."""
    end = 8 + int.from_bytes(good[:8], "little")
    metadata = dict(parse(good[8:end], "header")["__metadata__"])
    tensors = load(good, "head")
    key = sorted(metadata)[data[0] % len(metadata)] if data else SHA256
    metadata[key] = rescaled(data[1:7], metadata[key].encode()).decode("utf-8", "replace")
    name = sorted(tensors)[data[7] % len(tensors)] if len(data) > 7 else sorted(tensors)[0]
    numbers = edited(data[8:], tensors[name].tobytes())
    if len(numbers) == tensors[name].nbytes:
        tensors[name] = np.frombuffer(numbers, np.float32).reshape(tensors[name].shape)
    if key != SHA256:
        metadata[SHA256] = digest(metadata, tensors)
    return saved(tensors, metadata)


def session(data: bytes, channels: int) -> tuple[np.ndarray, np.ndarray]:
    """Samples: two bytes each run of them, its step and how long; their values follow from both."""
    steps, rows = [0.0], [np.zeros(channels)]
    for step, value in zip(data[::2], data[1::2], strict=False):
        count = 1 + (step >> 4) ** 2 if step % 16 < 3 else 1
        steps += [STEPS_S[step % 16 % len(STEPS_S)]] * count
        wave = 10 * np.sin(np.outer(np.arange(count) + value, np.arange(1, channels + 1)))
        if value % 8 == 7:
            wave[:, value // 8 % channels :] = VALUES[value // 8 % len(VALUES)]
        rows += list(wave)
    with np.errstate(all="ignore"):
        t = np.cumsum(np.nan_to_num(steps, nan=0.0, posinf=0.0))
    return np.where(np.isfinite(steps), t, steps), np.array(rows)


def told(event: Event) -> tuple[str, ...]:
    """What must not depend on how samples were cut."""
    kept = ("event", "t_s", "kind", "channels", "task", "cause", "movement", "abstained", "seconds")
    return tuple(str(getattr(event, name, "")) for name in kept)


def lives(predictor: Predictor) -> None:
    """What was read must answer, or refuse with an error of ours."""
    spec = predictor.bundle.manifest.spec
    t = np.arange(200) / 25.0
    try:
        with np.errstate(all="ignore"):
            Stream(predictor, 25.0).push(t, np.ones((len(t), len(spec.channels))))
    except DistrideError:
        return
