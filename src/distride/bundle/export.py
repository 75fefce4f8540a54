"""From a trained body to a bundle: the one file that sees torch and ONNX together."""

import logging
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)

from distride.bundle.bundle import Bundle
from distride.bundle.card import card_of
from distride.bundle.manifest import Manifest
from distride.bundle.session import ERRORS_ONLY, BodyRunner
from distride.errors import BundleError
from distride.heads import Head
from distride.signals import SignalSpec

OPSET = 18
PARITY_LIMIT = 1e-4
WARMING_RUNS, TIMED_RUNS = 50, 500
CALIBRATION_BATCH = 64
WARNINGS = 2  # onnxruntime's own default
INPUT, OUTPUT = "windows", "features"


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
        int8_agreement: Share of the same answers from both bodies; None without classes.
    """

    path: str
    bytes: int
    bytes_int8: int
    params: int
    latency_us_p50: float
    latency_us_p99: float
    parity_max_abs_error: float
    int8_agreement: float | None


def write_bundle(
    path: str | Path,
    manifest: Manifest,
    module: torch.nn.Module,
    heads: Mapping[str, Head],
    calibration_x: np.ndarray,
    parity_x: np.ndarray,
) -> ExportReport:
    """Export, quantise, compare with torch, and write.

    Args:
        path: Of the bundle; replaced at once.
        manifest: All of it but the hashes.
        module: The body: scaled ``(batch, channel, time)`` to ``(batch, feature)``.
        heads: Of each task.
        calibration_x: Raw windows ``(window, channel, time)`` of training athletes, from which
            the quantised body learns its ranges.
        parity_x: Raw windows on which the exported body must equal the trained one.

    Raises:
        BundleError: The exported body differs by more than 1e-4, or writing failed.
    """
    scale = manifest.scaling
    body = export_body(module, manifest.spec)
    body_int8 = quantise_body(body, scale(calibration_x))
    windows = scale(parity_x)
    with torch.inference_mode():
        trained = module.eval()(torch.from_numpy(windows)).numpy()
    exported = BodyRunner(body)(windows)
    error = _largest_error(trained, exported, heads)
    if not error <= PARITY_LIMIT:
        raise BundleError(
            f"The exported body differs from the trained one by {error:.2g} on real windows: at "
            f"most {PARITY_LIMIT:g} is allowed; does it behave differently in training mode?"
        )
    Bundle(manifest, heads, body, body_int8, card_of(manifest)).save(path)
    p50, p99 = latency_us(body, windows[:1])
    quantised = BodyRunner(body_int8)(windows)
    return ExportReport(
        path=str(path),
        bytes=len(body),
        bytes_int8=len(body_int8),
        params=manifest.body.params + sum(h.weight.size + h.bias.size for h in heads.values()),
        latency_us_p50=p50,
        latency_us_p99=p99,
        parity_max_abs_error=error,
        int8_agreement=_agreement(exported, quantised, heads),
    )


def export_body(module: torch.nn.Module, spec: SignalSpec) -> bytes:
    """ONNX of a body, its batch free, without a trace of the machine it was made on."""
    shape = (2, len(spec.channels), spec.window_samples)  # a batch of 1 would be fixed at 1
    with _quiet():
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
    return _bare(program.model_proto)


def quantise_body(body: bytes, windows: np.ndarray) -> bytes:
    """The body with int8 weights, a scale for each channel, and uint8 activations.

    Only convolutions are quantised: they hold the weights, and a window's statistics (means,
    deviations, logarithms) lose too much in eight bits.

    Args:
        body: ONNX, float32.
        windows: Scaled ``(window, channel, time)``, from which activations learn their ranges.
    """
    with _quiet(), tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "body.int8.onnx"
        quantize_static(
            onnx.load_from_string(body),
            target,
            _Reader(windows),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
        )
        return _bare(onnx.load(target))


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


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    """Hands windows to the quantiser, a batch at a time."""

    def __init__(self, windows: np.ndarray) -> None:
        starts = range(0, len(windows), CALIBRATION_BATCH)
        self._batches = (windows[start : start + CALIBRATION_BATCH] for start in starts)

    def get_next(self) -> dict[str, np.ndarray] | None:
        batch = next(self._batches, None)
        return None if batch is None else {INPUT: batch}


@contextmanager
def _quiet() -> Iterator[None]:
    """Exporter and quantiser print, log and warn about themselves; none of it is for our users."""
    held = logging.root.manager.disable
    logging.disable(logging.WARNING)
    onnxruntime.set_default_logger_severity(ERRORS_ONLY)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(held)
        onnxruntime.set_default_logger_severity(WARNINGS)


def _bare(model: onnx.ModelProto) -> bytes:
    """Serialised without comments: the exporter writes source paths and stack traces into them."""
    graph = model.graph
    parts = [*graph.node, *graph.input, *graph.output, *graph.initializer]
    for part in (model, graph, *parts):
        part.ClearField("doc_string")
        part.ClearField("metadata_props")
    graph.ClearField("value_info")
    return bytes(model.SerializeToString(deterministic=True))


def _largest_error(trained: np.ndarray, exported: np.ndarray, heads: Mapping[str, Head]) -> float:
    pairs = [(trained, exported)]
    pairs += [(head.scores(trained), head.scores(exported)) for head in heads.values()]
    return float(max(np.abs(ours - theirs).max() for ours, theirs in pairs))


def _agreement(
    exported: np.ndarray, quantised: np.ndarray, heads: Mapping[str, Head]
) -> float | None:
    """Mean over classifications of the share of windows with the same answer."""
    shares = [
        (head.scores(exported).argmax(axis=1) == head.scores(quantised).argmax(axis=1)).mean()
        for head in heads.values()
        if head.labels
    ]
    return float(np.mean(shares)) if shares else None
