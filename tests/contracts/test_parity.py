"""torch = ONNX = stream: what was trained is what an athlete sees."""

import numpy as np
import torch

from distride.bundle import Bundle
from distride.runtime import Predictor, Smoothing, State, Stream


def test_torch_and_onnx_and_the_stream_say_the_same(tiny):
    bundle = Bundle.open(tiny.path)
    spec = bundle.manifest.spec
    rng = np.random.default_rng(0)
    swing = np.sin(np.arange(400) * rng.uniform(0.1, 1.0, 400).cumsum() / 20)
    samples = np.outer(swing, [3.0, 1.0, 0.5]) + rng.normal(scale=0.3, size=(400, 3))
    samples = (samples + np.array([0.0, 0.0, 9.81])).astype(np.float32)
    starts = range(0, len(samples) - spec.window_samples + 1, spec.hop_samples)
    windows = np.stack([samples[at : at + spec.window_samples].T for at in starts])

    with torch.inference_mode():
        trained = tiny.module(torch.from_numpy(bundle.manifest.scaling(windows))).numpy()
    ours = tiny.head.probabilities(trained)
    onnx = Predictor(bundle).predict(windows).probabilities["label"]
    np.testing.assert_allclose(onnx, ours, atol=1e-5)

    stream = Stream(Predictor(bundle), smoothing=Smoothing(0.0))
    t = np.arange(len(samples)) / spec.rate_hz
    events = [
        event
        for at in range(0, 400, 7)
        for event in stream.push(t[at : at + 7], samples[at : at + 7])
    ] + stream.flush()
    live = [event.confidence for event in events if isinstance(event, State)]
    np.testing.assert_allclose(live, ours.max(axis=1), atol=1e-5)
