"""What all trainings of one fold stand on, and how each of them is run once and kept."""

import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from distride.config import AugmentationRecipe, Recipe
from distride.data import Windows
from distride.data.progress import Progress
from distride.errors import TrainingError
from distride.learn.batches import Batch, Batches, Draw, Pool
from distride.learn.device import Device, device_of
from distride.learn.loop import Group, Journal, Schedule, denormals_flushed, everything, fit
from distride.learn.losses import Objective
from distride.learn.posture import SEEN, Posture
from distride.models.net import Net, Task
from distride.models.saved import SavedStudent
from distride.models.weights import write_weights
from distride.signals import Scaler

Stock = tuple[Pool, tuple[Task, ...], Scaler, AugmentationRecipe, Draw]

Scores = Mapping[str, np.ndarray]
"""By task, ``(window, output)`` scores."""

INFERENCE_BATCH = 512
CHECKPOINT = ".checkpoint"
_SEEDING = threading.Lock()  # torch has one state for first weights, and trainings run side by side
GENTLER = 1 / 3  # a third of the recipe's rotation
LABELS_ALONE = Objective()


def seed_of(recipe: Recipe, name: str) -> int:
    """The recipe's seed, told apart by a name."""
    return zlib.crc32(f"{recipe.seed}/{name}".encode())


@dataclass(frozen=True)
class Ground:
    """What all trainings of a fold share.

    Attributes:
        windows: Of the whole cohort, with all channels.
        tasks: What is learnt.
        recipe: How.
        scaler: Fitted on this fold's training athletes, on all channels.
        folder: Where weights and checkpoints lie.
        progress: Told how far each training is.
        base: Whose body students start from; None: from nothing.
        posture: Whether nets see the means of channels; a base's body sees what it always saw.
        teaching: What trains the nets of its teachers, if not `trained`.
    """

    windows: Windows
    tasks: tuple[Task, ...]
    recipe: Recipe
    scaler: Scaler
    folder: Path
    progress: Progress
    base: SavedStudent | None = None
    posture: Posture = SEEN
    teaching: "Teaching | None" = None

    def seed(self, name: str) -> int:
        """A seed for a named piece of work: the recipe's, told apart by the name."""
        return seed_of(self.recipe, name)

    @property
    def device(self) -> Device:
        """Where its nets are trained and asked."""
        return device_of(self.recipe.device)

    def batches(self, pool: Pool, name: str, size: int) -> Batches:
        """Batches of a pool under this fold's scaler and this recipe's augmentation."""
        return Batches(*self.stock(pool, name, size))

    def stock(self, pool: Pool, name: str, size: int) -> Stock:
        """What batches of a pool are made from."""
        select = [self.windows.spec.channels.index(channel) for channel in pool.channels]
        scaler = Scaler(self.scaler.mean[select], self.scaler.scale[select])
        return (
            pool,
            self.tasks,
            scaler,
            self._augmentation,
            Draw(size, self.seed(name), self.device),
        )

    @property
    def _augmentation(self) -> AugmentationRecipe:
        """As the recipe has it; gentler turns where no gravity is seen that could change axes."""
        recipe = self.recipe.augmentation
        if self.posture.helps:
            return recipe
        return replace(recipe, rotation_deg=recipe.rotation_deg * GENTLER)


@dataclass(frozen=True)
class Training:
    """One training of a net, by name.

    Attributes:
        name: Also the name of its weights' file, and what its seed comes from.
        build: Makes the net's body and tells its number of features.
        schedule: Steps and rates.
        objective: What is minimised, for every task.
        groups: What moves, of the net.
        start: Weights to start from; fresh ones if not given.
    """

    name: str
    build: Callable[[], tuple[nn.Module, int]]
    schedule: Schedule
    objective: Objective = LABELS_ALONE
    groups: Callable[[nn.Module], list[Group]] = everything
    start: Mapping[str, Tensor] | None = None


Teaching = Callable[[Ground, Training, Callable[[int], Batch]], Net]
"""Does what `trained` does, elsewhere or by many."""


def trained(ground: Ground, training: Training, batches: Callable[[int], Batch]) -> Net:
    """The net of a training: read back if it was finished, resumed if it was interrupted."""
    net = seeded(ground, training)
    weights, steps = weights_of(ground, training), training.schedule.steps
    if weights.exists():
        net.load_state_dict(load_file(weights))
        ground.progress(training.name, steps, steps)
        return net.eval()

    def advance(step: int) -> None:
        ground.progress(training.name, step, steps)

    loss = loss_of(ground, training.objective)
    journal = Journal(weights.with_suffix(CHECKPOINT), advance)
    with ground.device.holding(net):
        try:
            fit(net, batches, loss, training.schedule, training.groups(net), journal)
        except TrainingError as error:
            raise TrainingError(f"Training '{training.name}': {error}") from error
    finish(weights, net)
    return net


def finish(weights: Path, net: Net) -> None:
    """Write what a training has learnt, and only then forget its checkpoint."""
    write_weights(weights, net.state_dict())
    weights.with_suffix(CHECKPOINT).unlink(missing_ok=True)


def weights_of(ground: Ground, training: Training) -> Path:
    """The file that a finished training leaves."""
    return ground.folder / f"{training.name}.safetensors"


def loss_of(ground: Ground, objective: Objective) -> Callable[[nn.Module, Batch], Tensor]:
    """What a training minimises, as precisely as its device does it."""

    def loss(net: nn.Module, batch: Batch) -> Tensor:
        with ground.device.mixed():
            return batch_loss(net, batch, objective)

    return loss


def seeded(ground: Ground, training: Training) -> Net:
    """The net as a training begins: first weights depend on its name and seed alone."""
    with _SEEDING, torch.random.fork_rng(devices=[]):
        torch.manual_seed(ground.seed(training.name))
        body, features = training.build()
        net = Net(body, features, ground.tasks)
    if training.start is not None:
        net.load_state_dict(dict(training.start))
    return net


def batch_loss(net: nn.Module, batch: Batch, objective: Objective) -> Tensor:
    """The mean over tasks."""
    losses = [
        objective(scores.float(), target)  # of a net in half precision too
        for scores, target in zip(net(batch.x), batch.targets, strict=True)
    ]
    return torch.stack(losses).mean()


def scores_of(net: Net, batches: Batches, numbers: np.ndarray) -> Scores:
    """Scores of windows as they are."""
    return scored(net, batches.views(numbers, INFERENCE_BATCH), batches.draw.device)


def scored(net: Net, views: Iterable[Tensor], device: Device) -> Scores:
    """Scores of scaled windows ``(batch, channel, time)``, a part at a time."""
    parts = list(_asked(net, views, device))
    return {
        task.name: np.concatenate([part[index].cpu().numpy() for part in parts])
        if parts
        else np.empty((0, task.outputs), np.float32)
        for index, task in enumerate(net.tasks)
    }


def features_of(body: nn.Module, batches: Batches, numbers: np.ndarray) -> np.ndarray:
    """``(window, feature)`` of windows as they are."""
    views = batches.views(numbers, INFERENCE_BATCH)
    return np.concatenate([part.cpu().numpy() for part in _asked(body, views, batches.draw.device)])


def _asked(net: nn.Module, views: Iterable[Tensor], device: Device) -> Iterator[Any]:
    net.eval()
    with device.holding(net), denormals_flushed(), torch.inference_mode():
        for view in views:
            yield net(view.to(device.kind))
