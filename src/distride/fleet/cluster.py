"""Pieces of work on several cores or machines.

A piece is a function of its job alone, and results come in the order of the jobs: so what is made
of them is the same however many worked, and in whatever order they were done. A piece whose worker
died is done again by another.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from distride.data.progress import Progress, silent
from distride.errors import ClusterError, MissingExtraError

J = TypeVar("J")
T = TypeVar("T")

RETRIES = 3  # of a piece whose worker died
AHEAD = 3  # pieces for each worker that may be done before an earlier one
STORE_BYTES = 2**28  # memory for what workers of this machine pass each other


@dataclass(frozen=True)
class Crew:
    """Who works.

    Attributes:
        workers: Processes on this machine; 1 for this process alone, without Ray.
        address: Of a running Ray cluster, all of whose cores work; None for this machine.
        teacher_workers: Who train each net of a teacher together; with more than 1, pieces of work
            are this process's, one after the other.
    """

    workers: int = 1
    address: str | None = None
    teacher_workers: int = 1

    def __post_init__(self) -> None:
        if min(self.workers, self.teacher_workers) < 1:
            raise ClusterError(
                f"{min(self.workers, self.teacher_workers)} workers were asked for: give 1 or more."
            )
        if self.workers > 1 and self.teacher_workers > 1:
            raise ClusterError(
                f"{self.workers} workers for the folds and {self.teacher_workers} for each teacher "
                "were asked for: give one of the two, or they would wait for each other's cores."
            )
        if self.workers > 1 and self.address is not None:
            raise ClusterError(
                f"{self.workers} workers and the cluster '{self.address}' were asked for: give one "
                "of the two; on a cluster all of its cores work."
            )

    @property
    def alone(self) -> bool:
        """Whether this process does all pieces of work."""
        return self.teacher_workers > 1 or (self.workers == 1 and self.address is None)

    @property
    def rayless(self) -> bool:
        """Whether nobody else does anything."""
        return self.alone and self.teacher_workers == 1


HERE = Crew()
_WORKING: ContextVar[tuple[Crew, Progress]] = ContextVar("crew", default=(HERE, silent))


def in_order(
    do: Callable[[J], T], jobs: Iterable[J], lost: Callable[[J], T] | None = None
) -> Iterator[T]:
    """Results of jobs that do not need each other, in the order of the jobs.

    They are done by the crew that was `joined`, or else by this process.

    Args:
        do: A piece of work; to be sent to others, it and all results must be picklable.
        jobs: May be endless: only a few are taken ahead of the results.
        lost: Gives the result of a job that took every worker with it; an error if None.

    Raises:
        ClusterError: A job was lost.
        Exception: Whatever a piece of work raised.
    """
    crew, progress = _WORKING.get()
    if crew.alone:
        yield from map(do, jobs)
        return
    ray = ray_module()
    ahead = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
    send = ray.remote(num_cpus=1, max_retries=RETRIES)(_piece).remote
    sent = ray.put(do)
    waiting: deque[tuple[J, Any]] = deque()
    done = count(1)

    def first() -> T:
        result = _result(ray, *waiting.popleft(), lost)
        number = next(done)
        progress("pieces of work", number, number + len(waiting))
        return result

    for job in jobs:
        waiting.append((job, send(sent, job, Path.cwd())))
        if len(waiting) >= ahead:
            yield first()
    while waiting:
        yield first()


@contextmanager
def joined(crew: Crew, progress: Progress = silent) -> Iterator[None]:
    """Within this, pieces of work are the crew's; Ray that runs in this process already is used.

    Args:
        crew: Who works.
        progress: Told the pieces done and those known; pieces sent to others tell nothing more.

    Raises:
        ClusterError: No cluster at the address.
        MissingExtraError: Ray is needed and absent.
    """
    with nullcontext() if crew.rayless else connected(crew):
        before = _WORKING.set((crew, progress))
        try:
            yield
        finally:
            _WORKING.reset(before)


def crew_here() -> Crew:
    """Who works here."""
    return _WORKING.get()[0]


def heard(progress: Progress) -> Progress:
    """As a piece of work may tell it: those of others are not heard here."""
    return progress if crew_here().alone else silent


def _piece(do: Callable[[J], T], job: J, folder: Path) -> T:
    """Where relative paths mean what they mean to who sent the job."""
    os.chdir(folder)
    return do(job)


def _result(ray: Any, job: J, promise: Any, lost: Callable[[J], T] | None) -> T:
    try:
        return ray.get(promise)  # type: ignore[no-any-return]
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        if lost is not None:
            return lost(job)
        raise ClusterError(
            f"A piece of work was lost {RETRIES + 1} times with its worker "
            f"({type(error).__name__}): give each worker more memory, or see the cluster's logs, "
            "and start again; what was done is not done twice."
        ) from None


@contextmanager
def connected(crew: Crew) -> Iterator[None]:
    """Ray, from here to the end, unless this process has it already."""
    ray = ray_module()
    if ray.is_initialized():
        yield
        return
    # As many threads as here, so that sums end in the same digits.
    threads = os.environ.get("OMP_NUM_THREADS", str(os.cpu_count()))
    local = {
        "num_cpus": max(crew.workers, crew.teacher_workers),
        "object_store_memory": STORE_BYTES,
    }
    try:
        ray.init(
            crew.address or "local",
            runtime_env={"env_vars": {"OMP_NUM_THREADS": threads}},
            include_dashboard=False if crew.address is None else None,
            logging_level="ERROR",
            log_to_driver=False,
            **(local if crew.address is None else {}),
        )
    except Exception as error:  # plain ones too, as when a machine is too busy to start it in time
        ray.shutdown()
        raise ClusterError(
            f"No Ray answers at '{crew.address or 'this machine'}' ({error}): start one with "
            "'ray start --head', or use --workers."
        ) from None
    try:
        yield
    finally:
        ray.shutdown()


def ray_module() -> Any:
    """Ray, which is imported only where it works.

    Raises:
        MissingExtraError: It is absent.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves without being asked
    try:
        import ray
    except ImportError:
        raise MissingExtraError("Work on several cores or machines", "fleet") from None
    return ray
