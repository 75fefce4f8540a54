"""A bundle's student as a torch module again: where converters to other formats start.

It is built from the very weights of the bundle, so whoever has the bundle needs nothing else.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from distride.bundle.bundle import Bundle
from distride.bundle.student_graph import StudentGraph
from distride.heads import Head
from distride.models.student import Student, StudentConfig
from distride.signals import triads
from distride.signals.scale import CLIP


class OnDevice(nn.Module):
    """All that a device computes of a window: scaler, body and heads.

    Attributes:
        spec: Of its windows.

    Args:
        bundle: Of a student.
        heads: By task; the bundle's own where not given.

    Raises:
        BundleError: The body is not a student's.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, bundle: Bundle, heads: Mapping[str, Head] | None = None) -> None:
        super().__init__()
        scaler, each = bundle.manifest.scaling, {**bundle.heads, **(heads or {})}.values()
        self.spec = bundle.manifest.spec
        self.register_buffer("mean", torch.from_numpy(scaler.mean)[:, None])
        self.register_buffer("scale", torch.from_numpy(scaler.scale)[:, None])
        self.body = student_of(bundle)
        weight = np.concatenate([head.weight / head.temperature for head in each])
        bias = np.concatenate([head.bias / head.temperature for head in each])
        self.heads = nn.Linear(weight.shape[1], weight.shape[0])
        self.heads.load_state_dict({"weight": _tensor(weight), "bias": _tensor(bias)})
        self.eval()

    def forward(self, windows: Tensor) -> tuple[Tensor, Tensor]:
        """Features, from which personal heads are found, and scores of all tasks side by side.

        Args:
            windows: Raw, ``(batch, channel, time)``, SI units, NaN where unknown.
        """
        known = torch.where(torch.isnan(windows), self.mean, windows)
        features = self.body(((known - self.mean) / self.scale).clamp(-CLIP, CLIP))
        return features, self.heads(features)


def student_of(bundle: Bundle) -> Student:
    """The body; what was folded into a convolution is now the offset of a normalisation.

    Raises:
        BundleError: It is not a student's.
    """
    spec, graph = bundle.manifest.spec, StudentGraph.of(bundle.body_onnx)
    graph.maps(spec)
    width = len(graph["stem.weight"])
    config = StudentConfig(len(spec.channels), width, triads(spec.channels), graph.posture)
    student = Student(config)
    state = student.state_dict() | {
        name: _tensor(graph[name]) for name in student.state_dict() if name in graph.weights
    }
    folded = {"stem_norm": "stem.weight_bias"} | {
        f"blocks.{number}.norm": f"blocks.{number}.pointwise.weight_bias"
        for number in range(len(graph.dilations))
    }
    for name, offset in folded.items():
        norm = student.get_submodule(name)
        assert isinstance(norm, nn.BatchNorm2d)
        norm.eps = 0.0
        state[f"{name}.bias"] = _tensor(graph[offset])
    student.load_state_dict(state)
    return student.eval()


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32))
