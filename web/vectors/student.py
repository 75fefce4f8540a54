"""A student that took no training: random weights, and heads in closed form on top."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from athletes import INTENSITY, LABEL, SPEC

from distride.bundle import Body, Distillation, Manifest, Scaling, Signals, TaskCard, Training
from distride.bundle.export import write_bundle
from distride.bundle.quantise import Compared
from distride.data import Recording
from distride.data.cutting import class_in, mean_in, windows_in
from distride.heads import Familiarity, Head, Linear, fit_head, one_hot, trained_head
from distride.models.net import parameter_count
from distride.models.student import Student, student_for
from distride.signals import Scaler, triads
from distride.signals.spec import UNITS, sensor_of

RIDGE = 1.0
UNKNOWN_SHARE = 0.05  # of the windows it is fitted on
TEMPERATURE, UNSURE_BELOW = 0.2, 0.5
LOOKS = 20  # until batch norms know the scale of what they see


def write_student(path: Path, recordings: Sequence[Recording]) -> None:
    """One class and one number to tell, from motion and heart rate."""
    x, labels, intensity = _taught(recordings)
    names = tuple(np.unique(labels).tolist())
    truth = np.searchsorted(names, labels)
    scaler = Scaler.fit([x], triads(SPEC.channels))
    net = _untrained(scaler(x), len(names) + 1)
    with torch.inference_mode():
        features = net(torch.from_numpy(scaler(x))).numpy()
    heads = {
        LABEL: _classifier(features, truth, names),
        INTENSITY: fit_head(features, intensity[:, None], None, RIDGE, (), INTENSITY),
    }
    below = np.quantile(Familiarity.of(heads[LABEL])(features), UNKNOWN_SHARE)
    tasks = (
        TaskCard(LABEL, "classification", names, "", UNSURE_BELOW, float(below)),
        TaskCard(INTENSITY, "regression", (), "rad/s"),
    )
    body = Body(features.shape[1], parameter_count(net))
    write_bundle(path, _manifest(scaler, body, tasks), net, heads, x, Compared(x, {LABEL: truth}))


def _taught(recordings: Sequence[Recording]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Windows ``(window, channel, time)`` of one label, that label, and the mean intensity."""
    windows, labels, intensity = [], [], []
    for recording in recordings:
        for window in windows_in(recording, SPEC):
            span_s = (window.start_s, window.start_s + SPEC.window_s)
            label = class_in(recording, LABEL, span_s)
            if label:
                windows.append(window.samples)
                labels.append(label)
                intensity.append(mean_in(recording, INTENSITY, span_s))
    return np.stack(windows), np.array(labels), np.array(intensity)


def _untrained(scaled: np.ndarray, outputs: int) -> Student:
    torch.manual_seed(0)
    net = student_for("small", len(SPEC.channels), outputs, triads(SPEC.channels))
    with torch.no_grad():
        for _ in range(LOOKS):
            net.train()(torch.from_numpy(scaled))
    return net.eval()


def _classifier(features: np.ndarray, truth: np.ndarray, names: tuple[str, ...]) -> Head:
    """With targets and a temperature, as training leaves it."""
    fitted = fit_head(features, one_hot(truth, len(names)), None, RIDGE, names, LABEL)
    net = Linear(LABEL, names, fitted.weight, fitted.bias)
    head = trained_head(net, features, truth, None, RIDGE)
    return replace(head, temperature=TEMPERATURE)


def _manifest(scaler: Scaler, body: Body, tasks: tuple[TaskCard, ...]) -> Manifest:
    units = tuple(UNITS[sensor_of(name)] for name in SPEC.channels)
    return Manifest(
        name="vectors",
        signals=Signals(SPEC.channels, units, SPEC.rate_hz, SPEC.window_s, SPEC.hop_s),
        scaler=Scaling(tuple(scaler.mean.tolist()), tuple(scaler.scale.tolist())),
        body=body,
        tasks=tasks,
        distillation=Distillation("student_alone", 0.0, 1.0),
        training=Training("simulated", "CC0-1.0", "", 3, {}, {}),
        versions={},
    )
