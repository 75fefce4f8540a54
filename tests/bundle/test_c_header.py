import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.bundle import Body, Bundle, Scaling, Signals, TaskCard
from distride.bundle.c_header import c_header
from distride.bundle.export import export_body
from distride.errors import BundleError
from distride.heads import fit_head, one_hot
from distride.models.student import Student, StudentConfig
from distride.runtime import Predictor
from distride.signals import triads

SENSORS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z", "heart_rate")
LABELS = ('say "go"', "深蹲", "??/")
MAIN = """
#include <stdio.h>
#include "student.h"

int main(void)
{
    static distride_memory memory;
    static float window[DISTRIDE_CHANNELS * DISTRIDE_SAMPLES], scores[DISTRIDE_OUTPUTS];
    fprintf(stderr, "%lu %s", (unsigned long)sizeof memory, distride_labels[1]);
    while (fread(window, sizeof window, 1, stdin) == 1) {
        distride_scores(window, &memory, scores);
        fwrite(scores, sizeof scores, 1, stdout);
    }
    return 0;
}
"""
STRICT = ("-std=c99", "-O2", "-pedantic", "-Wall", "-Wextra", "-Wdouble-promotion", "-Werror")


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


@pytest.fixture(scope="module", params=[(SENSORS, True), (SENSORS[1:], False)])
def bundle(request, tiny):
    return bundle_of(tiny, *request.param)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc")
def test_c_gives_the_bundles_scores(bundle, tmp_path):
    header = c_header(bundle)
    (tmp_path / "student.h").write_text(header.text)
    (tmp_path / "main.c").write_text(MAIN)
    program = tmp_path / "main"
    subprocess.run(["gcc", *STRICT, "-o", program, tmp_path / "main.c", "-lm"], check=True)
    x = windows_of(bundle.manifest.spec)
    done = subprocess.run([program], input=x.tobytes(), capture_output=True, check=True)
    features = Predictor(bundle).features(x)
    expected = np.concatenate([one.scores(features) for one in bundle.heads.values()], axis=1)
    found = np.frombuffer(done.stdout, np.float32).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert done.stderr.decode() == f"{header.ram_bytes} 深蹲"


def test_an_athletes_own_head_is_built_in(bundle):
    own = replace(bundle.heads["label"], bias=bundle.heads["label"].bias + 1)
    assert c_header(bundle, {"label": own}).text != c_header(bundle).text
    assert c_header(bundle, dict(bundle.heads)) == c_header(bundle)


def test_another_body_than_a_students_is_refused(tiny):
    with pytest.raises(BundleError, match="only a student"):
        c_header(Bundle.open(tiny.path))
