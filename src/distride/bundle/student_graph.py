"""A student's body read out of the ONNX of its bundle: what other formats are written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import onnx.helper
import onnx.numpy_helper

from distride.errors import BundleError
from distride.signals import SignalSpec, triads

POOLED_MEANS, NORMALISING_MEANS = 2, 3  # `ReduceMean`s of a body that sees posture


@dataclass(frozen=True)
class StudentGraph:
    """A student's body as the exporter wrote it: convolutions hold the normalisation after them.

    Attributes:
        weights: By name, float32.
        dilations: Of each block.
        stride: Of the stem, in samples.
        posture: Whether the body sees the means of channels.
    """

    weights: Mapping[str, np.ndarray]
    dilations: tuple[int, ...]
    stride: int
    posture: bool

    @classmethod
    def of(cls, body: bytes) -> "StudentGraph":
        """Read the graph.

        Raises:
            BundleError: It is not a student's.
        """
        graph = onnx.load_from_string(body).graph
        kinds = [node.op_type for node in graph.node]
        means = kinds.count("ReduceMean") - POOLED_MEANS - NORMALISING_MEANS
        convolutions = [_attributes(node) for node in graph.node if node.op_type == "Conv"]
        if means not in (0, 1) or len(convolutions) < 3:
            raise _foreign(f"operations {sorted(set(kinds))}")
        weights = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
        dilations = tuple(one["dilations"][-1] for one in convolutions if one["group"] > 1)
        return cls(weights, dilations, convolutions[0]["strides"][-1], means == 0)

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self.weights:
            raise _foreign(f"no '{name}'")
        return self.weights[name]

    def maps(self, spec: SignalSpec) -> int:
        """Channels and lengths of triads, as the body sees them.

        Raises:
            BundleError: It sees others than the bundle's windows have.
        """
        maps, doubled = (
            len(spec.channels) + len(triads(spec.channels)),
            self["stem.weight"].shape[1],
        )
        if doubled != 2 * maps:
            raise _foreign(f"a stem of {doubled} inputs for {maps} maps")
        return maps


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}


def _foreign(found: str) -> BundleError:
    return BundleError(
        f"The bundle's body has {found}: only a student as `distride train` exports it can be "
        "written in another format."
    )
