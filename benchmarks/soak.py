"""Days of one stream in a minute or two: does it go on at the same cost, whatever goes wrong?

python benchmarks/soak.py BUNDLE [--days 3] [--out benchmarks/results/soak.json]

A simulated athlete moves without end; five seconds' samples are pushed at a time, and every half an
hour something goes wrong for a minute. Time is the process's own, so that other work on the machine
does not count; memory is the highest so far, so that whatever is kept would show.
"""

import argparse
import json
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import typer

from distride.data import Recording
from distride.data.simulate import simulate_athlete
from distride.errors import DataError
from distride.files import write_whole
from distride.runtime import Quality, State, Student

RATE_HZ = 50
PUSH_S = 5
PUSH = PUSH_S * RATE_HZ  # samples
HOUR_S = 3600
PART_S = 6 * HOUR_S  # what a line of the results tells of
TROUBLE_S, TROUBLES_S = 60, 1800
TROUBLES = ("late", "gap", "leap", "back", "slow", "timeless", "jitter", "lost", "flat", "dead")
KIBIBYTES = 1 if sys.platform == "darwin" else 1024  # in which the system counts memory

Push = tuple[np.ndarray, np.ndarray]


def lived(recording: Recording, channels: tuple[str, ...], seed: int = 0) -> Iterator[Push]:
    """Push by push, without end."""
    values, rng = recording.samples(channels), np.random.default_rng(seed)
    clock_s, number = 1.7e9, 0
    while True:
        rows = (number * PUSH + np.arange(PUSH)) % len(values)
        t = clock_s + np.arange(PUSH) / RATE_HZ + rng.uniform(0, 1e-3, PUSH)
        kind, since_s = divmod(number * PUSH_S, TROUBLES_S)
        trouble = TROUBLES[kind % len(TROUBLES)] if since_s < TROUBLE_S else ""
        clock_s += {"gap": 3.0, "leap": 200.0, "back": -50.0}.get(trouble, 0.0) * (since_s == 0)
        yield troubled(trouble, t, values[rows].copy(), rng)
        clock_s, number = clock_s + PUSH_S, number + 1


def troubled(trouble: str, t: np.ndarray, samples: np.ndarray, rng: np.random.Generator) -> Push:
    """A push in which something is wrong; a jump of the clock is made outside."""
    if trouble == "late":
        t[10:20] -= 0.5
    elif trouble == "slow":
        return t[::3], samples[::3]
    elif trouble == "timeless":
        t[5:9] = np.nan
    elif trouble == "jitter":
        t += rng.uniform(-0.015, 0.015, len(t))
    elif trouble in ("lost", "flat", "dead"):
        which = slice(1, 2) if trouble == "dead" else slice(0, 3)
        samples[:, which] = np.nan if trouble == "lost" else 1.0
    return t, samples


def soak(student: Student, days: float, part_s: int = PART_S) -> list[dict[str, Any]]:
    """What each part of so many days costs, and what is told in it."""
    (recording,) = simulate_athlete("ann", 1, sessions=1)
    live = student.stream(source_hz=RATE_HZ)
    pushes = lived(recording, student.bundle.manifest.spec.channels)
    parts = []
    for part in range(round(days * 24 * HOUR_S / part_s)):
        told, used_s, samples = Counter[str](), [], 0
        for t, values in islice(pushes, part_s // PUSH_S):
            started = time.process_time()
            events = live.push(t, values)
            used_s.append(time.process_time() - started)
            samples += len(t)
            told.update(kind_of(event) for event in events)
        parts.append(
            {
                "until_h": (part + 1) * part_s / HOUR_S,
                "samples": samples,
                "us_a_sample": round(1e6 * sum(used_s) / samples, 2),
                "us_a_push_p50": round(1e6 * float(np.percentile(used_s, 50))),
                "us_a_push_p99": round(1e6 * float(np.percentile(used_s, 99))),
                "peak_mb": round(
                    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTES / 1e6, 1
                ),
                "told": dict(sorted(told.items())),
            }
        )
        typer.echo(f"{parts[-1]}")
    return parts


def kind_of(event: object) -> str:
    """As what an event is counted."""
    if isinstance(event, Quality):
        return event.kind
    if isinstance(event, State):
        return f"state, {event.cause or 'answered'}"
    return getattr(event, "event", "")


def main() -> None:
    """Soak, and write what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--days", type=float, default=3.0)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "soak.json")
    given = parser.parse_args()
    student = Student.open(given.bundle)
    spec = student.bundle.manifest.spec
    found = {
        "days": given.days,
        "source_hz": RATE_HZ,
        "channels": len(spec.channels),
        "decision_every_s": spec.hop_s,
        "machine": platform.machine(),
        "parts": soak(student, given.days),
    }
    write_whole(given.out, f"{json.dumps(found, indent=1)}\n".encode(), DataError)


if __name__ == "__main__":
    main()
