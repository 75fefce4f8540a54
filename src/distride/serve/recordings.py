"""Recordings: read from whatever file came, kept as Parquet, labelled by stretches."""

import base64
import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy.orm import Session

from distride.data import LABEL, Cohort, Recording
from distride.data.athlete_file import read_athlete, write_athlete
from distride.data.cohort import LONGEST_NAME
from distride.data.content import is_larger
from distride.data.importing import ImportOptions, import_recordings
from distride.files import MEBIBYTE
from distride.serve.messages import Raw, SentSession, Stretch
from distride.serve.problems import Refused
from distride.serve.said import Said
from distride.serve.schema import Account, StoredRecording, fresh_id, now
from distride.serve.state import Server, record
from distride.signals import HEART_RATE

OVERLAP = Said(
    "Two stretches overlap: each moment has one label at most.",
    "两段标注重叠：每个时刻最多一个标注。",
)
FILE_NAME = re.compile(r"[\w-][\w .()+-]*")


def imported(
    athlete: Account, name: str, data: Path, placement: str, largest: int
) -> tuple[list[Recording], list[str], str]:
    """Recordings of a vendor's file, what was lost in them, and the format.

    Args:
        athlete: Whose.
        name: Of the file, by whose ending a format may be known.
        data: The file; it is moved.
        placement: Where a sensor was worn whose file does not tell.
        largest: Bytes that it may hold once it is unpacked.

    Raises:
        Refused: The name is none, or it holds too much, or several athletes.
        DataError: It is in no format that is known, or damaged.
    """
    if not FILE_NAME.fullmatch(name) or len(name.encode()) > LONGEST_NAME:
        en, zh = (
            "'{}' names no file: give its name without folders, at most {} bytes long.",
            "“{}”不是文件名：请勿含文件夹，且不超过 {} 字节。",
        )
        told = (name[:80], LONGEST_NAME)
        raise Refused(422, Said(en.format(*told), zh.format(*told)))
    if is_larger(data, largest):
        en, zh = "Unpacked, '{}' holds more than {:g} MiB.", "“{}”解压后超过 {:g} MiB。"
        sizes = (name, largest / MEBIBYTE)
        raise Refused(413, Said(en.format(*sizes), zh.format(*sizes)))
    with TemporaryDirectory(dir=data.parent) as folder:
        file, to = Path(folder) / name, Path(folder) / ".cohort"  # no file's name begins so
        data.rename(file)
        options = ImportOptions(athlete.id, placement)
        found = import_recordings([file], to, options)
        cohort = Cohort.open(to)
        _check_alone(cohort, name)
        own = list(cohort)
    lost = [warning for one in found.recordings for warning in one.warnings]
    return own, [*lost, *found.notes], found.recordings[0].source


@contextmanager
def shelved(
    server: Server, athlete: Account, recording: Recording, source: str
) -> Iterator[StoredRecording]:
    """A recording's file on the shelf and the row to add; where that fails, the file goes.

    Raises:
        DataError: It cannot be written.
    """
    stored = StoredRecording(
        id=fresh_id(),
        account_id=athlete.id,
        name=recording.name[:200],
        source=source[:20],
        duration_s=recording.seconds,
        channels=json.dumps(list(recording.channels)),
        created_at=now(),
    )
    _put(server, stored, replace(recording, athlete=athlete.id))
    try:
        yield stored
    except BaseException:
        server.shelf.remove(stored.account_id, file_name(stored))
        raise


def keep_recordings(
    server: Server, athlete: Account, recordings: Sequence[Recording], source: str, actor: str
) -> list[StoredRecording]:
    """Put recordings on the shelf, all or none.

    Raises:
        DataError: One cannot be written.
    """
    with ExitStack() as shelf:
        rows = [shelf.enter_context(shelved(server, athlete, one, source)) for one in recordings]
        with server.database.writing() as session:
            session.add_all(rows)
            record(session, actor, "recording_added", athlete.id)
    return rows


def read_recording(server: Server, stored: StoredRecording) -> Recording:
    """A recording from the shelf.

    Raises:
        DataError: It cannot be read.
    """
    with server.shelf.opened(stored.account_id, file_name(stored)) as file:
        (one,) = read_athlete(file, stored.account_id)
        return one


def file_name(stored: StoredRecording) -> str:
    """On the shelf."""
    return f"{stored.id}.parquet"


def remove_recording(server: Server, session: Session, stored: StoredRecording) -> None:
    """Take a recording off the shelf."""
    server.shelf.remove(stored.account_id, file_name(stored))
    session.delete(session.merge(stored))


def stretches_of(recording: Recording) -> list[Stretch]:
    """What is labelled, in the order of time."""
    names = recording.labels.get(LABEL)
    if names is None or not len(names):
        return []
    starts = np.concatenate([[0], np.flatnonzero(names[1:] != names[:-1]) + 1])
    ends = np.concatenate([starts[1:], [len(names)]]) - 1
    return [
        Stretch(from_s=float(recording.t[a]), to_s=float(recording.t[b]), label=str(names[a]))
        for a, b in zip(starts, ends, strict=True)
        if names[a]
    ]


def label(server: Server, stored: StoredRecording, stretches: Sequence[Stretch]) -> None:
    """Label stretches of a recording; what lies in none of them has no label then.

    Raises:
        Refused: Two of them overlap.
    """
    ordered = sorted(stretches, key=lambda one: one.from_s)
    if any(b.from_s < a.to_s or b.from_s == a.from_s for a, b in pairwise(ordered)):
        raise Refused(422, OVERLAP)
    recording = read_recording(server, stored)
    names = np.full(len(recording.t), "", object)
    for one in ordered:
        names[(recording.t >= one.from_s) & (recording.t <= one.to_s)] = one.label
    _put(server, stored, replace(recording, labels={**recording.labels, LABEL: names}))


def plotted(
    recording: Recording, points: int, from_s: float | None = None, to_s: float | None = None
) -> dict[str, list[float | None]]:
    """Channels over time for a plot: the least and the greatest value of each short while.

    Args:
        recording: Whose.
        points: At most so many times.
        from_s: Where the plot begins; one sample before it is told too, so that lines reach there.
            None: where the recording does.
        to_s: Where it ends; the same.
    """
    ends = (-math.inf if from_s is None else from_s, math.inf if to_s is None else to_s)
    first, last = np.searchsorted(recording.t, ends)
    rows = slice(max(0, first - 1), last + 1)
    t = recording.t[rows]
    size = max(1, -(-2 * len(t) // points))
    starts = range(0, len(t), size)
    columns: dict[str, list[float | None]] = {"t": [float(t[at]) for at in starts for _ in "ab"]}
    for name, values in recording.channels.items():
        pieces = (values[rows][at : at + size] for at in starts)
        columns[name] = [bound for piece in pieces for bound in _bounds(piece)]
    return columns


def recording_of(athlete: Account, sent: SentSession, raw: Raw) -> Recording:
    """The samples that a phone sent with a session.

    Raises:
        DataError: Its clock runs backwards.
    """
    t = np.frombuffer(base64.b64decode(raw.t), "<f8")
    samples = np.frombuffer(base64.b64decode(raw.samples), "<f4").reshape(len(t), -1)
    channels = {name: samples[:, at] for at, name in enumerate(raw.channels)}
    bpm = np.frombuffer(base64.b64decode(raw.heart_rate), "<f4")
    if np.isfinite(bpm).any():
        channels[HEART_RATE] = bpm
    return Recording(athlete.id, f"{sent.started_at:%Y-%m-%d %H:%M}", t, channels)


def _check_alone(cohort: Cohort, name: str) -> None:
    """Whose the recordings of several are, no account tells."""
    count = len(cohort.athletes)
    if count > 1:
        en, zh = (
            "'{}' holds recordings of {} athletes: export one athlete's alone, and send that.",
            "“{}”含有 {} 名运动员的记录：请只导出其中一人的记录后再上传。",
        )
        raise Refused(422, Said(en.format(name, count), zh.format(name, count)))


def _put(server: Server, stored: StoredRecording, recording: Recording) -> None:
    with TemporaryDirectory(dir=server.settings.folder) as folder:
        file = Path(folder) / file_name(stored)
        write_athlete(file, [recording])
        server.shelf.put(stored.account_id, file.name, file)


def _bounds(piece: np.ndarray) -> tuple[float | None, float | None]:
    known = piece[np.isfinite(piece)]
    return (float(known.min()), float(known.max())) if len(known) else (None, None)
