"""Teachers' nets trained by several processes or machines at once, with Ray Train.

All workers hold the same net and walk through the same steps; of each step's batch every worker
sees its share, and gradients are averaged before the net moves (data parallel; Li et al. 2020,
arXiv 2006.15704). Batch normalisation sees a worker's own share, so numbers depend on how many work
in their last points; the same number repeats them. A group that lost a worker begins anew at the
last checkpoint, which lies in the fold's folder like that of any training.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from distride.data.progress import silent
from distride.errors import ClusterError
from distride.fleet.cluster import RETRIES, crew_here, ray_module
from distride.learn.batches import Batch
from distride.learn.ground import (
    CHECKPOINT,
    Ground,
    Teaching,
    Training,
    finish,
    loss_of,
    seeded,
    trained,
    weights_of,
)
from distride.learn.loop import Journal, fit
from distride.learn.losses import Target
from distride.models.net import Net


@dataclass(frozen=True)
class Shared:
    """A training that several workers do together.

    Attributes:
        ground: Of its fold.
        training: What is trained.
        batches: Whole ones, by step.
        folder: Where relative paths begin.
    """

    ground: Ground
    training: Training
    batches: Callable[[int], Batch]
    folder: Path


def teaching() -> Teaching | None:
    """What trains teachers' nets within the crew that was `joined`; None: this process."""
    count = crew_here().teacher_workers
    return partial(trained_by, count) if count > 1 else None


def trained_by(
    count: int, ground: Ground, training: Training, batches: Callable[[int], Batch]
) -> Net:
    """As `learn.ground.trained`, by so many workers.

    Raises:
        ClusterError: The workers were lost again and again, or there are too few cores.
    """
    if not weights_of(ground, training).exists():
        ground.progress(training.name, 0, training.schedule.steps)
        alone = replace(ground, progress=silent, teaching=None)
        _train(count, Shared(alone, training, batches, Path.cwd()))
    return trained(ground, training, batches)


def share_of(batch: Batch, rank: int, count: int) -> Batch:
    """Every so many-th window of a batch, beginning with one's own number."""
    rows = slice(rank, None, count)
    targets = tuple(Target(one.truth[rows], one.known[rows]) for one in batch.targets)
    return Batch(batch.x[rows], targets)


def _train(count: int, shared: Shared) -> None:
    ray = ray_module()
    _check_cores(count, int(ray.cluster_resources().get("CPU", 0)))
    from ray.train import FailureConfig, RunConfig, ScalingConfig, TrainingFailedError
    from ray.train.torch import TorchTrainer

    cuda = shared.ground.device.kind == "cuda"
    notes = (shared.ground.folder / f"{shared.training.name}.ray").resolve()
    again = FailureConfig(max_failures=RETRIES)
    trainer = TorchTrainer(
        _work,
        train_loop_config={"shared": ray.put(shared)},
        scaling_config=ScalingConfig(num_workers=count, use_gpu=cuda),
        run_config=RunConfig(storage_path=str(notes), failure_config=again),
    )
    try:
        trainer.fit()
    except TrainingFailedError as error:
        raise ClusterError(
            f"The workers that trained '{shared.training.name}' failed {RETRIES + 1} times "
            f"({error}): see the cluster's logs, and start again; it goes on at its last "
            "checkpoint."
        ) from None
    finally:
        shutil.rmtree(notes, ignore_errors=True)


def _check_cores(count: int, cores: int) -> None:
    if cores < count:  # they would wait for ever
        raise ClusterError(
            f"{count} workers were asked to train a teacher, and Ray has {cores} core(s): ask for "
            "fewer, or add machines to the cluster."
        )


def _work(job: Mapping[str, Any]) -> None:
    """One worker's part."""
    shared: Shared = ray_module().get(job["shared"])
    os.chdir(shared.folder)
    torch.set_num_threads(1)
    ground, training = shared.ground, shared.training
    rank, count = dist.get_rank(), dist.get_world_size()
    weights = weights_of(ground, training)
    journal = Journal(weights.with_suffix(CHECKPOINT), keeps=rank == 0)
    net, loss = seeded(ground, training), loss_of(ground, training.objective)
    with ground.device.holding(net):
        together = DistributedDataParallel(net)
        fit(
            net,
            lambda step: share_of(shared.batches(step), rank, count),
            lambda _, batch: loss(together, batch),
            training.schedule,
            training.groups(net),
            journal,
        )
    if rank == 0:
        finish(weights, net)
