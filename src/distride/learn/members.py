"""Members of a teacher: nets, and classic models."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from distride.learn.batches import Pool
from distride.learn.classic import CLASSIC, ClassicMember
from distride.learn.device import HOST, Device
from distride.learn.ground import Ground, Scores, Training, scored, trained
from distride.learn.loop import Schedule
from distride.learn.side_by_side import side_by_side
from distride.models.net import Net
from distride.models.teacher import MEMBERS
from distride.signals import triads


class Member(Protocol):
    """One voice of a teacher."""

    @property
    def name(self) -> str:
        """As the recipe has it."""

    @property
    def net(self) -> Net | None:
        """What it weighs and costs; None for one that is no net."""

    def fingerprint(self) -> bytes:
        """Of all that its scores depend on."""

    def scores(self, views: Iterable[Tensor]) -> Scores:
        """By task ``(window, output)`` of scaled windows, which come a part at a time.

        NaN for a task that it was not taught.
        """


@dataclass(frozen=True)
class NetMember:
    """A trained net.

    Attributes:
        name: As the recipe has it.
        net: Body and heads.
        device: Where it is asked.
        untaught: Tasks of which its windows showed nothing; it has no opinion on them.
    """

    name: str
    net: Net
    device: Device = HOST
    untaught: frozenset[str] = frozenset()

    def fingerprint(self) -> bytes:
        """Of its weights."""
        digest = hashlib.sha256()
        for value in self.net.state_dict().values():
            digest.update(value.to(torch.float64).numpy().tobytes())
        return digest.digest()

    def scores(self, views: Iterable[Tensor]) -> Scores:
        """By task ``(window, output)``."""
        scores = scored(self.net, views, self.device)
        return {
            task: np.full_like(own, np.nan) if task in self.untaught else own
            for task, own in scores.items()
        }


def taught(ground: Ground, name: str, pool: Pool) -> list[Member]:
    """Each member of the teacher, trained on a pool's windows."""
    kinds = ground.recipe.teacher.members
    return side_by_side([partial(_member, ground, name, kind, pool) for kind in kinds])


def _member(ground: Ground, name: str, kind: str, pool: Pool) -> Member:
    if kind in CLASSIC:
        return ClassicMember(kind, ground, pool, ground.seed(f"{name}-{kind}"))
    recipe, size = ground.recipe.teacher, ground.recipe.student.batch_size
    training = Training(
        f"{name}-{kind}",
        partial(_build, kind, pool.channels, recipe.width, ground.posture.helps),
        Schedule(max(1, recipe.windows_seen // size), recipe.learning_rate),
    )
    teach = ground.teaching or trained
    net = teach(ground, training, ground.batches(pool, training.name, size))
    untaught = frozenset(task.name for task in ground.tasks if not pool.teaches(task))
    return NetMember(kind, net, ground.device, untaught)


def _build(
    kind: str, channels: tuple[str, ...], width: int, posture: bool
) -> tuple[nn.Module, int]:
    body = MEMBERS[kind](len(channels), width, triads(channels), posture)
    return body, int(body.feature_count)  # type: ignore[arg-type]
