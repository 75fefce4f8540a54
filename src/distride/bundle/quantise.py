"""A smaller body: quantised as far as its answers stay those of the full one."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)

from distride.bundle.graph import INPUT, bare, quiet
from distride.bundle.session import BodyRunner
from distride.heads import Head
from distride.learn.metrics import macro_f1

SAME, F1_POINTS = 0.99, 0.5  # share of answers and of values that must stay; F1 may move so far
CALIBRATION_BATCH = 64
QUANTIZE, DEQUANTIZE = "QuantizeLinear", "DequantizeLinear"

How = Literal["int8", "int8 weights", "none"]
"""Weights and activations in eight bits, weights alone, or the full body in its place."""


@dataclass(frozen=True)
class Compared:
    """Raw windows of training athletes on which bodies are compared.

    Attributes:
        x: ``(window, channel, time)``.
        truth: By classification ``(window,)`` class numbers, -1 where unknown.
    """

    x: np.ndarray
    truth: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Agreement:
    """How the smaller body answers beside the full one.

    Attributes:
        how: It is quantised.
        windows: On which both were compared.
        same_answers: Share of the windows with the same answer, in the classification where it is
            least; None without classes.
        same_values: Share of the variance of the full body's values that is kept, in the regression
            where it is least; None without regressions.
        f1_points: What quantising changed of macro-F1 times 100, in the task where it changed most;
            None where no window's truth is known.
    """

    how: How
    windows: int
    same_answers: float | None
    same_values: float | None
    f1_points: float | None

    @property
    def holds(self) -> bool:
        """Whether the smaller body may stand in for the full one."""
        shares = [one for one in (self.same_answers, self.same_values) if one is not None]
        return min(shares, default=1.0) >= SAME and abs(self.f1_points or 0.0) <= F1_POINTS

    def told(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        return asdict(self)


def smallest_body(
    body: bytes,
    calibration: np.ndarray,
    heads: Mapping[str, Head],
    windows: np.ndarray,
    truth: Mapping[str, np.ndarray],
) -> tuple[bytes, Agreement]:
    """The body that is quantised most among those whose answers stay.

    Activations cost most: they are what answers change by (docs/bundle.md has the figures).

    Args:
        body: ONNX, float32.
        calibration: Scaled ``(window, channel, time)``, from which activations learn their ranges.
        heads: Of each task.
        windows: Scaled, on which both are compared.
        truth: As in `Compared`.
    """
    full = BodyRunner(body)(windows)
    for how, quantise in LADDER.items():
        smaller = quantise(body, calibration)
        agreement = agreement_of(how, full, BodyRunner(smaller)(windows), heads, truth)
        if agreement.holds:
            return smaller, agreement
    return body, agreement_of("none", full, full, heads, truth)


def agreement_of(
    how: How,
    full: np.ndarray,
    smaller: np.ndarray,
    heads: Mapping[str, Head],
    truth: Mapping[str, np.ndarray],
) -> Agreement:
    """Both bodies' features ``(window, feature)``, compared by what each head makes of them."""
    answers, values, points = [], [], []
    for task, head in heads.items():
        scores = head.scores(full), head.scores(smaller)
        if not head.labels:
            values.append(_kept(*scores))
            continue
        one, other = (each.argmax(axis=1) for each in scores)
        answers.append(float((one == other).mean()))
        known = truth[task] >= 0
        if known.any():
            f1 = [macro_f1(truth[task][known], a[known], len(head.labels)) for a in (one, other)]
            points.append(100 * (f1[1] - f1[0]))
    least, most = min(answers, default=None), max(points, key=abs, default=None)
    return Agreement(how, len(full), least, min(values, default=None), most)


def _kept(values: np.ndarray, others: np.ndarray) -> float:
    """Share of the values' variance that others in their place keep; 1 where there is none."""
    lost, variance = float(np.square(values - others).mean()), float(values.var())
    return 1.0 - lost / variance if variance else float(lost == 0)


def quantise_body(body: bytes, windows: np.ndarray) -> bytes:
    """The body with int8 weights, a scale for each channel, and uint8 activations.

    Only convolutions are quantised: they hold the weights, and a window's statistics (means,
    deviations, logarithms) lose too much in eight bits.

    Args:
        body: ONNX, float32.
        windows: Scaled ``(window, channel, time)``, from which activations learn their ranges.
    """
    return bare(_quantised(body, windows))


def quantise_weights(body: bytes, windows: np.ndarray) -> bytes:
    """The body with int8 weights, and activations as they are."""
    model = _quantised(body, windows)
    graph = model.graph
    before = {node.output[0]: node.input[0] for node in graph.node if node.op_type == QUANTIZE}
    around = {
        node.output[0]: before[node.input[0]]
        for node in graph.node
        if node.op_type == DEQUANTIZE and node.input[0] in before
    }
    kept = [node for node in graph.node if node.output[0] not in {*before, *around}]
    for node in kept:
        node.input[:] = [around.get(name, name) for name in node.input]
    used = {name for node in kept for name in node.input}
    stored = [one for one in graph.initializer if one.name in used]
    for field, values in (("node", kept), ("initializer", stored)):
        graph.ClearField(field)
        getattr(graph, field).extend(values)
    return bare(model)


LADDER: dict[How, Callable[[bytes, np.ndarray], bytes]] = {
    "int8": quantise_body,
    "int8 weights": quantise_weights,
}


def _quantised(body: bytes, windows: np.ndarray) -> onnx.ModelProto:
    with quiet(), tempfile.TemporaryDirectory() as folder:
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
        return onnx.load(target)


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    """Hands windows to the quantiser, a batch at a time."""

    def __init__(self, windows: np.ndarray) -> None:
        starts = range(0, len(windows), CALIBRATION_BATCH)
        self._batches = (windows[start : start + CALIBRATION_BATCH] for start in starts)

    def get_next(self) -> dict[str, np.ndarray] | None:
        batch = next(self._batches, None)
        return None if batch is None else {INPUT: batch}
