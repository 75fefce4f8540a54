"""Teachers: a convolutional LSTM, a wide convolutional net, and their ensemble.

Members that err differently teach more together than alone; an LSTM by itself does not beat
classic peers on unseen athletes, so what a member adds is measured, not assumed.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from distride.models.representation import Representation, Triads
from distride.models.student import Student, StudentConfig


class ConvLSTM(nn.Module):
    """Convolutions shorten the window fourfold, a bidirectional LSTM reads it, summaries leave."""

    def __init__(
        self, channels: int, width: int, triads: Triads = (), posture: bool = True
    ) -> None:
        super().__init__()
        doubled = 2 * (channels + len(triads))
        self.represent = Representation(triads, posture)
        self.convolve = nn.Sequential(
            nn.Conv1d(doubled, width, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(),
        )
        self.lstm = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.size = nn.Sequential(nn.BatchNorm1d(doubled), nn.Linear(doubled, width), nn.ReLU())
        self.feature_count = 5 * width

    def forward(self, x: Tensor) -> Tensor:
        """Features ``(batch, feature)`` of windows ``(batch, channel, time)``."""
        copies, sizes = self.represent(x)
        maps = self.convolve(copies).transpose(1, 2)  # (batch, time / 4, width)
        states, _ = self.lstm(maps)  # (batch, time / 4, 2·width)
        return torch.cat([states.mean(dim=1), states.amax(dim=1), self.size(sizes)], dim=1)


def wide_cnn(channels: int, width: int, triads: Triads = (), posture: bool = True) -> Student:
    """The student's own kind, twice as wide as the LSTM's."""
    return Student(StudentConfig(channels, 2 * width, triads, posture))


MEMBERS: dict[str, Callable[..., nn.Module]] = {"conv_lstm": ConvLSTM, "wide_cnn": wide_cnn}
