"""Bundles around students as they are before training, whose cost is that of trained ones."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from distride.bundle import Body, Distillation, Manifest, Scaling, Signals, TaskCard, Training
from distride.bundle.export import write_bundle
from distride.bundle.quantise import Compared
from distride.config import Size
from distride.heads import fit_head, one_hot
from distride.models.net import parameter_count
from distride.models.student import Student, student_for
from distride.runs.bundling import versions
from distride.signals import Scaler, triads


def write_untrained(
    path: Path,
    size: Size,
    signals: Signals,
    scaler: Scaler,
    shown: tuple[np.ndarray, Sequence[str]],
) -> Student:
    """Write a bundle, its head fitted on some windows; give its body.

    Args:
        path: Of the bundle.
        size: Of the student.
        signals: What it sees.
        scaler: Of the channels.
        shown: Raw windows ``(window, channel, time)``, and what each is called.
    """
    x, names = shown
    labels = tuple(sorted(set(names)))
    truth = np.array([labels.index(name) for name in names])
    torch.manual_seed(0)
    channels = signals.channels
    body = student_for(size, len(channels), len(labels), triads(channels)).eval()
    for part in body.modules():
        if isinstance(part, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            for values in (part.running_mean, part.running_var):
                assert values is not None
                values.uniform_(0.5, 1.5)  # else export would leave them out
    with torch.inference_mode():
        features = body(torch.from_numpy(scaler(x))).numpy()
    head = fit_head(features, one_hot(truth, len(labels)), None, 1.0, labels, "label")
    manifest = Manifest(
        name=f"untrained student, {size}",
        signals=signals,
        scaler=Scaling(tuple(scaler.mean.tolist()), tuple(scaler.scale.tolist())),
        body=Body(body.feature_count, parameter_count(body)),
        tasks=(TaskCard("label", "classification", labels, ""),),
        distillation=Distillation("student_alone", 0.0, 1.0),
        training=Training("simulated", "CC0-1.0", "nobody", 0, {}, {}),
        versions=versions(),
    )
    write_bundle(path, manifest, body, {"label": head}, x, Compared(x, {"label": truth}))
    return body
