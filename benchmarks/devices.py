"""What a decision costs on a device, and how many athletes one core keeps company.

python benchmarks/devices.py [--rounds 15] [--athletes 512]

Untrained students of every size on nine channels, whose cost is that of trained ones, beside
torch, the classic peers, the header in C, and what of ExecuTorch and LiteRT is installed
(`pip install -c constraints.txt executorch litert-torch`). All answer the same window in turns, but
for the header in C, which answers after them in a process of its own; one thread each, and the
median of the rounds counts; what is told are ratios. The bound is this core's: how many
multiplications and additions a second it manages in a product of matrices. Three minutes.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is loaded: a core is one thread

import argparse
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, get_args

import numpy as np
import torch
from runtimes import installed
from untrained import write_untrained

from distride.bundle import Bundle, PersonalHead, Signals
from distride.bundle.c_header import c_header
from distride.bundle.session import BodyRunner
from distride.config import Size
from distride.learn.baselines import BASELINES, LabelledWindows
from distride.models.net import flops_per_window, parameter_count
from distride.models.student import Student
from distride.runs.bundling import versions
from distride.runs.folder import write_json
from distride.runtime import Crowd, Predictor, Stream
from distride.runtime.predictor import Precision
from distride.signals import Scaler, sensor_of
from distride.signals.spec import UNITS

HERE = Path(__file__).parent
SIZES: tuple[Size, ...] = get_args(Size)
CHANNELS = tuple(
    f"{sensor}_{axis}" for sensor in ("wrist_acc", "wrist_gyr", "ankle_acc") for axis in "xyz"
)
RATE_HZ, SOURCE_HZ, WINDOW_S, HOP_S = 50.0, 100.0, 3.0, 0.5
CLASSES, WINDOWS = 8, 400
MANY = 64  # windows of a batch
ANSWERS = 30  # of a round
WARM_PUSHES = 10  # each of as much as a decision needs
SQUARE, PRODUCTS = 512, 20  # of the matrices whose product is the bound
LOOP = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "student.h"

int main(int count, char **given)
{
    static distride_memory memory;
    static float window[DISTRIDE_CHANNELS * DISTRIDE_SAMPLES], scores[DISTRIDE_OUTPUTS];
    struct timespec begin, end;
    long answers = atol(given[count - 1]);
    double sum = 0.0;
    for (int at = 0; at < DISTRIDE_CHANNELS * DISTRIDE_SAMPLES; at++)
        window[at] = (float)((at * 37) % 101) / 10.0f - 5.0f;
    timespec_get(&begin, TIME_UTC);
    for (long answer = 0; answer < answers; answer++) {
        window[answer % DISTRIDE_SAMPLES] += 0.1f;
        distride_scores(window, &memory, scores);
        sum += scores[0];
    }
    timespec_get(&end, TIME_UTC);
    printf("%.9f %g\\n", (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec -
           begin.tv_nsec), sum);
    return 0;
}
"""
STARTING = """
import sys, time
started = time.perf_counter()
import numpy as np
from distride.runtime import Student
stream = Student.open(sys.argv[1]).stream(None, 100.0)
t = np.arange(320) / 100
wave = np.sin(6.0 * t)[:, None] * np.ones(9) + 9.81
events = stream.push(t, wave)
assert any(event.event == "state" for event in events) and "torch" not in sys.modules
print(time.perf_counter() - started)
"""
RESIDENT = """
import sys
import numpy as np
from distride.runtime import Crowd, Predictor
from distride.bundle import Bundle

def kilobytes():
    status = open("/proc/self/status").read()
    return int(status.split("VmRSS:")[1].split()[0])

crowd, count = Crowd(Predictor(Bundle.open(sys.argv[1]), precision="int8")), int(sys.argv[2])
t = np.arange(50) / 100.0
for name in ("first", "second"):
    crowd.join(name, source_hz=100.0)
base, wave = kilobytes(), np.sin(t)[:, None] * np.ones(9)
for name in range(count):
    crowd.join(str(name), source_hz=100.0)
for push in range(40):
    crowd.push({str(name): (push / 2 + t, wave) for name in range(count)})
print(base, (kilobytes() - base) / count)
"""

Job = Callable[[], object]


@dataclass(frozen=True)
class Made:
    """An untrained student and its bundle.

    Attributes:
        body: In torch.
        bundle: As it leaves training.
        x: Raw windows ``(window, channel, time)``.
    """

    body: Student
    bundle: Bundle
    x: np.ndarray


def main() -> None:
    """Measure and write; the results appear at once at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--athletes", type=int, default=512, help="live in one process")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "devices.json")
    given = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        made: dict[str, Made] = {
            size: student_of(size, Path(folder) / f"{size}.distride") for size in SIZES
        }
        found = {
            "versions": versions(),
            "python": platform.python_version(),
            "shape": [len(CHANNELS), made["medium"].x.shape[2]],
            "classes": CLASSES,
            "decisions": decisions(made, given.rounds, Path(folder)),
            "streams": {
                size: streams(one.bundle, given.athletes, given.rounds)
                for size, one in made.items()
            },
            "start": starting(Path(folder) / "medium.distride", given.rounds),
            "memory": resident(Path(folder) / "medium.distride", given.athletes),
        }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(given.out, found)


def student_of(size: Size, path: Path) -> Made:
    """A bundle as training writes it, around a student as it is before training."""
    rng = np.random.default_rng(0)
    units = tuple(UNITS[sensor_of(name)] for name in CHANNELS)
    signals = Signals(CHANNELS, units, RATE_HZ, WINDOW_S, HOP_S)
    shape = (WINDOWS, len(CHANNELS), round(WINDOW_S * RATE_HZ))
    x = rng.normal(scale=3.0, size=shape).astype(np.float32)
    scaler = Scaler(np.zeros(len(CHANNELS), np.float32), np.full(len(CHANNELS), 3.0, np.float32))
    names = [f"movement {number % CLASSES}" for number in range(WINDOWS)]
    body = write_untrained(path, size, signals, scaler, (x, names))
    return Made(body, Bundle.open(path), x)


def decisions(made: Mapping[str, Made], rounds: int, folder: Path) -> dict[str, Any]:
    """Microseconds a window of each that answers, one at a time and many at once, in turns."""
    one: dict[str, Job] = {}
    many: dict[str, Job] = {}
    others = {size: installed(student.bundle) for size, student in made.items()}
    for size, student in made.items():
        for kind, runtime in others[size].items():
            one[f"{size} {kind}"] = partial(runtime.answer, student.x[:1])
        for kind, arm in arms(student).items():
            one[f"{size} {kind}"] = partial(arm, student.x[:1])
            many[f"{size} {kind}"] = partial(arm, student.x[:MANY])
    x, truth = made["medium"].x, np.arange(WINDOWS) % CLASSES
    for name, fit in BASELINES.items():
        peer = fit(LabelledWindows(x, truth), 0)
        held = peer.model.get_params()
        peer.model.set_params(**{key: 1 for key in held if key.endswith("n_jobs")})
        one[name], many[name] = partial(peer, x[:1]), partial(peer, x[:MANY])
    headers = {size: c_header(student.bundle) for size, student in made.items()}
    programs = {size: compiled(headers[size].text, folder / size) for size in headers}
    bound = [peak() for _ in range(rounds)]
    spent = in_turns(one, rounds, ANSWERS)
    spent_many = in_turns(many, rounds, max(1, ANSWERS // 10))
    found: dict[str, Any] = {
        name: {"us": us} | ({"us_of_many": spent_many[name] / MANY} if name in many else {})
        for name, us in spent.items()
    }
    for size, program in programs.items():
        if program is not None:
            answers = [answered(program) for _ in range(rounds)]
            found[f"{size} c"] = {
                "us": round(median(answers), 2),
                "flash_bytes": headers[size].flash_bytes,
                "ram_bytes": headers[size].ram_bytes,
            }
    return {
        "peak_gflops": round(median(bound) / 1e9, 1),
        "mflops": {
            size: round(flops_per_window(one.body, *one.x.shape[1:]) / 1e6, 2)
            for size, one in made.items()
        },
        "parameters": {size: parameter_count(one.body) for size, one in made.items()},
        "bytes_int8": {size: len(one.bundle.body_int8) for size, one in made.items()},
        "bytes_elsewhere": {
            kind: {size: others[size][kind].size for size in made} for kind in others["medium"]
        },
        "found": found,
    }


def arms(made: Made) -> dict[str, Callable[[np.ndarray], object]]:
    """From raw windows to features: bodies alone, since head and scaler are a few products."""
    scaler = made.bundle.manifest.scaling
    full, quantised = BodyRunner(made.bundle.body_onnx), BodyRunner(made.bundle.body_int8)

    def eager(x: np.ndarray) -> object:
        with torch.inference_mode():
            return made.body(torch.from_numpy(scaler(x)))

    return {
        "onnx fp32": lambda x: full(scaler(x)),
        "onnx int8": lambda x: quantised(scaler(x)),
        "torch eager": eager,
    }


def in_turns(jobs: Mapping[str, Job], rounds: int, repeats: int) -> dict[str, float]:
    """Median microseconds of each job over rounds in which all come once, after one that warms."""
    spent: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds + 1):
        for name, job in jobs.items():
            started = time.thread_time()
            for _ in range(repeats):
                job()
            spent[name].append((time.thread_time() - started) / repeats * 1e6)
    return {name: round(median(each[1:]), 2) for name, each in spent.items()}


def peak() -> float:
    """Multiplications and additions a second of this core, in a product of float32 matrices."""
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(2, SQUARE, SQUARE)).astype(np.float32)
    started = time.thread_time()
    for _ in range(PRODUCTS):
        left @ right
    return PRODUCTS * 2 * SQUARE**3 / (time.thread_time() - started)


def compiled(header: str, folder: Path) -> Path | None:
    """A program that answers a window so many times; None without a compiler."""
    if shutil.which("gcc") is None:
        return None
    folder.mkdir()
    (folder / "student.h").write_text(header, encoding="utf-8")
    (folder / "main.c").write_text(LOOP, encoding="utf-8")
    options = ("-std=c11", "-O3", "-march=native")
    program, source = folder / "main", folder / "main.c"
    subprocess.run(["gcc", *options, "-o", program, source, "-lm"], check=True)
    return program


def answered(program: Path) -> float:
    """Microseconds of an answer in C."""
    done = subprocess.run([program, str(ANSWERS)], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[0]) / ANSWERS * 1e6


def streams(bundle: Bundle, athletes: int, rounds: int) -> dict[str, Any]:
    """Microseconds of a push of half a second, of one stream alone and of many together."""
    size = round(SOURCE_HZ * HOP_S)
    base = np.random.default_rng(1).normal(scale=3.0, size=(32, size, len(CHANNELS)))
    precisions: tuple[Precision, ...] = get_args(Precision)
    crowds = {f"together, {one}": Crowd(Predictor(bundle, precision=one)) for one in precisions}
    for crowd in crowds.values():
        for athlete in range(athletes):
            crowd.join(str(athlete), source_hz=SOURCE_HZ)
    crowds["own heads, int8"] = Crowd(Predictor(bundle, precision="int8"))
    for athlete in range(athletes):
        crowds["own heads, int8"].join(str(athlete), own_head(bundle, athlete), SOURCE_HZ)
    alone = Stream(Predictor(bundle), SOURCE_HZ)
    spent: dict[str, list[float]] = {"alone": [], **{name: [] for name in crowds}}
    for push in range(WARM_PUSHES + rounds):
        t = (push * size + np.arange(size)) / SOURCE_HZ
        given = {str(one): (t + one / 1e3, base[one % 32] + push) for one in range(athletes)}
        for name, crowd in crowds.items():
            started = time.process_time()
            crowd.push(given)
            spent[name].append((time.process_time() - started) / athletes)
        started = time.process_time()
        alone.push(*given["0"])
        spent["alone"].append(time.process_time() - started)
    found = {name: 1e6 * median(each[WARM_PUSHES:]) for name, each in spent.items()}
    return {
        "athletes": athletes,
        "us_a_push": {name: round(us, 1) for name, us in found.items()},
        "a_core": {name: round(1e6 * HOP_S / us) for name, us in found.items()},
    }


def own_head(bundle: Bundle, number: int) -> PersonalHead:
    """Of an athlete, another than anybody else's."""
    ((task, shared),) = bundle.heads.items()
    head = replace(shared, bias=shared.bias + number / 1e3)
    return PersonalHead(str(number), bundle.body_sha256, "2026-01-01T00:00:00+00:00", {task: head})


def starting(bundle: Path, rounds: int) -> dict[str, float]:
    """Seconds from the first import to the first decision, in fresh processes."""
    command = [sys.executable, "-c", STARTING, str(bundle)]
    seconds = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(rounds + 1)
    ][1:]
    return {"seconds": round(median(seconds), 3)}


def resident(bundle: Path, athletes: int) -> dict[str, float]:
    """Kilobytes in memory: of a fresh process that answers, and of each athlete in its crowd."""
    command = [sys.executable, "-c", RESIDENT, str(bundle), str(athletes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    process, athlete = map(float, done.stdout.split())
    return {"process_kb": process, "athlete_kb": round(athlete, 1)}


if __name__ == "__main__":
    main()
