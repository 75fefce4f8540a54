"""The bytes and lines of a foreign file, unpacked where it is packed with gzip."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, cast

from distride.errors import DataError

GZIP = b"\x1f\x8b"
PIECE_BYTES = 1_024  # small, because the piece in which a packed file breaks off is lost
HEAD_PIECES = 16
LONGEST_LINE_BYTES = 2**20
CUT_SHORT = "The packed file breaks off: what follows is lost."


def head(path: Path) -> bytes:
    """The first bytes; none where they cannot be read."""
    try:
        return b"".join(islice(_pieces(path, []), HEAD_PIECES))
    except DataError:
        return b""


def first_lines(path: Path) -> list[str]:
    """The first lines as text; none where they cannot be read."""
    try:
        begun = b"".join(islice(_utf8(_pieces(path, [])), HEAD_PIECES))
    except DataError:
        return []
    return begun.decode("utf-8-sig", errors="replace").splitlines()


def is_other_encoding(text: str) -> bool:
    """Whether a text, as it was read, cannot have been UTF-8.

    >>> is_other_encoding("t,Müller"), is_other_encoding("t,M\ufffdller")
    (False, True)
    """
    return "\ufffd" in text or "\0" in text


def stem(path: Path) -> str:
    """A file's name without its endings.

    >>> stem(Path("a.b/morning.run.fit.gz"))
    'morning.run'
    """
    name = path.name.removesuffix(".gz")
    return name[: name.rindex(".")] if "." in name[1:] else name


def content(path: Path, told: list[str]) -> bytes:
    """All bytes; a warning is added where a packed file breaks off.

    Raises:
        DataError: It cannot be read.
    """
    return b"".join(_pieces(path, told))


def is_larger(path: Path, size: int) -> bool:
    """Whether there is more in a file than so many bytes, once it is unpacked.

    Raises:
        DataError: It cannot be read.
    """
    left = size
    for piece in _pieces(path, []):
        left -= len(piece)
        if left < 0:
            return True
    return False


def lines(path: Path, told: list[str]) -> Iterator[str]:
    """Lines that are not blank, without their ends; warns and raises as `content` does.

    Raises:
        DataError: A line is longer than any that a recording has.
    """
    rest = b""
    for piece in _utf8(_pieces(path, told)):
        *whole, rest = (rest + piece).split(b"\n")
        yield from _texts(whole)
        if len(rest) > LONGEST_LINE_BYTES:
            raise DataError(f"'{path.name}' has a line above 1 MiB: it is no table of text.")
    yield from _texts([rest])


def elements(xml: bytes, name: str) -> tuple[list[str], int]:
    """What can be saved of XML that no parser accepts: whole elements, and how many were begun.

    Prefixes are dropped, because in damaged files they are often not declared.

    >>> elements(b"<a><n:b>1</n:b><b>2", "b")
    (['<b>1</b>'], 2)
    """
    text = re.sub(r"(</?)[\w.-]+:(?=[\w.-])", r"\1", xml.decode("utf-8", errors="replace"))
    begun = len(re.findall(rf"<{name}[\s>]", text))
    return re.findall(rf"<{name}[\s>](?:(?!<{name}[\s>]).)*?</{name}>", text, re.DOTALL), begun


def _texts(raw: Sequence[bytes]) -> Iterator[str]:
    texts = (line.decode("utf-8", errors="replace").strip("\ufeff\r") for line in raw)
    return (text for text in texts if text.strip())


def _utf8(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A text's pieces, made UTF-8 where its first bytes tell that it is UTF-16."""
    first = next(pieces, b"")
    every = chain((first,), pieces)
    if not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return every
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    return (decoder.decode(piece).encode() for piece in every)


def _pieces(path: Path, told: list[str]) -> Iterator[bytes]:
    try:
        with _open(path) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile):
        told.append(CUT_SHORT)
    except OSError as error:
        raise DataError(f"'{path.name}' cannot be read: {error.strerror}.") from error


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return cast(BinaryIO, gzip.open(path)) if packed else path.open("rb")
