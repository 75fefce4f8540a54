"""From a source domain to a target domain: another sport, placement, channel set or set of labels.

The target's channels are led into the source's places, and what the source never saw starts at
zero, so that at first the body answers as if it were not there. Then, from frugal to thorough:

- ``frozen``: the body stays as it is, and a new head is fitted in closed form;
- ``gradual``: layers thaw one by one from the top, lower ones at lower rates (Howard and Ruder
  2018, "Universal language model fine-tuning", arXiv 1801.06146, 3.2 and 3.3);
- ``full``: everything moves from the first step;
- ``scratch``: the control that knows nothing of the source.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import torch
from torch import nn

from distride.config import TransferRecipe
from distride.errors import RecipeError
from distride.heads import fit_head, one_hot, with_one
from distride.learn.batches import Pool
from distride.learn.distill import ALONE, student
from distride.learn.ground import Ground, Training, seeded, trained
from distride.learn.loop import Group, Schedule, everything
from distride.learn.shared import RIDGE, known_features
from distride.models.net import Net
from distride.models.representation import Triads
from distride.models.saved import SavedStudent
from distride.models.student import PER_MAP, Student, StudentConfig
from distride.signals import placement_of, sensor_of, triads

Mode = Literal["frozen", "gradual", "full", "scratch"]
MODES: tuple[Mode, ...] = ("frozen", "gradual", "full", "scratch")


@dataclass(frozen=True)
class Graft:
    """A source student and how a target's channels are led into it.

    Attributes:
        source: The student.
        places: ``(target channel,)``: position of the source's channel, -1 for a new one.
        triads: Of the target: positions of each sensor's x, y and z.
    """

    source: SavedStudent
    places: tuple[int, ...]
    triads: Triads

    @property
    def map_places(self) -> tuple[int, ...]:
        """Places of the channels, then of the lengths of triads, among the source's maps."""
        known = self.source.body.config
        lengths = {triad: known.channels + number for number, triad in enumerate(known.triads)}
        return self.places + tuple(
            lengths.get((self.places[x], self.places[y], self.places[z]), -1)
            for x, y, z in self.triads
        )


def graft_of(
    source: SavedStudent, channels: tuple[str, ...], placements: tuple[str, ...] = ()
) -> Graft:
    """Lead each channel of a target into the source's channel of the same sensor and axis.

    Args:
        source: A trained student.
        channels: The target's.
        placements: ``TARGET=SOURCE``: which of the target's placements stands for which of the
            source's; one that is not named stands for its namesake, or for the first that nobody
            else claims.

    Raises:
        RecipeError: No channel of the target has a place in the source.
    """
    pairs = _placements(source.spec.channels, channels, _named(placements))
    where = {name: number for number, name in enumerate(source.spec.channels)}
    places = tuple(where.get(_translated(name, pairs), -1) for name in channels)
    if max(places) < 0:
        raise RecipeError(
            f"None of the channels {list(channels)} has a place in the student of '{source.name}', "
            f"which sees {list(source.spec.channels)}: transfer needs a sensor in common."
        )
    return Graft(source, places, triads(channels))


def grafted(graft: Graft) -> tuple[nn.Module, int]:
    """The source's body for the target's channels, and its number of features."""
    source = graft.source.body
    body = Student(StudentConfig(len(graft.places), source.config.width, graft.triads))
    own, state = body.state_dict(), source.state_dict()
    for name, value in state.items():
        axis = PER_MAP.get(name)
        own[name] = value if axis is None else _rerouted(value, own[name], graft.map_places, axis)
    body.load_state_dict(own)
    return body, body.feature_count


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
    if mode == "frozen":
        _fit_heads(ground, net, pool)
    for number, stage in enumerate(_stages(mode, recipe)):
        training = Training(
            f"{name}-{number}",
            build,
            Schedule(max(1, stage.seen // ground.recipe.student.batch_size), stage.rate),
            groups=stage.groups,
            start={key: value.clone() for key, value in net.state_dict().items()},
        )
        batches = ground.batches(pool, training.name, ground.recipe.student.batch_size)
        net = trained(ground, training, batches)
    return net


def _fit_heads(ground: Ground, net: Net, pool: Pool) -> None:
    """New heads on the body as it is, in closed form."""
    for task, linear in zip(ground.tasks, net.heads, strict=True):
        assert isinstance(linear, nn.Linear)
        features, truth = known_features(ground, net.body, pool, task)
        targets = (truth[:, None] - task.mean) / task.scale
        if task.labels:
            targets = one_hot(truth, task.outputs)
        ridge = RIDGE * float((with_one(features) ** 2).sum(axis=0).mean())
        head = fit_head(features, targets, None, ridge, task.labels, task.name)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(head.weight))
            linear.bias.copy_(torch.from_numpy(head.bias))


@dataclass(frozen=True)
class _Stage:
    """What moves, for how many windows, at which rate."""

    groups: Callable[[nn.Module], list[Group]]
    seen: int
    rate: float


def _stages(mode: Mode, recipe: TransferRecipe) -> list[_Stage]:
    if mode == "frozen":
        return []
    stages = [_Stage(everything, recipe.windows_seen, recipe.learning_rate)]
    if mode == "gradual":
        depths = range(recipe.thaw_layers + 1)
        seen = recipe.windows_seen // len(depths)
        stages = [
            _Stage(
                partial(thawed, layers=layers, factor=recipe.layer_factor),
                seen,
                recipe.learning_rate,
            )
            for layers in depths
        ]
    if recipe.continued_windows:
        stages.append(_Stage(everything, recipe.continued_windows, recipe.learning_rate / 10))
    return stages


def _rerouted(
    value: torch.Tensor, fresh: torch.Tensor, places: tuple[int, ...], axis: int
) -> torch.Tensor:
    """A tensor with one slice a map and copy, its slices where the target's maps are.

    New maps keep the fresh statistics, but weigh nothing.
    """
    both = np.arange(2)[:, None]  # the maps come twice: as they are, and normalised
    count = value.shape[axis] // 2
    there = np.array(places)
    source = torch.from_numpy((both * count + np.maximum(there, 0)).ravel())
    known = torch.from_numpy(np.tile(there >= 0, 2))
    shape = [-1 if one == axis else 1 for one in range(value.dim())]
    blank = fresh if value.dim() == 1 else torch.zeros_like(fresh)
    return torch.where(known.view(shape), value.index_select(axis, source), blank)


def _translated(channel: str, pairs: Mapping[str, str]) -> str:
    place = placement_of(channel)
    if place not in pairs or sensor_of(channel) == channel:  # a heart rate has no placement
        return channel
    rest = channel.removeprefix(f"{place}_") if place else channel
    return f"{pairs[place]}_{rest}" if pairs[place] else rest


def _named(placements: tuple[str, ...]) -> dict[str, str]:
    return {target: source for target, _, source in (pair.partition("=") for pair in placements)}


def _placements(
    source: tuple[str, ...], target: tuple[str, ...], named: dict[str, str]
) -> dict[str, str]:
    """By placement of the target, the source's placement it stands for."""
    theirs, ours = _places(source), _places(target)
    for ours_named, theirs_named in named.items():
        if ours_named not in ours or theirs_named not in theirs:
            raise RecipeError(
                f"The placement '{ours_named}' cannot stand for '{theirs_named}': the target has "
                f"{ours}, the source has {theirs}."
            )
    pairs = {place: place for place in ours if place in theirs} | named
    for place in ours:
        free = [one for one in theirs if one not in pairs.values()]
        if place not in pairs and free:
            pairs[place] = free[0]
    return pairs


def _places(channels: tuple[str, ...]) -> list[str]:
    motion = [name for name in channels if sensor_of(name) != name]
    return list(dict.fromkeys(placement_of(name) for name in motion))
