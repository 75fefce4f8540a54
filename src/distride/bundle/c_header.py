"""A student as one header in plain C, for wearables that run no ONNX: float32, nothing allocated.

The code is `student.h` beside this file and the same for all; what is written above it are a
bundle's sizes and weights. Needs the extra 'train'.
"""

import math
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from distride.bundle.bundle import Bundle
from distride.bundle.student_graph import StudentGraph
from distride.heads import Head
from distride.models.representation import DEVIATION_FLOOR, LENGTH_FLOOR
from distride.signals import SignalSpec, triads
from distride.signals.scale import CLIP

FLOAT_BYTES = 4
NUMBERS_A_LINE = 8
PLAIN = f"{string.ascii_letters}{string.digits}_ -.".encode()


@dataclass(frozen=True)
class CHeader:
    """A header and what it costs.

    Attributes:
        text: Of the file.
        flash_bytes: Of its weights.
        ram_bytes: Of `distride_memory`, which the caller owns.
    """

    text: str
    flash_bytes: int
    ram_bytes: int


def c_header(bundle: Bundle, heads: Mapping[str, Head] | None = None) -> CHeader:
    """The float32 body with heads, as C99 that needs nothing but the standard mathematics.

    Args:
        bundle: Of a student.
        heads: By task; the bundle's own if not given.

    Raises:
        BundleError: The body is not a student's.
    """
    spec, graph = bundle.manifest.spec, StudentGraph.of(bundle.body_onnx)
    heads = {**bundle.heads, **(heads or {})}
    sizes, arrays = _sizes(spec, graph, heads), _arrays(bundle, graph, heads)
    text = [
        "/* A student of Distride: scores of one window. Include it in one file, link with -lm. */",
        "#ifndef DISTRIDE_STUDENT_H\n#define DISTRIDE_STUDENT_H\n",
        "#include <math.h>\n#include <string.h>\n",
        *(f"#define DISTRIDE_{name} {value}" for name, value in sizes.items()),
        "",
        _texts("distride_channels", spec.channels),
        _texts("distride_tasks", heads),
        _texts("distride_labels", _labels(heads)),
        _integers("distride_outputs_of", [len(head.bias) for head in heads.values()]),
        _integers("distride_triads", np.ravel(triads(spec.channels)).astype(int).tolist() or [0]),
        _integers("distride_dilations", graph.dilations),
        *(_floats(f"distride_{name}", values) for name, values in arrays.items()),
        files("distride.bundle").joinpath("student.h").read_text(encoding="utf-8"),
    ]
    flash = FLOAT_BYTES * sum(values.size for values in arrays.values())
    return CHeader("\n".join(text), flash, _ram(sizes))


def _sizes(
    spec: SignalSpec, graph: StudentGraph, heads: Mapping[str, Head]
) -> dict[str, int | str]:
    maps, (width, _, _, stem_kernel) = graph.maps(spec), graph["stem.weight"].shape
    return {
        "CHANNELS": len(spec.channels),
        "SAMPLES": spec.window_samples,
        "RATE_HZ": _float(spec.rate_hz),
        "MAPS": maps,
        "WIDTH": width,
        "BLOCKS": len(graph.dilations),
        "KERNEL": graph["blocks.0.depthwise.weight"].shape[-1],
        "STEM_KERNEL": stem_kernel,
        "STRIDE": graph.stride,
        "STEPS": math.ceil(spec.window_samples / graph.stride),
        "TASKS": len(heads),
        "OUTPUTS": sum(len(head.bias) for head in heads.values()),
        "POSTURE": int(graph.posture),
        "CLIP": _float(CLIP),
        "DEVIATION_FLOOR_SQUARED": _float(DEVIATION_FLOOR**2),
        "LENGTH_FLOOR_SQUARED": _float(LENGTH_FLOOR**2),
    }


def _arrays(
    bundle: Bundle, graph: StudentGraph, heads: Mapping[str, Head]
) -> dict[str, np.ndarray]:
    """Weights in the order in which the code reads them; the last normalisation is folded in."""
    blocks = [f"blocks.{number}" for number in range(len(graph.dilations))]
    scaler, own = bundle.manifest.scaling, heads.values()
    slope = graph["size.0.weight"] / np.sqrt(graph["size.0.running_var"] + 1e-5)
    offset = graph["size.0.bias"] - graph["size.0.running_mean"] * slope
    size = graph["size.1.weight"]
    return {
        "mean_of": scaler.mean,
        "scale_of": scaler.scale,
        "stem_weight": graph["stem.weight"][:, :, 0].transpose(1, 2, 0),  # (map, kernel, width)
        "stem_bias": graph["stem.weight_bias"],
        "depthwise": np.stack([graph[f"{one}.depthwise.weight"][:, 0, 0].T for one in blocks]),
        "pointwise": np.stack([graph[f"{one}.pointwise.weight"][:, :, 0, 0] for one in blocks]),
        "pointwise_bias": np.stack([graph[f"{one}.pointwise.weight_bias"] for one in blocks]),
        "positive": graph["positive.weight"][:, :, 0, 0],
        "positive_bias": graph["positive.bias"],
        "size": size * slope,
        "size_bias": graph["size.1.bias"] + size @ offset,
        "head": np.concatenate([head.weight / head.temperature for head in own]),
        "head_bias": np.concatenate([head.bias / head.temperature for head in own]),
    }


def _ram(sizes: Mapping[str, int | str]) -> int:
    maps, samples, steps, width = (int(sizes[k]) for k in ("MAPS", "SAMPLES", "STEPS", "WIDTH"))
    return FLOAT_BYTES * (maps * samples + 2 * steps * width + width + 2 * maps + 4 * width)


def _labels(heads: Mapping[str, Head]) -> list[str]:
    """One an output; a number has none."""
    return [label for head in heads.values() for label in head.labels or ("",)]


def _floats(name: str, values: np.ndarray) -> str:
    numbers = [_float(value) for value in values.ravel()]
    rows = [numbers[at : at + NUMBERS_A_LINE] for at in range(0, len(numbers), NUMBERS_A_LINE)]
    lines = ",\n    ".join(", ".join(row) for row in rows)
    return f"static const float {name}[{len(numbers)}] = {{\n    {lines}}};"


def _float(value: float) -> str:
    """The shortest text that C reads as the same float32."""
    return f"{np.format_float_scientific(np.float32(value))}f"


def _integers(name: str, values: Iterable[int]) -> str:
    return f"static const int {name}[] = {{{', '.join(map(str, values))}}};"


def _texts(name: str, texts: Iterable[str]) -> str:
    return f"static const char *const {name}[] = {{{', '.join(map(_text, texts))}}};"


def _text(text: str) -> str:
    """As C reads it, whatever a label holds: all but plain letters as octal bytes of UTF-8."""
    letters = (chr(byte) if byte in PLAIN else f"\\{byte:03o}" for byte in text.encode())
    return f'"{"".join(letters)}"'
