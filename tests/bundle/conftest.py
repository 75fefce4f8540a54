"""Untrained students in bundles, and windows with all that goes wrong."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.bundle import Body, Bundle, Scaling, Signals, TaskCard
from distride.bundle.export import export_body
from distride.heads import fit_head, one_hot
from distride.models.student import Student, StudentConfig
from distride.signals import triads

SENSORS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z", "heart_rate")
LABELS = ('say "go"', "深蹲", "??/")


def bundle_of(tiny, channels, posture):
    """An untrained student whose normalisations are not trivial, with a class and a number."""
    torch.manual_seed(1)
    module = Student(StudentConfig(len(channels), 8, triads(channels), posture))
    for part in module.modules():
        if isinstance(part, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            for values in (part.weight.data, part.bias.data, part.running_mean, part.running_var):
                values.uniform_(0.5, 1.5)
    rng, count = np.random.default_rng(0), len(channels)
    features = rng.normal(size=(60, module.feature_count)).astype(np.float32)
    classes = fit_head(features, one_hot(np.arange(60) % 3, 3), None, 1.0, LABELS, "label")
    number = fit_head(features, features[:, :1], None, 1.0, (), "effort")
    manifest = replace(
        tiny.manifest,
        signals=Signals(channels, ("",) * count, 25.0, 1.8, 1.0),  # an odd number of samples
        scaler=Scaling((1.5,) * count, (0.7,) * count),
        body=Body(module.feature_count, 0),
        tasks=(
            TaskCard("label", "classification", LABELS),
            TaskCard("effort", "regression", ()),
        ),
        sha256={},
    )
    heads = {"label": replace(classes, temperature=0.3), "effort": number}
    body = export_body(module.eval(), manifest.spec)
    return Bundle(manifest, heads, body, body, "")


def windows_of(spec):
    x = np.random.default_rng(2).normal(1.0, 2.0, (6, len(spec.channels), spec.window_samples))
    x[1, 0] = np.nan  # a lost axis
    x[2, 1, 5:9] = [np.nan, np.inf, -np.inf, 1e9]
    x[3] = 9.81  # still
    x[4] = np.nan
    return x.astype(np.float32)


@pytest.fixture(scope="package", params=[(SENSORS, True), (SENSORS[1:], False)])
def student_bundle(request, tiny):
    return bundle_of(tiny, *request.param)
