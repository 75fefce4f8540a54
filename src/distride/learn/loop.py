"""One training loop: it knows nothing about teachers, students or athletes.

Distillation, transfer and continued training differ in the loss and in which parameters move,
never in this file. Each step draws its batch from the step's number alone, so a run that was
killed and resumed walks through the same numbers as one that was not.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from distride.errors import TrainingError
from distride.models.weights import write_weights

B = TypeVar("B")
CHECKPOINT_EVERY_S = 20.0
WEIGHT_DECAY = 0.01
DENORMAL = 1e-39

# NumPy looks at the smallest denormal number once, on first use, and would warn to find it gone
# (see `denormals_flushed`): it looks now.
np.finfo(np.float32), np.finfo(np.float64)


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes:
        steps: Batches in all.
        learning_rate: Its peak; see `cycle`.
    """

    steps: int
    learning_rate: float


@dataclass(frozen=True)
class Group:
    """Parameters that move together, at a rate relative to the schedule's."""

    parameters: tuple[nn.Parameter, ...]
    factor: float = 1.0


@dataclass(frozen=True)
class Journal:
    """Where a training says how far it is.

    Attributes:
        checkpoint: A file to go on from if it exists, kept up to date.
        advance: Told after each step how many were made.
        keeps: Whether it is this training that writes the file, and not one beside it.
    """

    checkpoint: Path | None = None
    advance: Callable[[int], None] = lambda step: None
    keeps: bool = True


def everything(net: nn.Module) -> list[Group]:
    """All parameters at the full rate."""
    return [Group(tuple(net.parameters()))]


@contextmanager
def denormals_flushed() -> Iterator[None]:
    """Read the smallest numbers as zero while a net works: a CPU takes many times longer for them.

    Set anew for each piece of work, because the first session of onnxruntime in a process turns it
    off, and work after it would end in other last digits; and given back as it was.
    """
    before = bool((torch.tensor(DENORMAL) * 1).item() == 0)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


@denormals_flushed()
def fit(
    net: nn.Module,
    batch_at: Callable[[int], B],
    loss: Callable[[nn.Module, B], Tensor],
    schedule: Schedule,
    groups: Iterable[Group] | None = None,
    journal: Journal | None = None,
) -> None:
    """Train in place; what is in no group stays as it is, running averages included.

    Args:
        net: What is trained; left in evaluation mode.
        batch_at: The batch of a step, a function of the step's number alone.
        loss: A scalar from the net and a batch.
        schedule: Steps and rates.
        groups: What moves; all of it by default.
        journal: Checkpoint and progress; none by default.

    Raises:
        TrainingError: The loss is no longer a number.
    """
    moving = list(groups if groups is not None else everything(net))
    optimizer = _optimizer(moving, schedule)
    journal = journal or Journal()
    checkpoint = journal.checkpoint
    step = _resume(checkpoint, net, optimizer) if checkpoint else 0
    _prepare(net, moving)
    kept = checkpoint if journal.keeps else None
    saved = time.monotonic()
    while step < schedule.steps:
        for group in optimizer.param_groups:
            rate = schedule.learning_rate * cycle(step, schedule.steps)
            group["lr"] = rate * group["factor"]
        value = loss(net, batch_at(step))
        if not torch.isfinite(value):
            raise TrainingError(
                f"The loss became {value.item()} at step {step}: lower its learning_rate in the "
                f"recipe, now {schedule.learning_rate:g}."
            )
        optimizer.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        step += 1
        journal.advance(step)
        if kept and time.monotonic() - saved > CHECKPOINT_EVERY_S:
            save_checkpoint(kept, net, optimizer)
            saved = time.monotonic()
    net.eval()


def save_checkpoint(path: Path, net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Weights and optimizer, its step among it, in one file without pickle, replaced at once."""
    tensors = {f"net.{name}": value for name, value in net.state_dict().items()}
    for index, state in enumerate(_states(optimizer)):
        tensors |= {f"optimizer.{index}.{name}": value for name, value in state.items()}
    write_weights(path, tensors)


def cycle(step: int, steps: int) -> float:
    """The rate of a step relative to its peak: up over the first 15 %, down along a cosine.

    >>> [round(cycle(step, 100), 2) for step in (0, 14, 57, 99)]
    [0.07, 1.0, 0.5, 0.0]
    """
    warm = max(1, round(0.15 * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm + 1) / (steps - warm + 1)))


def _optimizer(groups: list[Group], schedule: Schedule) -> torch.optim.Optimizer:
    return torch.optim.AdamW(
        [{"params": list(group.parameters), "factor": group.factor} for group in groups],
        lr=schedule.learning_rate,
        weight_decay=WEIGHT_DECAY,
        fused=True,
    )


def _prepare(net: nn.Module, groups: list[Group]) -> None:
    """Freeze what is in no group: no gradients, and no running averages either."""
    moving = {id(parameter) for group in groups for parameter in group.parameters}
    for parameter in net.parameters():
        parameter.requires_grad_(id(parameter) in moving)
    net.train()
    for module in net.modules():
        own = list(module.parameters(recurse=False))
        if own and not any(id(parameter) in moving for parameter in own):
            module.eval()


def _resume(path: Path, net: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    if not path.exists():
        return 0
    tensors = load_file(path)
    net.load_state_dict({k[4:]: v for k, v in tensors.items() if k.startswith("net.")})
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for index, parameter in enumerate(parameters):
        prefix = f"optimizer.{index}."
        state = {k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)}
        optimizer.state[parameter] = {k: _laid_out(v, parameter) for k, v in state.items()}
    return int(optimizer.state[parameters[0]]["step"].item())


def _laid_out(value: Tensor, like: Tensor) -> Tensor:
    """Where and as the parameter is in memory: another order would sum in another order."""
    if value.shape == like.shape:
        return torch.empty_like(like).copy_(value)
    return value.to(like.device)


def _states(optimizer: torch.optim.Optimizer) -> Iterable[dict[str, Tensor]]:
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            yield optimizer.state[parameter]
