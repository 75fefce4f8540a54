from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.bundle import Bundle
from distride.bundle.rebuilt import OnDevice
from distride.errors import BundleError
from distride.runtime import Predictor

from .conftest import windows_of


def test_a_rebuilt_student_answers_as_its_bundle(student_bundle):
    x = windows_of(student_bundle.manifest.spec)
    features = Predictor(student_bundle).features(x)
    scores = [head.scores(features) for head in student_bundle.heads.values()]
    with torch.inference_mode():
        found = OnDevice(student_bundle)(torch.from_numpy(x))
    np.testing.assert_allclose(found[0], features, atol=1e-4)
    np.testing.assert_allclose(found[1], np.concatenate(scores, axis=1), atol=1e-4)


def test_an_athletes_own_head_is_built_in(student_bundle):
    x = torch.from_numpy(windows_of(student_bundle.manifest.spec))
    shared = student_bundle.heads["label"]
    own = replace(shared, bias=shared.bias + shared.temperature)
    with torch.inference_mode():
        change = OnDevice(student_bundle, {"label": own})(x)[1] - OnDevice(student_bundle)(x)[1]
    np.testing.assert_allclose(change[:, :3], 1, atol=1e-4)
    assert not change[:, 3:].any()


def test_another_body_than_a_students_is_refused(tiny):
    with pytest.raises(BundleError, match="only a student"):
        OnDevice(Bundle.open(tiny.path))
