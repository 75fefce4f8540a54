"""A body with one linear head a task: the shape of everything that is trained here."""

import warnings
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

T = TypeVar("T", np.ndarray, Tensor)


@dataclass(frozen=True)
class Task:
    """What one head predicts.

    Attributes:
        name: The column it is read from.
        labels: Class names in the order of the outputs; empty for a regression.
        mean: Of a regression's values in training, so that a head learns numbers about zero.
        scale: Their standard deviation.
        unit: Of its values; empty where nobody says.
    """

    name: str
    labels: tuple[str, ...] = ()
    mean: float = 0.0
    scale: float = 1.0
    unit: str = ""

    @property
    def outputs(self) -> int:
        """Width of the head."""
        return len(self.labels) or 1

    def in_unit(self, values: T) -> T:
        """A regression's values as a net learns them, in the task's unit.

        >>> Task("heart_rate", mean=100.0, scale=20.0, unit="bpm").in_unit(np.array([0.5])).tolist()
        [110.0]
        """
        return values * self.scale + self.mean

    def standard(self, values: T) -> T:
        """A regression's values in the task's unit, as a net learns them."""
        return (values - self.mean) / self.scale


class Net(nn.Module):
    """Scaled windows ``(batch, channel, time)`` to scores ``(batch, output)``, task by task."""

    def __init__(self, body: nn.Module, feature_count: int, tasks: tuple[Task, ...]) -> None:
        super().__init__()
        self.body = body.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.tasks = tasks
        self.heads = nn.ModuleList([nn.Linear(feature_count, task.outputs) for task in tasks])

    def forward(self, x: Tensor) -> list[Tensor]:
        """Scores in the order of the tasks."""
        features = self.body(x)
        return [head(features) for head in self.heads]


def parameter_count(module: nn.Module) -> int:
    """Numbers that training may change."""
    return sum(parameter.numel() for parameter in module.parameters())


def flops_per_window(module: nn.Module, channels: int, samples: int) -> int:
    """Floating-point operations of one forward pass, two for each multiply-add."""
    module.eval()
    counter = FlopCounterMode(display=False)
    # The fused LSTM kernel hides its multiplications from the counter.
    with warnings.catch_warnings(), torch.no_grad():
        warnings.filterwarnings("ignore", "TF32 acceleration on top of oneDNN")
        with torch.backends.mkldnn.flags(enabled=False), counter:
            module(torch.zeros(1, channels, samples))
    return int(counter.get_total_flops())
