"""How many athletes a second get a head of their own, and what many of them cost in memory.

python benchmarks/fleet.py [--heads 100000] [--athletes 2000] [--rounds 3]

Four questions, on simulated athletes and an untrained student of the usual size, whose cost is that
of a trained one: heads alone, from features; memory at a tenth of the athletes and at all of them,
ledger included; the whole verb from recordings in Parquet to files; one process against two
workers, in turns. Ten minutes on two idle cores; a core's seconds are counted beside the
clock's, because only they say anything on a machine that is busy with other things.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is loaded: a core is one thread

import argparse
import multiprocessing
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from untrained import write_untrained

from distride.bundle import Signals
from distride.data import Cohort, blocks_of
from distride.data.cutting import class_in, windows_in
from distride.data.progress import silent
from distride.data.simulate import SIMULATED_META, simulate_athlete
from distride.fleet import Crew, joined, personalize
from distride.fleet.ledger import Entry, Header, Ledger
from distride.fleet.personalizing import AT_ONCE, work
from distride.heads import Calibration, Guard, Head, fit_head, guarded, one_hot
from distride.heads.personal import WEIGHT
from distride.runs.bundling import versions
from distride.runs.folder import write_json
from distride.signals import Scaler, SignalSpec, triads
from distride.signals.spec import UNITS, sensor_of

HERE = Path(__file__).parent
FEATURES = 384  # of a student of 50,000 parameters on one accelerometer and gyroscope
SHAPES = ((5, 3), (5, 5), (8, 5), (19, 3))  # movements, own windows of each
MEMORY_SHAPE = (5, 3)
PEOPLE_MANY, PEOPLE_FEW = 512, 64  # athletes of a round, in the space of windows and of features
PEOPLE = 16  # simulated, each under many names
WINDOW_S, APART_S = 3.0, 6.0  # windows that do not touch


def main() -> None:
    """Measure and write; the results appear at once at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heads", type=int, default=100_000, help="athletes, from features")
    parser.add_argument("--athletes", type=int, default=2_000, help="from recordings")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "fleet.json")
    given = parser.parse_args()
    found = {
        "versions": versions(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "features": FEATURES,
        "heads": [heads_alone(*shape, given.rounds) for shape in SHAPES],
        "memory": [in_a_process(memory, count) for count in (given.heads // 10, given.heads)],
    }
    with tempfile.TemporaryDirectory() as folder:
        found["whole"] = whole(Path(folder), given.athletes, given.rounds)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(given.out, found)


@dataclass(frozen=True)
class Crowd:
    """Athletes made of features that differ as windows of movements do, each as they are asked for.

    Attributes:
        head: The shared one.
        centres: ``(movement, feature)``.
        shots: Windows of each movement.
    """

    head: Head
    centres: np.ndarray
    shots: int

    @classmethod
    def of(cls, movements: int, shots: int) -> "Crowd":
        """With a shared head fitted on windows of nobody in particular."""
        rng = np.random.default_rng(0)
        centres = rng.normal(size=(movements, FEATURES))
        truth = np.arange(20 * FEATURES) % movements
        features = centres[truth] + 4 * rng.normal(size=(len(truth), FEATURES))
        labels = tuple(f"movement {one}" for one in range(movements))
        head = fit_head(features, one_hot(truth, movements), None, 1.0, labels, "label")
        return cls(head, centres, shots)

    def athlete(self, seed: int) -> Calibration:
        """Somebody whose movements are all a little off."""
        rng = np.random.default_rng(seed)
        truth = np.repeat(np.arange(len(self.centres)), self.shots)
        own = self.centres + rng.normal(size=self.centres.shape)
        features = own[truth] + 4 * rng.normal(size=(len(truth), FEATURES))
        labels = np.array(self.head.labels, object)[truth]
        starts_s = APART_S * np.arange(len(truth))
        blocks = blocks_of(labels, np.zeros(len(truth)), starts_s, WINDOW_S)
        weight = np.full(len(truth), WEIGHT)
        return Calibration(features.astype(np.float32), labels, blocks.groups, weight, blocks.near)

    def entries(self, athletes: Sequence[str]) -> list[Entry]:
        """A fleet's piece of work without recordings and files."""
        guard = Guard(self.head)
        return [self._entry(guard, name) for name in athletes]

    def _entry(self, guard: Guard, name: str) -> Entry:
        own = self.athlete(int(name))
        task = {"windows": len(own.labels), "live": guard(own).live}
        return Entry(name, "ok", tasks={"label": task})


def heads_alone(movements: int, shots: int, rounds: int) -> dict[str, Any]:
    """Athletes a second of one core, in the space of their windows and of the features."""
    crowd = Crowd.of(movements, shots)
    guard, people = Guard(crowd.head), [crowd.athlete(seed) for seed in range(PEOPLE_MANY)]

    def windows() -> None:
        for one in people:
            guard(one)

    def features() -> None:
        for one in people[:PEOPLE_FEW]:
            guarded(crowd.head, one.features, one.labels, one.groups, one.weight, one.near)

    return {
        "movements": movements,
        "windows": movements * shots,
        "live": round(float(np.mean([guard(one).live for one in people])), 3),
        "in_windows": rate(windows, PEOPLE_MANY, rounds),
        "in_features": rate(features, PEOPLE_FEW, rounds),
    }


def rate(job: Callable[[], object], athletes: int, rounds: int) -> dict[str, float]:
    """Athletes a second of the clock, and of a core; medians of rounds."""
    clocks, cores = [], []
    for _ in range(rounds):
        clock, core = time.perf_counter(), time.process_time()
        job()
        clocks.append(athletes / (time.perf_counter() - clock))
        cores.append(athletes / (time.process_time() - core))
    return {"per_second": round(median(clocks), 1), "per_core_second": round(median(cores), 1)}


def in_a_process(job: Callable[[int], Any], count: int) -> Any:
    """In a fresh process, whose peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(job, (count,))


def memory(count: int) -> dict[str, float]:
    """Peak of a process that gives so many athletes their heads and keeps the ledger."""
    crowd = Crowd.of(*MEMORY_SHAPE)
    before = peak_mib()
    names = [f"{number:08}" for number in range(count)]
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        work(crowd.entries, names, Ledger(Path(folder), Header("", "", 0.0, "", "")), silent)
    seconds = time.process_time() - started
    return {"athletes": count, "core_seconds": round(seconds, 1)} | peaks(before)


def memory_of_all(bundle: Path, cohort: Cohort, count: int) -> dict[str, float]:
    """The same from recordings to files."""
    before = peak_mib()
    with tempfile.TemporaryDirectory() as folder:
        personalize(bundle, replace(cohort, athletes=cohort.athletes[:count]), folder)
    return {"athletes": count} | peaks(before)


def peaks(before: float) -> dict[str, float]:
    """MiB of this process, before and after."""
    return {"peak_mib_before": before, "peak_mib": peak_mib()}


def peak_mib() -> float:
    """Of this process, so far; `getrusage` would begin with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (line,) = (one for one in status.splitlines() if one.startswith("VmHWM:"))
    return round(int(line.split()[1]) / 1024, 1)


def whole(folder: Path, athletes: int, rounds: int) -> dict[str, Any]:
    """The verb, one process against two workers in turns; the ratio is of rounds side by side."""
    cohort, bundle = simulated(folder / "cohort", athletes), folder / "student.distride"
    write_bundle_for(bundle, cohort)
    found: dict[str, list[float]] = {"one_process": [], "two_workers": []}
    cores = []
    with joined(Crew(2)):
        some = replace(cohort, athletes=cohort.athletes[: AT_ONCE * 2])
        personalize(bundle, some, folder / "warm")  # workers have started and read the bundle
        for _ in range(rounds):
            with joined(Crew(1)):
                core = time.process_time()
                found["one_process"].append(timed(bundle, cohort, folder / "heads"))
                cores.append(time.process_time() - core)
            found["two_workers"].append(timed(bundle, cohort, folder / "heads"))
    ratios = [one / two for one, two in zip(*found.values(), strict=True)]
    (first, *_) = cohort.read(cohort.athletes[0])
    return {
        "athletes": athletes,
        "seconds_of_recording": round(first.seconds),
        "bytes_of_recording": (cohort.path / f"{cohort.athletes[0]}.parquet").stat().st_size,
        "bytes_of_head": head_bytes(bundle, some, folder / "one"),
        "per_second": {name: round(athletes / median(each), 1) for name, each in found.items()},
        "per_core_second": round(athletes / median(cores), 1),
        "two_workers_times_one_process": round(median(ratios), 2),
        "memory": [
            in_a_process(partial(memory_of_all, bundle, cohort), count)
            for count in (max(1, athletes // 10), athletes)
        ],
    }


def timed(bundle: Path, cohort: Cohort, out: Path) -> float:
    """Seconds of a run from the start, whose heads are removed again."""
    started = time.perf_counter()
    personalize(bundle, cohort, out)
    seconds = time.perf_counter() - started
    shutil.rmtree(out)
    return seconds


def head_bytes(bundle: Path, cohort: Cohort, out: Path) -> int:
    """The mean file of some athletes."""
    personalize(bundle, cohort, out)
    return round(np.mean([file.stat().st_size for file in out.glob("*.safetensors")]))


def simulated(folder: Path, athletes: int) -> Cohort:
    """A few people under many names: reading, cutting and asking the body cost the same."""
    recordings = (one for name in range(PEOPLE) for one in simulate_athlete(f"p{name}", 1, 1))
    people = Cohort.write(folder.with_name("people"), SIMULATED_META, recordings)
    folder.mkdir()
    shutil.copy(people.path / "meta.json", folder)
    for number in range(athletes):
        name = people.athletes[number % PEOPLE]
        os.link(people.path / f"{name}.parquet", folder / f"{number:06}.parquet")
    return Cohort.open(folder)


def write_bundle_for(path: Path, cohort: Cohort) -> None:
    """Of an untrained student for a cohort, with a head fitted on one athlete."""
    channels = tuple(name for name in cohort.columns() if sensor_of(name) in ("acc", "gyr"))
    units = tuple(UNITS[sensor_of(name)] for name in channels)
    signals = Signals(channels, units, 50.0, 3.0, 1.5)
    spec = SignalSpec(channels, signals.rate_hz, signals.window_s, signals.hop_s)
    (recording, *_) = cohort.read(cohort.athletes[0])
    windows = list(windows_in(recording, spec))
    spans = [(window.start_s, window.start_s + spec.window_s) for window in windows]
    names = [class_in(recording, "label", span) for span in spans]
    x = np.stack([window.samples for window in windows])
    write_untrained(path, "medium", signals, Scaler.fit([x], triads(channels)), (x, names))


if __name__ == "__main__":
    main()
