"""What a network sees of a window: its shape and its size, apart, however the device is turned.

A network on globally scaled signals is blind to small, telling movement; one on normalised
signals is blind to effort and posture. So each channel goes in twice, as it is and normalised by
its own window, and its mean and log-deviation travel beside. And a device sits a little turned on
everybody: the length of each sensor's vector, which no turning changes, is a channel of its own.
"""

import torch
from torch import Tensor, nn

Triads = tuple[tuple[int, int, int], ...]

DEVIATION_FLOOR = 0.02  # in units of the training deviation: below it lies sensor noise
LENGTH_FLOOR = 1e-3  # keeps the root's slope finite where a sensor is absent


class Representation(nn.Module):
    """``(batch, channel, time)`` to copies ``(batch, 2·map, time)`` and as many sizes.

    The maps are the channels, then the length of each triad.

    Args:
        triads: Positions of each sensor's x, y and z.
        posture: Whether the mean of each channel is seen: of an accelerometer it is mostly gravity,
            which tells how the body is held, but also how the device was put on.
    """

    def __init__(self, triads: Triads = (), posture: bool = True) -> None:
        super().__init__()
        self.triads = triads
        self.posture = posture

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Normalise each window by itself and keep what that takes away."""
        if not self.posture:
            x = _centred(x)
        if self.triads:
            x = torch.cat([x, self._lengths(x)], dim=1)
        mean = x.mean(dim=2, keepdim=True)  # (batch, map, 1)
        centred = _centred(_centred(x))  # one mean's rounding is as large as a still window
        deviation = torch.sqrt((centred * centred).mean(dim=2, keepdim=True) + DEVIATION_FLOOR**2)
        copies = torch.cat([x, centred / deviation], dim=1)
        sizes = torch.cat([mean, torch.log(deviation)], dim=1).squeeze(2)
        return copies, sizes

    def _lengths(self, x: Tensor) -> Tensor:
        """``(batch, triad, time)``."""
        squares = x * x
        sums = [squares[:, i] + squares[:, j] + squares[:, k] for i, j, k in self.triads]
        return torch.sqrt(torch.stack(sums, dim=1) + LENGTH_FLOOR**2)


def _centred(x: Tensor) -> Tensor:
    return x - x.mean(dim=2, keepdim=True)
