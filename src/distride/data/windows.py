"""Windows of a cohort, on disk: cut once, one athlete at a time, read back as needed."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from distride.data.cohort import Cohort
from distride.data.cutting import PURITY, class_in, mean_in, windows_in
from distride.data.progress import Progress, silent
from distride.data.recording import Recording
from distride.errors import DataError
from distride.signals import SignalSpec

LAYOUT = 1  # part of the fingerprint: windows of an older layout are cut anew
UNKNOWN = -1  # number of no class
INDEX = "index.json"


@dataclass(frozen=True)
class AthleteWindows:
    """Windows of one athlete, in the order of time.

    Attributes:
        x: ``(window, channel, time)`` float32 in SI units, mapped from disk, NaN where absent.
        y: By task ``(window,)``: class numbers (-1 = unknown) or a regression's means (NaN).
        recording: ``(window,)`` number of the recording.
        start_s: ``(window,)`` from the recording's start.
    """

    x: np.ndarray
    y: Mapping[str, np.ndarray]
    recording: np.ndarray
    start_s: np.ndarray


@dataclass(frozen=True)
class Windows:
    """A folder of windows; holds no signal in memory.

    Attributes:
        folder: Where they lie.
        spec: What a window is.
        labels: By task the class names; empty for a regression.
        athletes: Who has at least one window.
        fingerprint: Of everything they depend on.
    """

    folder: Path
    spec: SignalSpec
    labels: Mapping[str, tuple[str, ...]]
    athletes: tuple[str, ...]
    fingerprint: str

    def of(self, athlete: str) -> AthleteWindows:
        """One athlete's windows."""
        with np.load(self.folder / f"{athlete}.npz") as columns:
            held = dict(columns)
        shape = (len(held["start_s"]), len(self.spec.channels), self.spec.window_samples)
        x = np.memmap(self.folder / f"{athlete}.f32", np.float32, "r", shape=shape)
        y = {task: held[f"y/{task}"] for task in self.labels}
        return AthleteWindows(x, y, held["recording"], held["start_s"])

    def known(self, athlete: str, task: str) -> np.ndarray:
        """``(window,)``: of which of an athlete's windows a task's truth is known."""
        truth = self.of(athlete).y[task]
        return np.asarray(truth != UNKNOWN if self.labels[task] else np.isfinite(truth))


@dataclass(frozen=True)
class Windowing:
    """How a cohort is cut into windows.

    Attributes:
        cohort: Whose recordings.
        spec: What a window is.
        tasks: Columns to learn: texts are classes, numbers are averaged over a window.
        purity: Share of a window's samples that one label must cover.
    """

    cohort: Cohort
    spec: SignalSpec
    tasks: tuple[str, ...]
    purity: float = PURITY

    @cached_property
    def fingerprint(self) -> str:
        """Of the data and how they are cut: windows with the same fingerprint are the same."""
        cut = (LAYOUT, asdict(self.spec), self.tasks, self.purity)
        digest = hashlib.sha256(repr(cut).encode())
        for athlete in self.cohort.athletes:
            digest.update(athlete.encode())
            digest.update(digest_of(self.cohort, athlete))
        return digest.hexdigest()

    def into(self, folder: Path, told: Progress = silent) -> Windows:
        """Cut the windows, or find those cut before from the same data the same way.

        Args:
            folder: Where the windows go; an older content is replaced.
            told: Hears of the progress, an athlete at a time.

        Raises:
            DataError: A channel or task that no athlete has, no window at all, or a full disk.
        """
        self._check_columns()
        found = self._found(folder)
        if found:
            return found
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(
                prefix=f".{folder.name}.partial-", dir=folder.parent
            ) as staging:
                partial = Path(staging) / folder.name
                partial.mkdir()
                labels, athletes = self._cut(partial, told)
                index = {"fingerprint": self.fingerprint, "labels": labels, "athletes": athletes}
                (partial / INDEX).write_text(
                    json.dumps(index, ensure_ascii=False), encoding="utf-8"
                )
                shutil.rmtree(folder, ignore_errors=True)
                partial.rename(folder)
        except OSError as error:
            raise DataError(
                f"Could not write the windows to '{folder}': {error}; free the disk, or choose "
                "another folder, and start again."
            ) from error
        return Windows(folder, self.spec, labels, tuple(athletes), self.fingerprint)

    def _check_columns(self) -> None:
        held = self.cohort.columns()
        for kind, names in (("channel", self.spec.channels), ("task", self.tasks)):
            missing = [name for name in names if name not in held]
            if missing:
                raise DataError(
                    f"The cohort '{self.cohort.name}' has no {kind} {missing}: its columns are "
                    f"{', '.join(held)}."
                )

    def _found(self, folder: Path) -> Windows | None:
        try:
            index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if index["fingerprint"] != self.fingerprint:
            return None
        labels = {task: tuple(names) for task, names in index["labels"].items()}
        return Windows(folder, self.spec, labels, tuple(index["athletes"]), self.fingerprint)

    def _cut(self, folder: Path, told: Progress) -> tuple[dict[str, tuple[str, ...]], list[str]]:
        cohort, columns = self.cohort, {}
        for number, athlete in enumerate(cohort.athletes):
            with (folder / f"{athlete}.f32").open("wb") as file:
                cut = self._athlete(cohort.read(athlete), file)
            if len(cut["start_s"]):
                columns[athlete] = cut
            told("windows", number + 1, len(cohort.athletes))
        if not columns:
            raise DataError(
                f"No window of {self.spec.window_s:g} s was found in '{cohort.name}': its "
                "recordings are too short, or the channels hold nothing but NaN or gaps; choose a "
                "shorter window_s or other channels."
            )
        labels = {task: _labels(task, columns.values()) for task in self.tasks}
        for athlete, cut in columns.items():
            for task in self.tasks:
                cut[f"y/{task}"] = _numbers(cut[f"y/{task}"], labels[task])
            np.savez(folder / f"{athlete}.npz", **cut)  # type: ignore[arg-type]
        return labels, list(columns)

    def _athlete(self, recordings: list[Recording], file: BinaryIO) -> dict[str, np.ndarray]:
        """Signals to the file, all else as columns; what is a class is still a text."""
        starts: list[float] = []
        numbers: list[int] = []
        truth: dict[str, list[Any]] = {task: [] for task in self.tasks}
        for number, recording in enumerate(recordings):
            for window in windows_in(recording, self.spec):
                file.write(window.samples.tobytes())
                starts.append(window.start_s)
                numbers.append(number)
                for task in self.tasks:
                    truth[task].append(self._truth(recording, task, window.start_s))
        columns = {"start_s": np.array(starts), "recording": np.array(numbers, int)}
        return {
            **columns,
            **{f"y/{task}": np.array(values) for task, values in truth.items()},
        }

    def _truth(self, recording: Recording, task: str, start_s: float) -> str | float:
        span_s = (start_s, start_s + self.spec.window_s)
        if task in recording.channels:
            return mean_in(recording, task, span_s)
        return class_in(recording, task, span_s, self.purity)


def digest_of(cohort: Cohort, athlete: str) -> bytes:
    """SHA-256 of an athlete's file: the same bytes are the same recordings."""
    with (cohort.path / f"{athlete}.parquet").open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _labels(task: str, columns: Any) -> tuple[str, ...]:
    values = [cut[f"y/{task}"] for cut in columns]
    numbers = [one for one in values if one.dtype.kind == "f"]
    texts = [one for one in values if one.dtype.kind != "f"]
    names = tuple(sorted({str(name) for one in texts for name in np.unique(one)} - {""}))
    is_number = any(np.isfinite(one).any() for one in numbers)
    if names and is_number:
        raise DataError(
            f"The task '{task}' has numbers in the files of some athletes and texts such as "
            f"'{names[0]}' in those of others: write all as texts, or all as numbers."
        )
    if is_number or not texts:
        return ()
    if not names:
        raise DataError(
            f"No window has a label of the task '{task}': label the recordings, or lower purity."
        )
    return names


def _numbers(values: np.ndarray, labels: tuple[str, ...]) -> np.ndarray:
    if not labels:
        told = values.dtype.kind == "f"  # else the athlete has no such channel
        return values.astype(np.float32) if told else np.full(len(values), np.nan, np.float32)
    where = {name: number for number, name in enumerate(labels)}
    return np.array([where.get(str(value), UNKNOWN) for value in values], np.int64)
