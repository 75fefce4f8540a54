"""From a source domain to a target domain: another sport, placement, channel set or set of labels.

The source's body is grafted onto the target's channels (`graft`) under a new head in closed form:
under a random one, features would be bent before they are used (Kumar et al. 2022, "Fine-tuning can
distort pretrained features", arXiv 2202.10054). Then, from frugal to thorough:

- ``frozen``: the body stays as it is;
- ``gradual``: layers thaw one by one from the top, lower ones at lower rates (Howard and Ruder
  2018, "Universal language model fine-tuning", arXiv 1801.06146, 3.2 and 3.3);
- ``full``: everything moves from the first step;
- ``scratch``: the control that knows nothing of the source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import torch
from torch import nn

from distride.config import TransferRecipe
from distride.heads import fit_head, fit_temperature, one_hot, with_one
from distride.learn.batches import Pool
from distride.learn.distill import ALONE, student
from distride.learn.fold import CAUTION
from distride.learn.graft import Graft, grafted
from distride.learn.ground import Ground, Training, seeded, trained
from distride.learn.loop import Group, Schedule, everything
from distride.learn.shared import RIDGE, known_features
from distride.models.net import Net
from distride.models.student import Student

Mode = Literal["frozen", "gradual", "full", "scratch"]
MODES: tuple[Mode, ...] = ("frozen", "gradual", "full", "scratch")


def layers_of(body: Student) -> list[list[nn.Parameter]]:
    """Parameters of a body's layers, from the input up."""
    bottom = [body.stem, body.stem_norm, body.size]
    stacks: list[list[nn.Module]] = [bottom, *[[block] for block in body.blocks], [body.positive]]
    return [[p for module in stack for p in module.parameters()] for stack in stacks]


def thawed(net: nn.Module, layers: int, factor: float) -> list[Group]:
    """The heads and so many of the body's uppermost layers, each slower than the one above.

    Args:
        net: A `Net` on a `Student`.
        layers: How many layers of the body move; 0 leaves it frozen.
        factor: By how much a layer's rate is below that of the one above.
    """
    assert isinstance(net, Net)
    assert isinstance(net.body, Student)
    groups = [Group(tuple(net.heads.parameters()))]
    upper = layers_of(net.body)[::-1][:layers]
    return groups + [
        Group(tuple(layer), factor ** -(depth + 1)) for depth, layer in enumerate(upper)
    ]


@dataclass(frozen=True)
class Stage:
    """What moves, for how many windows, at which rate."""

    groups: Callable[[nn.Module], list[Group]]
    seen: int
    rate: float


@dataclass(frozen=True)
class Course:
    """Stages of training, one after the other.

    Attributes:
        name: Of the trainings; also of their files.
        build: Makes a net's body and tells its number of features.
        stages: In their order; none leaves the net as it is.
        start: The net whose weights the first starts from.
    """

    name: str
    build: Callable[[], tuple[nn.Module, int]]
    stages: list[Stage]
    start: Net


def transferred(ground: Ground, graft: Graft, mode: Mode, name: str, pool: Pool) -> Net:
    """A net for the target that started from the source, under a name of its own.

    Args:
        ground: The target fold's.
        graft: The source.
        mode: How much of it may move.
        name: Of the training; also of its files.
        pool: Labelled windows of the target's training athletes.
    """
    if mode == "scratch":
        return student(ground, name, ALONE, pool)
    recipe = ground.recipe.transfer
    build = partial(grafted, graft)
    net = seeded(ground, Training(name, build, Schedule(1, recipe.learning_rate))).eval()
    _fit_heads(ground, net, pool)
    return through(ground, Course(name, build, stages_of(mode, recipe), net), pool)


def through(ground: Ground, course: Course, pool: Pool) -> Net:
    """The net at the end of a course; stages that were finished before are read back."""
    net, size = course.start, ground.recipe.student.batch_size
    for number, stage in enumerate(course.stages):
        training = Training(
            f"{course.name}-{number}",
            course.build,
            Schedule(max(1, stage.seen // size), stage.rate),
            groups=stage.groups,
            start={key: value.clone() for key, value in net.state_dict().items()},
        )
        net = trained(ground, training, ground.batches(pool, training.name, size))
    return net


def _fit_heads(ground: Ground, net: Net, pool: Pool) -> None:
    """New heads on the body as it is, in closed form."""
    for task, linear in zip(ground.tasks, net.heads, strict=True):
        assert isinstance(linear, nn.Linear)
        if not pool.known(task).any():
            continue  # nobody of these tells of it
        features, truth = known_features(ground, net.body, pool, task)
        targets = one_hot(truth, task.outputs) if task.labels else task.standard(truth[:, None])
        ridge = RIDGE * float((with_one(features) ** 2).sum(axis=0).mean())
        head = fit_head(features, targets, None, ridge, task.labels, task.name)
        # Least squares tells 0 to 1, which a softmax would read as hardly sure of anything.
        people = len(np.unique(pool.athlete[pool.known(task)]))
        sure = fit_temperature(head.scores(features), truth, CAUTION / people) if task.labels else 1
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(head.weight / sure))
            linear.bias.copy_(torch.from_numpy(head.bias / sure))


def stages_of(mode: Mode, recipe: TransferRecipe) -> list[Stage]:
    """A mode's stages; none for a frozen body."""
    if mode == "frozen":
        return []
    stages = [Stage(everything, recipe.windows_seen, recipe.learning_rate)]
    if mode == "gradual":
        depths = range(recipe.thaw_layers + 1)
        seen = recipe.windows_seen // len(depths)
        stages = [
            Stage(
                partial(thawed, layers=layers, factor=recipe.layer_factor),
                seen,
                recipe.learning_rate,
            )
            for layers in depths
        ]
    if recipe.continued_windows:
        stages.append(Stage(everything, recipe.continued_windows, recipe.learning_rate / 10))
    return stages
