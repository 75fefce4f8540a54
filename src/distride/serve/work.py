"""A job's own process; cut short, it goes on.

The folder holds `order.json` and the recordings; `progress.json` and `result.json` come into it.
The process ends when its standard input does: nobody is left who waits for it.
"""

import json
import os
import shutil
import sys
import threading
import time
import tomllib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from distride.data import Cohort, Recording
from distride.data.athlete_file import read_athlete
from distride.data.progress import Progress
from distride.errors import BundleError, DistrideError
from distride.files import write_whole
from distride.serve.observe import LOG, log_to_stderr

ORDER, PROGRESS, RESULT = "order.json", "progress.json", "result.json"
EVERY_S = 0.5
ORPHAN = 3
FAILED = "The server failed at it: its log says why; ask whoever runs the server."


@dataclass(frozen=True)
class Order:
    """What a job's process is asked.

    Attributes:
        kind: "train" or "personalize".
        recordings: By athlete's identity the files of their recordings, in the folder.
        recipe: TOML; empty: the defaults.
        folds: How many; None: all.
        bundle: The bundle's file, to personalise.
        heads: The folder of the athlete's versions.
        athlete: The athlete's name.
        created: When the job was asked for, ISO 8601.
    """

    kind: str
    recordings: dict[str, list[str]]
    recipe: str = ""
    folds: int | None = None
    bundle: str = ""
    heads: str = ""
    athlete: str = ""
    created: str = ""


def write(folder: Path, name: str, value: Any) -> None:
    """The file appears at once."""
    write_whole(folder / name, json.dumps(value, ensure_ascii=False).encode(), BundleError)


def read(folder: Path, name: str) -> dict[str, Any]:
    """What a file says; nothing where there is none, or it is damaged."""
    try:
        return dict(json.loads((folder / name).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def train(folder: Path, order: Order) -> dict[str, Any]:
    """The main job on the recordings; athletes have no names in it, and caches do not stay."""
    from distride.config import recipe_from
    from distride.runs import train as run_train

    cohort = folder / "cohort"
    if not cohort.exists():
        meta = {"name": "squad", "sampling_hz": _fastest_hz(folder, order)}
        each = (
            one for athlete in sorted(order.recordings) for one in _read(folder, order, athlete)
        )
        Cohort.write(cohort, meta, each)
    recipe = recipe_from(tomllib.loads(order.recipe))
    run = run_train(cohort, folder / "run", recipe, order.folds, progress=_progress(folder))
    for kept in (run.bundle, run.report, run.folder / "results.json"):
        shutil.copy(kept, folder / kept.name)
    shutil.rmtree(folder / "run")
    shutil.rmtree(cohort)
    return {"message": run.results["distillation"]["reason"]}


def personalize(folder: Path, order: Order) -> dict[str, Any]:
    """The athlete's next version; done twice, it is there once."""
    from distride.runtime import Student, Versions, fingerprint

    student = Student.open(order.bundle)
    (identity,) = order.recordings
    own = [replace(one, athlete=order.athlete) for one in _read(folder, order, identity)]
    head = student.personalize(own, created=datetime.fromisoformat(order.created))
    data_sha256 = fingerprint(student.predictor, own)
    Versions(order.heads, order.athlete).add_once(head, data_sha256, "server")
    return {"message": "; ".join(f"{task}: {told}" for task, told in head.reasons.items())}


def command(folder: Path) -> list[str]:
    """What starts the process; `-m` would warn of the package, which imports this file."""
    return [sys.executable, "-c", f"from {__name__} import begin; begin()", str(folder)]


def begin() -> None:
    """What the process does."""
    log_to_stderr()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main(Path(sys.argv[1]))


def main(folder: Path) -> None:
    """Do what the folder's order says, and leave what became of it."""
    order = Order(**read(folder, ORDER))
    try:
        found = {"train": train, "personalize": personalize}[order.kind](folder, order)
        result = {"state": "done", **found}
    except DistrideError as error:
        result = {"state": "failed", "message": str(error)}
    except Exception:
        LOG.exception("a job failed")
        result = {"state": "failed", "message": FAILED}
    write(folder, RESULT, result)


def write_order(folder: Path, order: Order) -> None:
    """Write an order into a folder."""
    write(folder, ORDER, asdict(order))


def _read(folder: Path, order: Order, athlete: str) -> list[Recording]:
    """With names that are unique within the athlete."""
    found = [read_athlete(folder / name, athlete) for name in order.recordings[athlete]]
    return [replace(one, name=str(number)) for number, (one,) in enumerate(found)]


def _fastest_hz(folder: Path, order: Order) -> float:
    from distride.signals import measured_hz

    clocks = (one.t for athlete in order.recordings for one in _read(folder, order, athlete))
    return max((measured_hz(t) for t in clocks if len(t) > 1), default=1.0)


def _progress(folder: Path) -> Progress:
    told_s, told_stage = 0.0, ""
    lock = threading.Lock()  # several trainings tell at once

    def told(stage: str, done: int, total: int) -> None:
        nonlocal told_s, told_stage
        with lock:
            if stage != told_stage or done >= total or time.monotonic() - told_s > EVERY_S:
                told_s, told_stage = time.monotonic(), stage
                write(folder, PROGRESS, {"stage": stage, "done": done, "total": total})

    return told


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(ORPHAN)
