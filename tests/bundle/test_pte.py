import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from distride.bundle.pte import PteRunner, check_pte, pte_of
from distride.errors import BundleError, MissingExtraError
from distride.runtime import Predictor

from .conftest import windows_of

installed = pytest.mark.skipif(find_spec("executorch") is None, reason="there is no ExecuTorch")


@installed
def test_executorch_gives_the_bundles_features_and_scores(student_bundle):
    x, heads = windows_of(student_bundle.manifest.spec), student_bundle.heads
    program = pte_of(student_bundle)
    features, scores = PteRunner(program)(x)
    expected = Predictor(student_bundle).features(x)
    np.testing.assert_allclose(features, expected, atol=1e-4)
    each = [head.scores(expected) for head in heads.values()]
    np.testing.assert_allclose(scores, np.concatenate(each, axis=1), atol=1e-4)
    another = {**heads, "effort": replace(heads["effort"], bias=heads["effort"].bias + 1)}
    with pytest.raises(BundleError, match=r"differs from the bundle by .* times what is allowed"):
        check_pte(student_bundle, another, program)


def test_without_executorch_the_extra_is_named(student_bundle, monkeypatch):
    monkeypatch.setitem(sys.modules, "executorch.exir", None)
    monkeypatch.setitem(sys.modules, "executorch", None)
    with pytest.raises(MissingExtraError, match=r"distride\[executorch\]"):
        pte_of(student_bundle)
