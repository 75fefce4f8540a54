"""The student: a small convolutional body for phones and wearables.

One wide mixing layer that halves the rate, then residual blocks of dilated depthwise and pointwise
convolutions, then three summaries over time of each map: its mean, its maximum, and softly the
proportion of time it is positive (the pooling that makes MiniRocket strong; Dempster et al. 2021,
arXiv 2012.08791).

Convolutions are written in two dimensions with a height of one: with the channels last in memory
they train several times faster on a CPU than `Conv1d`, above all when dilated.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from distride.errors import TrainingError
from distride.models.representation import Representation, Triads

BUDGETS = {"small": 10_000, "medium": 50_000, "large": 150_000}
WIDEST = 128
DILATIONS = (1, 2, 4)
KERNEL = 5

# Parameters that hold one slice for each input map and its normalised copy, and along which axis.
PER_MAP = {
    "stem.weight": 1,
    "size.0.weight": 0,
    "size.0.bias": 0,
    "size.0.running_mean": 0,
    "size.0.running_var": 0,
    "size.1.weight": 1,
}


@dataclass(frozen=True)
class StudentConfig:
    """What rebuilds a student; saved with its weights.

    Attributes:
        channels: Input channels.
        width: Maps in each layer.
        triads: Positions of each sensor's x, y and z among the channels.
        posture: Whether the mean of each channel is seen; see `Representation`.
    """

    channels: int
    width: int
    triads: Triads = ()
    posture: bool = True

    @property
    def inputs(self) -> int:
        """Maps that the representation gives: channels and lengths of triads."""
        return self.channels + len(self.triads)


class Block(nn.Module):
    """Depthwise in time, pointwise across maps, added to what came in."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.depthwise = _depthwise(width, dilation)
        self.pointwise = _convolution(width, width, 1)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape ``(batch, map, 1, time)``."""
        return torch.relu_(self.norm(self.pointwise(self.depthwise(x))).add_(x))


class Student(nn.Module):
    """Windows ``(batch, channel, time)``, scaled, to features ``(batch, feature)``."""

    def __init__(self, config: StudentConfig) -> None:
        super().__init__()
        self.config = config
        width, doubled = config.width, 2 * config.inputs
        self.represent = Representation(config.triads, config.posture)
        self.stem = _convolution(doubled, width, KERNEL, stride=2)
        self.stem_norm = nn.BatchNorm2d(width)
        self.blocks = nn.Sequential(*[Block(width, dilation) for dilation in DILATIONS])
        self.positive = nn.Conv2d(width, width, 1)
        self.size = nn.Sequential(nn.BatchNorm1d(doubled), nn.Linear(doubled, width), nn.ReLU())
        self.feature_count = 4 * width

    def forward(self, x: Tensor) -> Tensor:
        """Features of each window."""
        copies, sizes = self.represent(x)
        maps = torch.relu_(self.stem_norm(self.stem(copies.unsqueeze(2))))
        maps = self.blocks(maps)  # (batch, width, 1, time / 2)
        share = torch.sigmoid_(self.positive(maps))  # soft proportion of positives
        whole = (1, maps.shape[-1])
        most = F.max_pool2d(maps, whole, whole).flatten(1)  # cheaper to train than amax
        pooled = [maps.mean(dim=(2, 3)), most, share.mean(dim=(2, 3))]
        return torch.cat([*pooled, self.size(sizes)], dim=1)


def student_for(
    size: str, channels: int, outputs: int, triads: Triads = (), posture: bool = True
) -> Student:
    """The widest student whose body and heads stay within a size's budget of parameters.

    Args:
        size: "small" (10 k), "medium" (50 k) or "large" (150 k).
        channels: Input channels.
        outputs: Outputs of all heads together.
        triads: Positions of each sensor's x, y and z among the channels.
        posture: Whether the mean of each channel is seen.

    Raises:
        TrainingError: Even the narrowest student would not fit.
    """
    for width in range(WIDEST, 3, -4):
        config = StudentConfig(channels, width, triads, posture)
        if _parameters(config, outputs) <= BUDGETS[size]:
            return Student(config)
    raise TrainingError(
        f"No student of size '{size}' fits {channels} channels and {outputs} outputs: "
        "choose a larger size or fewer channels."
    )


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    """Over time only, all maps mixed."""
    padding = (0, kernel // 2)
    return nn.Conv2d(inputs, outputs, (1, kernel), (1, stride), padding, bias=False)


def _depthwise(width: int, dilation: int) -> nn.Conv2d:
    """Over time only, each map by itself."""
    return nn.Conv2d(
        width,
        width,
        (1, KERNEL),
        padding=(0, dilation * (KERNEL // 2)),
        dilation=(1, dilation),
        groups=width,
        bias=False,
    )


def _parameters(config: StudentConfig, outputs: int) -> int:
    width, doubled = config.width, 2 * config.inputs
    stem = doubled * width * KERNEL + 2 * width
    blocks = len(DILATIONS) * (width * KERNEL + width * width + 2 * width)
    pooling = width * width + width
    size = 2 * doubled + doubled * width + width
    return stem + blocks + pooling + size + (4 * width + 1) * outputs
