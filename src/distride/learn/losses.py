"""What training minimises: pure functions of scores and targets."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Target:
    """What is known of one task for a batch.

    Attributes:
        truth: ``(batch, output)``: a distribution over classes, or ``(batch, 1)`` values.
        known: ``(batch,)``: 1 where the truth is labelled, 0 where it is not.
        teacher: ``(batch, output)`` scores of a teacher; None where there is none, a row of NaN
            where it has no opinion.
    """

    truth: Tensor
    known: Tensor
    teacher: Tensor | None = None

    def to(self, kind: str) -> "Target":
        """The same on a kind of device."""
        told = None if self.teacher is None else self.teacher.to(kind)
        return Target(self.truth.to(kind), self.known.to(kind), told)


@dataclass(frozen=True)
class Objective:
    """``T²·KL(teacher, student)`` where a teacher speaks, else ``H(truth, student)``.

    In a batch that gives the teacher a share α of its windows their mean is Hinton's
    ``α·T²·KL + (1 − α)·H`` (2015, arXiv 1503.02531).

    Attributes:
        temperature: T; the factor T² keeps the gradient's size when it changes.
        smoothing: Share of the truth spread evenly over all classes (label smoothing).
    """

    temperature: float = 1.0
    smoothing: float = 0.0

    def __call__(self, scores: Tensor, target: Target) -> Tensor:
        """The loss of one task, a scalar."""
        if scores.shape[1] == 1:
            label = F.huber_loss(scores, target.truth, reduction="none")[:, 0]
        else:
            truth = target.truth * (1 - self.smoothing) + self.smoothing / scores.shape[1]
            label = -(truth * F.log_softmax(scores, dim=1)).sum(dim=1)
        if target.teacher is None:
            return (label * target.known).sum() / target.known.sum().clamp(min=1.0)
        heard = torch.isfinite(target.teacher).all(dim=1)
        soft = self._soft(scores, target.teacher.nan_to_num(0.0))
        return torch.where(heard, soft, target.known * label).mean()

    def _soft(self, scores: Tensor, teacher: Tensor) -> Tensor:
        if scores.shape[1] == 1:
            return F.huber_loss(scores, teacher, reduction="none")[:, 0]
        return distillation_loss(scores, teacher, self.temperature)


def distillation_loss(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """``T²·KL(softmax(teacher/T) ‖ softmax(student/T))`` of each window, ``(batch,)``."""
    log_student = F.log_softmax(student / temperature, dim=1)
    log_teacher = F.log_softmax(teacher / temperature, dim=1)
    divergence = (log_teacher.exp() * (log_teacher - log_student)).sum(dim=1)
    return temperature**2 * divergence
