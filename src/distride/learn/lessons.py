"""Lessons: what a student learns of a teacher, from mixtures of windows on which it was asked.

A teacher that learnt from all labels has nothing to tell of the windows it learnt from, and one
that did not see half of the athletes is a worse teacher. So it is asked of windows that nobody
recorded: each is mixed from two recorded ones, of any two movements and athletes, varied as devices
and people vary. The student sees the very windows of which the teacher spoke, again and again:
Beyer et al. 2022 (arXiv 2106.05237) call this a patient and consistent teacher.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from distride.files import appearing
from distride.learn.batches import ASKED_AT_ONCE, Batch, Batches, Pool, blended
from distride.learn.device import HOST, Device
from distride.learn.ground import Ground, Scores, Stock
from distride.learn.losses import Target
from distride.learn.members import Member, taught
from distride.learn.teach import Teacher, asked, ensemble_scores
from distride.models.net import Task
from distride.signals import placement_of

TOGETHER = 64  # recorded windows that are mixed with each other


class Mixtures(Batches):
    """Batches of recorded windows, each put together from two of anybody's, with labels or without.

    They are weighed sums (mixup), one up to a moment and the other from there (a splice in time),
    or one on some units of the body and the other on the rest; where there is one unit, a window.
    That last way is left out where a student does not see every unit: the teacher would speak of
    what others wore. Where the recipe has no mixup, for what is measured of two is measured of
    neither, each is one window, varied.

    Args:
        stock: What batches are made from.
        seen: Channels that the student sees.
    """

    def __init__(self, stock: Stock, seen: tuple[str, ...]) -> None:
        super().__init__(*stock)
        places = list(map(placement_of, self.pool.channels))
        self._unit = np.unique(places, return_inverse=True)[1]
        self._ways = 3 if set(places) == set(map(placement_of, seen)) else 2

    def chances(self) -> np.ndarray:
        """As of labelled windows alone; each without a label like their mean."""
        known = super().chances()
        return np.where(known > 0, known, known.sum() / np.count_nonzero(known))

    def mixed(self, batch: Batch, rng: np.random.Generator) -> Batch:
        """Each window with another of the batch, in one of three ways and shares of its own."""
        if not self.augmentation.mixup:
            return batch
        return blended(batch, rng.permutation(self.draw.size), self._weights(rng, batch.x.shape))

    def _weights(self, rng: np.random.Generator, shape: torch.Size) -> np.ndarray:
        """How much of each sample is the window's own: float32 ``(batch, channel, time)``."""
        count, _, samples = shape
        share = rng.random((count, 1, 1))
        spliced = np.arange(samples) < share * samples
        assembled = (rng.random((count, self._unit.max() + 1, 1)) < 0.5)[:, self._unit]
        way = rng.integers(self._ways, size=(count, 1, 1))
        weights = np.select([way == 0, way == 1], [share, spliced], assembled)
        return np.broadcast_to(weights, shape).astype(np.float32)


@dataclass(frozen=True)
class Lessons:
    """Windows that nobody recorded, and what a teacher said of each.

    Attributes:
        tasks: Of which it spoke.
        x: Scaled, of the channels that the student sees, ``(window, channel, time)``.
        scores: By task, ``(window, output)``.
    """

    tasks: tuple[Task, ...]
    x: Tensor
    scores: Scores

    def decided(self, smoothing: float) -> "Lessons":
        """The same with the teacher's decisions alone, as sure as a smoothed label.

        What distillation gives beyond them is what soft labels are for; values stay as they are.
        """
        decisions = {
            task.name: _decided(self.scores[task.name], task, smoothing) for task in self.tasks
        }
        return replace(self, scores=decisions)

    def batch(self, step: int, size: int) -> Batch:
        """The next windows, round and round; no truth is known of them."""
        rows = torch.arange(step * size, (step + 1) * size) % len(self.x)
        return Batch(self.x[rows], tuple(self._target(task, rows) for task in self.tasks))

    def _target(self, task: Task, rows: Tensor) -> Target:
        said = torch.from_numpy(self.scores[task.name])[rows]
        return Target(torch.zeros_like(said), torch.zeros(len(rows)), said)


@dataclass(frozen=True)
class Course:
    """The batch of each step: recorded windows with their labels, and lessons.

    Attributes:
        own: Of recorded windows; None if there are only lessons.
        lessons: Of a teacher.
        count: How many lessons are in each batch.
        device: Where they are learnt; lessons rest in the host's memory.
    """

    own: Batches | None
    lessons: Lessons
    count: int
    device: Device = HOST

    def __call__(self, step: int) -> Batch:
        """The two, one after the other."""
        taught = self.lessons.batch(step, self.count).to(self.device.kind)
        if self.own is None:
            return taught
        own = self.own(step)
        both = zip(own.targets, taught.targets, strict=True)
        x = torch.cat([own.x, taught.x])
        return Batch(x, tuple(_joined(*pair) for pair in both))


def course(ground: Ground, name: str, alpha: float, labelled: Pool, taught: Lessons) -> Course:
    """Batches in which a teacher speaks of a share α of the windows, and labels of the others."""
    size = ground.recipe.student.batch_size
    count = max(1, round(alpha * size))
    own = ground.batches(labelled, name, size - count) if count < size else None
    return Course(own, taught, count, ground.device)


def lessons(
    ground: Ground,
    name: str,
    channels: tuple[tuple[str, ...], tuple[str, ...]],
    athletes: tuple[tuple[str, ...], tuple[str, ...]],
    teacher: Teacher | None = None,
) -> Lessons:
    """Mix windows, teach a teacher and ask it.

    Args:
        ground: The fold's.
        name: Of our own teacher's trainings.
        channels: The teacher's, and those of them that the student sees.
        athletes: Whose labels are known, and all whose windows are mixed.
        teacher: Somebody's own, asked as it is: that it never saw anyone else's labels, only they
            can know.
    """
    labelled, everyone = athletes
    pool = Pool(ground.windows, everyone, channels[0], labelled)
    mixtures = Mixtures(ground.stock(pool, f"mixtures-{name}", TOGETHER), channels[1])
    steps = max(1, ground.recipe.distillation.windows_asked // TOGETHER)
    x = torch.cat([mixtures(step).x.cpu() for step in range(steps)])
    if teacher is not None:
        raw = (mixtures.raw(part).numpy() for part in _parts(x))
        said = asked(ground.tasks, teacher, raw)
    else:
        members = taught(ground, name, Pool(ground.windows, labelled, channels[0]))
        said = _opinion(ground, members, x)
    seen = [channels[0].index(channel) for channel in channels[1]]
    return Lessons(ground.tasks, x[:, seen], said)


def _opinion(ground: Ground, members: list[Member], x: Tensor) -> Mapping[str, np.ndarray]:
    """What the ensemble says of windows; asked once and kept under a key of all it depends on."""
    digest = hashlib.sha256(x.numpy().data)
    for member in members:
        digest.update(member.fingerprint())
    file = ground.folder / f"soft-{digest.hexdigest()[:16]}.npz"
    if file.exists():
        with np.load(file) as kept:
            return dict(kept)
    scores = ensemble_scores([one.scores(_parts(x)) for one in members], ground.tasks)
    with appearing(file) as partial_file, partial_file.open("wb") as stream:
        np.savez(stream, **scores)  # type: ignore[arg-type]
    return scores


def _parts(x: Tensor) -> Iterator[Tensor]:
    return (x[start : start + ASKED_AT_ONCE] for start in range(0, len(x), ASKED_AT_ONCE))


def _joined(own: Target, taught: Target) -> Target:
    """Of recorded windows, on which the teacher was not asked, and of lessons."""
    assert taught.teacher is not None
    silence = torch.full_like(own.truth, torch.nan)
    return Target(
        torch.cat([own.truth, taught.truth]),
        torch.cat([own.known, taught.known]),
        torch.cat([silence, taught.teacher]),
    )


def _decided(scores: np.ndarray, task: Task, smoothing: float) -> np.ndarray:
    """Scores whose likeliest class is as likely as under a smoothed label, the others evenly.

    Where the teacher says nothing, NaN, nothing is decided.
    """
    if not task.labels:
        return scores
    rest = smoothing / task.outputs
    chosen = np.eye(task.outputs, dtype=bool)[scores.argmax(axis=1)]
    firm = np.log(np.where(chosen, 1 - smoothing + rest, rest))
    return np.asarray(np.where(np.isfinite(scores), firm, np.nan), np.float32)
