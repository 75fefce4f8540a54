"""What a network sees of a window: its shape and its size, apart.

A network on globally scaled signals is blind to small, telling movement; one on normalised
signals is blind to effort and posture. So each channel goes in twice, as it is and normalised by
its own window, and its mean and log-deviation travel beside.
"""

import torch
from torch import Tensor, nn

DEVIATION_FLOOR = 0.02  # in units of the training deviation: below it lies sensor noise


class Representation(nn.Module):
    """``(batch, channel, time)`` to copies ``(batch, 2·channel, time)`` and as many sizes."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Normalise each window by itself and keep what that takes away."""
        mean = x.mean(dim=2, keepdim=True)  # (batch, channel, 1)
        centred = x - mean
        deviation = torch.sqrt((centred * centred).mean(dim=2, keepdim=True) + DEVIATION_FLOOR**2)
        copies = torch.cat([x, centred / deviation], dim=1)
        sizes = torch.cat([mean, torch.log(deviation)], dim=1).squeeze(2)
        return copies, sizes
