from dataclasses import replace

import numpy as np
import pytest

from distride.bundle import Bundle, PersonalHead, TaskCard
from distride.errors import BundleError
from distride.heads import fit_head, personalize
from distride.runtime import Predictor


@pytest.fixture(scope="module")
def bundle(tiny):
    return Bundle.open(tiny.path)


def personal(bundle, heads):
    return PersonalHead("Anna", bundle.body_sha256, "", heads)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_unseen_windows_are_told_apart(tiny, bundle, precision):
    prediction = Predictor(bundle, precision=precision).predict(tiny.x)
    truth = np.array(bundle.heads["label"].labels, object)[tiny.truth]
    assert (prediction.answers("label") == truth).mean() > 0.9
    np.testing.assert_allclose(prediction.probabilities["label"].sum(axis=1), 1, atol=1e-5)


def test_a_personal_head_replaces_the_shared_one(tiny, bundle):
    features = Predictor(bundle).features(tiny.x)
    own = personalize(bundle.heads["label"], features[:5], ["hop"] * 5, 10.0)
    prediction = Predictor(bundle).with_head(personal(bundle, {"label": own})).predict(tiny.x)
    assert prediction.labels["label"][-1] == "hop"
    assert (prediction.answers("label")[:5] == "hop").all()


def test_a_sensor_that_is_absent_still_gives_an_answer(tiny, bundle):
    x = tiny.x.copy()
    x[:, 1] = np.nan
    assert np.isfinite(Predictor(bundle).predict(x).probabilities["label"]).all()


def test_a_regression_gives_values(tiny, bundle):
    effort = fit_head(
        Predictor(bundle).features(tiny.x), tiny.truth[:, None] * 2.0, None, 0.1, (), "effort"
    )
    tasks = (*bundle.manifest.tasks, TaskCard("effort", "regression", (), "rpe"))
    both = replace(
        bundle,
        manifest=replace(bundle.manifest, tasks=tasks),
        heads={**bundle.heads, "effort": effort},
    )
    prediction = Predictor(Bundle.from_bytes(both.to_bytes())).predict(tiny.x)
    assert list(prediction.probabilities) == ["label"]
    assert np.abs(prediction.values["effort"] - tiny.truth * 2.0).mean() < 0.7


def test_what_does_not_fit_is_refused(tiny, bundle):
    predictor = Predictor(bundle)
    with pytest.raises(BundleError, match="shape"):
        predictor.features(tiny.x[:, :2])
    with pytest.raises(BundleError, match="shape"):
        predictor.features(tiny.x[0])
    with pytest.raises(BundleError, match="another body"):
        Predictor(bundle).with_head(replace(personal(bundle, {}), body_sha256="0" * 64))
    with pytest.raises(BundleError, match="int8"):
        Predictor(bundle, precision="fp16")
