"""The zip of a bundle: the same content is always the same bytes, and only those are read back."""

import io
import zipfile
from collections.abc import Mapping

from distride.errors import BundleError
from distride.files import MEBIBYTE

MANIFEST, BODY, BODY_INT8, HEAD, CARD = (
    "manifest.json",
    "body.onnx",
    "body.int8.onnx",
    "head.safetensors",
    "card.md",
)
LIMITS = {
    MANIFEST: MEBIBYTE,
    BODY: 64 * MEBIBYTE,
    BODY_INT8: 64 * MEBIBYTE,
    HEAD: 64 * MEBIBYTE,
    CARD: MEBIBYTE,
}
LARGEST = sum(LIMITS.values()) + MEBIBYTE
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can state


def pack(entries: Mapping[str, bytes]) -> bytes:
    """The entries as a zip; equal entries give equal bytes.

    Raises:
        BundleError: An entry is missing, extra or too large.
    """
    _check_names(list(entries), "The new bundle")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in LIMITS:
            _check_size(name, len(entries[name]))
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # else it tells on which system it was written
            info.external_attr = 0o644 << 16
            archive.writestr(info, entries[name])
    return buffer.getvalue()


def unpack(data: bytes, what: str) -> dict[str, bytes]:
    """The entries of a zip that holds exactly what a bundle holds, stored.

    Args:
        data: The whole file.
        what: Its name, for the message.

    Raises:
        BundleError: Damaged, or not exactly as the specification says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_names([info.orig_filename for info in infos], what)  # not cut at a zero byte
            for info in infos:
                _check_entry(info)
            return {info.filename: archive.read(info) for info in infos}
    except BundleError:
        raise
    except Exception as error:  # zipfile raises ten kinds of error on damage
        raise BundleError(
            f"{what} is damaged or no bundle ({error}): copy it again from its source."
        ) from error


def _check_names(names: list[str], what: str) -> None:
    if sorted(names) != sorted(LIMITS):
        raise BundleError(
            f"{what} holds {[name[:60] for name in names[:9]]}: exactly {list(LIMITS)}, each once, "
            "are allowed."
        )


def _check_entry(info: zipfile.ZipInfo) -> None:
    _check_size(info.filename, info.file_size)
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        raise BundleError(f"The entry '{info.filename}' is compressed: only stored ones are read.")
    if info.flag_bits & 0x1:
        raise BundleError(f"The entry '{info.filename}' is encrypted: bundles never are.")


def _check_size(name: str, size: int) -> None:
    if size > LIMITS[name]:
        raise BundleError(
            f"The entry '{name}' has {size} bytes: at most {LIMITS[name]} are allowed."
        )
