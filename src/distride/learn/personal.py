"""What an athlete's own windows bring: curves over the number of windows, with their controls."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from distride.config import PersonalizationRecipe
from distride.data import OwnSplit, blocks_of, shots_of
from distride.heads import GuardVerdict, Head, guarded, personalize
from distride.learn.loop import denormals_flushed
from distride.learn.metrics import macro_f1

FINETUNE_RATE = 1e-3


@dataclass(frozen=True)
class Own:
    """An athlete's labelled windows as a head sees them.

    Attributes:
        x: ``(window, channel, time)``, scaled; what full fine-tuning needs.
        features: ``(window, feature)``.
        classes: ``(window,)`` numbers.
        split: Which may calibrate and which test.
        recording: ``(window,)`` number of the recording, in the order of time.
        start: ``(window,)`` from the recording's start, in lengths of a window.
    """

    x: torch.Tensor
    features: np.ndarray
    classes: np.ndarray
    split: OwnSplit
    recording: np.ndarray
    start: np.ndarray


@dataclass(frozen=True)
class Curves:
    """Macro-F1 on an athlete's later windows, one value for each number of shots.

    Attributes:
        student: With the athlete's own windows.
        placebo: With as many of somebody else's.
        guarded: With the athlete's own, where the guard let them through.
        full_finetune: The whole net trained on them.
        live: Whether the guard let them through.
        milliseconds: Of one personalisation in closed form.
        finetune_milliseconds: Of one full fine-tuning.
    """

    student: list[float]
    placebo: list[float]
    guarded: list[float]
    full_finetune: list[float]
    live: list[bool]
    milliseconds: float
    finetune_milliseconds: float


def curves(
    head: Head, body: nn.Module, own: Own, other: Own, recipe: PersonalizationRecipe, seed: int
) -> Curves:
    """Personalise with 0, 1, 3 … windows a class and test on later ones.

    Args:
        head: The shared one.
        body: Where the features come from; it is copied before it is fine-tuned.
        own: The athlete's windows.
        other: Somebody else's: the placebo.
        recipe: Shots, weight, steps.
        seed: Of the draw of windows.
    """
    found = Curves([], [], [], [], [], 0.0, 0.0)
    spent, spent_tuning = [], []
    for shots in recipe.shots:
        mine = shots_of(own.classes, own.split.calibration, shots, seed)
        theirs = shots_of(other.classes, other.split.calibration, shots, seed)
        started = time.perf_counter()
        own_head = personal(head, own, mine, recipe.weight)
        spent.append(time.perf_counter() - started)
        found.student.append(f1_of(own_head, own))
        found.placebo.append(f1_of(personal(head, other, theirs, recipe.weight), own))
        judged = verdict(head, own, mine, recipe.weight)
        found.live.append(judged is not None and judged.live)
        found.guarded.append(f1_of(head if judged is None else judged.head, own))
        started = time.perf_counter()
        tuned = finetuned(head, body, own, mine, recipe.finetune_steps)
        spent_tuning.append(time.perf_counter() - started)
        found.full_finetune.append(
            f1_of_answers(tuned(own.x[own.split.test]), own, len(head.labels))
        )
    return Curves(
        found.student,
        found.placebo,
        found.guarded,
        found.full_finetune,
        found.live,
        1e3 * float(np.median(spent[1:] or spent)),
        1e3 * float(np.median(spent_tuning[1:] or spent_tuning)),
    )


def _names(head: Head, classes: np.ndarray) -> np.ndarray:
    return np.asarray(np.array(head.labels, dtype=object)[classes])


def personal(head: Head, own: Own, rows: np.ndarray, weight: float) -> Head:
    """The head that somebody's windows make of the shared one, guarded by nothing."""
    if len(rows) == 0:
        return head
    return personalize(head, own.features[rows], _names(head, own.classes[rows]), weight)


def verdict(head: Head, own: Own, rows: np.ndarray, weight: float) -> GuardVerdict | None:
    """What the guard says of these windows; None without any."""
    if len(rows) == 0:
        return None
    blocks = blocks_of(own.classes[rows], own.recording[rows], own.start[rows], 1.0)
    names = _names(head, own.classes[rows])
    return guarded(head, own.features[rows], names, blocks.groups, weight, blocks.near)


def f1_of(head: Head, own: Own) -> float:
    """Macro-F1 on the athlete's later windows."""
    answers = head.scores(own.features[own.split.test]).argmax(axis=1)
    return f1_of_answers(answers, own, len(head.labels))


def f1_of_answers(answers: np.ndarray, own: Own, classes: int) -> float:
    """Macro-F1 of class numbers that somebody gave the athlete's later windows."""
    return macro_f1(own.classes[own.split.test], answers, classes)


@denormals_flushed()
def finetuned(
    head: Head, body: nn.Module, own: Own, rows: np.ndarray, steps: int
) -> Callable[[torch.Tensor], np.ndarray]:
    """Train body and head on a few windows by gradient descent: the slow peer.

    Returns:
        What gives scaled windows ``(window, channel, time)`` their class numbers.
    """
    tuned = copy.deepcopy(body).eval()  # eval: a few windows would spoil the batch statistics
    weight = nn.Parameter(torch.from_numpy(head.weight / head.temperature))
    bias = nn.Parameter(torch.from_numpy(head.bias / head.temperature))
    optimizer = torch.optim.AdamW([*tuned.parameters(), weight, bias], FINETUNE_RATE)
    x, classes = own.x[rows], torch.from_numpy(own.classes[rows])
    with torch.enable_grad():
        for _ in range(steps if len(rows) else 0):
            optimizer.zero_grad()
            loss = F.cross_entropy(F.linear(tuned(x), weight, bias), classes)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()

    def answers(x: torch.Tensor) -> np.ndarray:
        with denormals_flushed(), torch.inference_mode():
            return F.linear(tuned(x), weight, bias).argmax(dim=1).numpy()

    return answers
