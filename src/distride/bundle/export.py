"""From a trained body to a bundle: the one file that sees torch and ONNX together."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from distride.bundle.bundle import Bundle
from distride.bundle.card import QUANTISED, card_of
from distride.bundle.graph import INPUT, OUTPUT, bare, quiet
from distride.bundle.manifest import Manifest
from distride.bundle.quantise import Agreement, Compared, How, smallest_body
from distride.bundle.session import BodyRunner
from distride.errors import BundleError
from distride.heads import Head
from distride.signals import SignalSpec

OPSET = 18
PARITY_LIMIT = 1e-4  # of the largest number that is compared, or of 1
WARMING_RUNS, TIMED_RUNS = 50, 500


@dataclass(frozen=True)
class ExportReport:
    """What became of the trained model on the way into the bundle.

    Attributes:
        path: Of the bundle.
        bytes: Of the float32 body.
        bytes_int8: Of the quantised body.
        params: Of body and heads.
        latency_us_p50: Median time of one window through the float32 body, one thread.
        latency_us_p99: The 99th percentile of it.
        parity_max_abs_error: Largest difference of features or scores from torch's.
        parity_windows: On which all bodies were compared.
        quantised: How the smaller body is.
        int8_agreement: Share of the same answers from both bodies; None without classes.
        int8_f1_points: What quantising changed of macro-F1 times 100; None without a known truth.
    """

    path: str
    bytes: int
    bytes_int8: int
    params: int
    latency_us_p50: float
    latency_us_p99: float
    parity_max_abs_error: float
    parity_windows: int
    quantised: How
    int8_agreement: float | None
    int8_f1_points: float | None


def write_bundle(
    path: str | Path,
    manifest: Manifest,
    module: torch.nn.Module,
    heads: Mapping[str, Head],
    calibration_x: np.ndarray,
    compared: Compared,
) -> ExportReport:
    """Export, compare with torch, quantise as far as answers stay, and write.

    Args:
        path: Of the bundle; replaced at once.
        manifest: All of it but the hashes and how the body was quantised.
        module: The body: scaled ``(batch, channel, time)`` to ``(batch, feature)``.
        heads: Of each task.
        calibration_x: Raw windows ``(window, channel, time)`` of training athletes, from which
            the quantised body learns its ranges.
        compared: On which the exported body must equal the trained one, and the quantised one
            answer as the exported one does.

    Raises:
        BundleError: The exported body differs by more than is allowed (`apart`), or writing failed.
    """
    scale = manifest.scaling
    body = export_body(module, manifest.spec)
    windows = scale(compared.x)
    error = _difference(module, body, windows, heads)
    small, agreement = smallest_body(body, scale(calibration_x), heads, windows, compared.truth)
    manifest = _telling(manifest, agreement)
    Bundle(manifest, heads, body, small, card_of(manifest)).save(path)
    p50, p99 = latency_us(body, windows[:1])
    return ExportReport(
        path=str(path),
        bytes=len(body),
        bytes_int8=len(small),
        params=manifest.body.params + sum(h.weight.size + h.bias.size for h in heads.values()),
        latency_us_p50=p50,
        latency_us_p99=p99,
        parity_max_abs_error=error,
        parity_windows=len(windows),
        quantised=agreement.how,
        int8_agreement=agreement.same_answers,
        int8_f1_points=agreement.f1_points,
    )


def export_body(module: torch.nn.Module, spec: SignalSpec) -> bytes:
    """ONNX of a body, its batch free, without a trace of the machine it was made on."""
    shape = (2, len(spec.channels), spec.window_samples)  # a batch of 1 would be fixed at 1
    with quiet():
        program = torch.onnx.export(
            module.eval(),
            (torch.zeros(shape),),
            dynamo=True,
            opset_version=OPSET,
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            input_names=[INPUT],
            output_names=[OUTPUT],
            verbose=False,
        )
    assert program is not None
    return bare(program.model_proto)


def latency_us(body: bytes, window: np.ndarray) -> tuple[float, float]:
    """Median and 99th percentile of the time one window takes, microseconds, one thread."""
    run = BodyRunner(body)
    seconds = []
    for _ in range(WARMING_RUNS + TIMED_RUNS):
        started = time.perf_counter()
        run(window)
        seconds.append(time.perf_counter() - started)
    p50, p99 = np.percentile(seconds[WARMING_RUNS:], [50, 99]) * 1e6
    return float(p50), float(p99)


def _difference(
    module: torch.nn.Module, body: bytes, windows: np.ndarray, heads: Mapping[str, Head]
) -> float:
    """Of features and scores, the largest between torch's and the exported body's."""
    with torch.inference_mode():
        trained = module.eval()(torch.from_numpy(windows)).numpy()
    exported = BodyRunner(body)(windows)
    pairs = [(trained, exported)]
    pairs += [(head.scores(trained), head.scores(exported)) for head in heads.values()]
    for ours, theirs in pairs:
        if not apart(ours, theirs) <= 1:
            raise BundleError(
                f"The exported body differs from the trained one by {_largest(ours - theirs):.3g} "
                f"on real windows whose numbers reach {_largest(ours):.3g}: at most "
                f"{PARITY_LIMIT:g} of that is allowed; does it behave differently in training mode?"
            )
    return max(_largest(ours - theirs) for ours, theirs in pairs)


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """How far apart answers are, in what is allowed: float32 knows seven digits of the largest.

    A window that hardly moves is scaled up before it is read, with its rounding: torch itself is
    then off by half a ten-thousandth.
    """
    return _largest(ours - theirs) / (PARITY_LIMIT * max(1.0, _largest(ours)))


def _largest(values: np.ndarray) -> float:
    return float(np.abs(values).max())


def _telling(manifest: Manifest, agreement: Agreement) -> Manifest:
    """The manifest, which says how the smaller body is quantised and how well it answers."""
    protocol = {**manifest.training.protocol, QUANTISED: agreement.told()}
    return replace(manifest, training=replace(manifest.training, protocol=protocol))
