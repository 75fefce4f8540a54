"""Independent trainings at once, one core each.

Nets this small keep two cores no busier than one: what a second core gains inside a step is lost in
waiting for each other. And where anything else runs beside, threads that wait for each other slow a
step several times over. So the cores go to different trainings.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

K = TypeVar("K")
T = TypeVar("T")


def side_by_side(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Results of jobs that do not need each other, in their order.

    Each job has one thread of torch's, so its numbers depend on no other job and on no core count.

    Raises:
        Exception: The first job's that failed; the others are finished first, unless somebody
            interrupts.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    pool = ThreadPoolExecutor(max(1, len(jobs)))
    try:
        return [future.result() for future in [pool.submit(job) for job in jobs]]
    finally:
        pool.shutdown(wait=not isinstance(sys.exception(), KeyboardInterrupt))
        torch.set_num_threads(threads)


def together(jobs: Mapping[K, Callable[[], T]]) -> dict[K, T]:
    """The same for jobs with names."""
    return dict(zip(jobs, side_by_side(list(jobs.values())), strict=True))
