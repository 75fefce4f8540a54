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


@dataclass(frozen=True)
class Objective:
    """``α·T²·KL(teacher, student) + (1 − α)·H(truth, student)`` (Hinton et al. 2015, 1503.02531).

    Attributes:
        alpha: Weight of the teacher beside a label; where there is none it speaks alone.
        temperature: T; the factor T² keeps the gradient's size when it changes.
        smoothing: Share of the truth spread evenly over all classes (label smoothing).
    """

    alpha: float = 0.0
    temperature: float = 1.0
    smoothing: float = 0.0

    def __call__(self, scores: Tensor, target: Target) -> Tensor:
        """The loss of one task, a scalar."""
        if scores.shape[1] == 1:
            return self._regression(scores, target)
        truth = target.truth * (1 - self.smoothing) + self.smoothing / scores.shape[1]
        label = -(truth * F.log_softmax(scores, dim=1)).sum(dim=1)
        if target.teacher is None:
            return _mean(label, target.known)
        soft = distillation_loss(scores, target.teacher.nan_to_num(0.0), self.temperature)
        return self._joined(label, soft, target.known, target.teacher)

    def _regression(self, scores: Tensor, target: Target) -> Tensor:
        """Huber on the truth, and on the teacher's value where there is one."""
        label = F.huber_loss(scores, target.truth, reduction="none")[:, 0]
        if target.teacher is None:
            return _mean(label, target.known)
        soft = F.huber_loss(scores, target.teacher.nan_to_num(0.0), reduction="none")[:, 0]
        return self._joined(label, soft, target.known, target.teacher)

    def _joined(self, label: Tensor, soft: Tensor, known: Tensor, teacher: Tensor) -> Tensor:
        """The mean of both losses, each counted where there is something to learn from."""
        heard = torch.isfinite(teacher).all(dim=1)
        weight = torch.where(known > 0, self.alpha, 1.0) * heard
        return (weight * soft + (1 - weight) * known * label).mean()


def distillation_loss(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """``T²·KL(softmax(teacher/T) ‖ softmax(student/T))`` of each window, ``(batch,)``."""
    log_student = F.log_softmax(student / temperature, dim=1)
    log_teacher = F.log_softmax(teacher / temperature, dim=1)
    divergence = (log_teacher.exp() * (log_teacher - log_student)).sum(dim=1)
    return temperature**2 * divergence


def _mean(losses: Tensor, known: Tensor) -> Tensor:
    return (losses * known).sum() / known.sum().clamp(min=1.0)
