"""A source student's body for a target's channels.

The target's channels are led into the source's places, and what the source never saw starts at
zero, so that at first the body answers as if it were not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from distride.errors import RecipeError
from distride.models.representation import Triads
from distride.models.saved import SavedStudent
from distride.models.student import PER_MAP, Student
from distride.signals import placement_of, sensor_of, triads, units_of


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


def every_unit(source: SavedStudent, channels: tuple[str, ...]) -> Graft:
    """Lead each body unit of a target into the one unit that the source sees.

    A source of several units is no more general than its placements: they stand for their
    namesakes, as in `graft_of`.

    Raises:
        RecipeError: No channel of the target has a place in the source.
    """
    theirs = list(units_of(source.spec.channels))
    ours = units_of(channels) if len(theirs) == 1 else ()
    return graft_of(source, channels, tuple(f"{place}={theirs[0]}" for place in ours))


def grafted(graft: Graft) -> tuple[nn.Module, int]:
    """The source's body for the target's channels, and its number of features."""
    body, feature_count = as_wide(graft)
    own, state = body.state_dict(), graft.source.body.state_dict()
    for name, value in state.items():
        axis = PER_MAP.get(name)
        own[name] = value if axis is None else _rerouted(value, own[name], graft.map_places, axis)
    body.load_state_dict(own)
    return body, feature_count


def as_wide(graft: Graft) -> tuple[nn.Module, int]:
    """A body of the same dimensions that knows nothing of the source: its control."""
    known = graft.source.body.config
    body = Student(replace(known, channels=len(graft.places), triads=graft.triads))
    return body, body.feature_count


def _rerouted(
    value: torch.Tensor, fresh: torch.Tensor, places: tuple[int, ...], axis: int
) -> torch.Tensor:
    """A tensor with one slice a map and copy, its slices where the target's maps are.

    New maps keep the fresh statistics, but weigh nothing; maps that share a slice share its weight,
    so that devices which move alike are answered as one.
    """
    both = np.arange(2)[:, None]  # the maps come twice: as they are, and normalised
    count = value.shape[axis] // 2
    there = np.array(places)
    source = torch.from_numpy((both * count + np.maximum(there, 0)).ravel())
    shape = [-1 if one == axis else 1 for one in range(value.dim())]
    known = torch.from_numpy(np.tile(there >= 0, 2)).view(shape)
    led = value.index_select(axis, source)
    if value.dim() == 1:
        return torch.where(known, led, fresh)
    sharing = torch.bincount(source[known.ravel()], minlength=value.shape[axis])[source]
    return torch.where(known, led / sharing.clamp(min=1).view(shape), torch.zeros_like(fresh))


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
    theirs, ours = list(units_of(source)), list(units_of(target))
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
