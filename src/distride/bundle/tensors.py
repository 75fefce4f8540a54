"""Heads as safetensors: a bundle's with what personalisation needs, an athlete's own without."""

import json
from collections.abc import Iterable, Mapping

import numpy as np
import safetensors.numpy

from distride.errors import BundleError
from distride.heads import Head
from distride.heads.personal import with_classes

Tensors = dict[str, np.ndarray]


def tensors_of(heads: Iterable[Head], shared: bool) -> Tensors:
    """Arrays by name, all float32; of shared heads also what personalisation needs."""
    tensors: Tensors = {}
    for head in heads:
        tensors[f"{head.task}.weight"] = head.weight
        tensors[f"{head.task}.bias"] = head.bias
        tensors[f"{head.task}.temperature"] = np.array([head.temperature])
        tensors[f"{head.task}.sums"] = head.sums
        if shared:
            tensors[f"{head.task}.evidence"] = head.evidence[np.triu_indices(len(head.evidence))]
            tensors[f"{head.task}.targets"] = head.targets
    return {name: np.ascontiguousarray(values, np.dtype("<f4")) for name, values in tensors.items()}


def heads_of(
    tensors: Tensors, labels: Mapping[str, tuple[str, ...]], shared: Mapping[str, Head] | None
) -> dict[str, Head]:
    """Heads by task.

    Args:
        tensors: As `tensors_of` gives them.
        labels: By task; these tasks and no others must be there.
        shared: Whose evidence and targets are used; None where the tensors hold their own.
    """
    parts = ["weight", "bias", "temperature", "sums"] + (
        ["evidence", "targets"] if shared is None else []
    )
    expected = {f"{task}.{part}" for task in labels for part in parts}
    if tensors.keys() != expected:
        raise BundleError(
            f"The heads hold {sorted(tensors)[:9]}: exactly {sorted(expected)[:9]} are allowed."
        )
    for name, values in tensors.items():
        if values.dtype != np.float32 or not np.isfinite(values).all():
            raise BundleError(f"'{name}' of the heads is not made of finite float32 numbers.")
    return {task: _head(tensors, task, own, shared) for task, own in labels.items()}


def saved(tensors: Tensors, metadata: Mapping[str, str]) -> bytes:
    """As safetensors; equal content gives equal bytes, though its own writer shuffles metadata."""
    data = safetensors.numpy.save(tensors, dict(metadata))
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # tensors begin at a multiple of eight bytes
    return len(header).to_bytes(8, "little") + header + data[end:]


def load(data: bytes, what: str) -> Tensors:
    """Arrays from safetensors.

    Raises:
        BundleError: Damaged.
    """
    try:
        return dict(safetensors.numpy.load(data))
    except Exception as error:  # SafetensorError, and KeyError for a type numpy lacks
        raise BundleError(
            f"{what} is damaged or no safetensors ({error}): copy it again from its source."
        ) from error


def _head(
    tensors: Tensors, task: str, labels: tuple[str, ...], shared: Mapping[str, Head] | None
) -> Head:
    weight, bias = tensors[f"{task}.weight"], tensors[f"{task}.bias"]
    temperature, sums = tensors[f"{task}.temperature"], tensors[f"{task}.sums"]
    if (weight.ndim, bias.ndim, temperature.shape) != (2, 1, (1,)):
        raise BundleError(
            f"Head '{task}' has tensors of shapes {weight.shape}, {bias.shape} and "
            f"{temperature.shape}: (output, feature), (output,) and (1,) are needed."
        )
    if shared is None:
        evidence = _symmetric(tensors, task, weight.shape[1] + 1)
        targets = tensors[f"{task}.targets"]
    else:
        evidence, own = shared[task].evidence, shared[task].targets
        targets = with_classes(own, len(labels) - len(own))
    return Head(task, labels, weight, bias, float(temperature[0]), evidence, targets, sums)


def _symmetric(tensors: Tensors, task: str, size: int) -> np.ndarray:
    triangle = tensors[f"{task}.evidence"]
    if triangle.shape != (size * (size + 1) // 2,):
        raise BundleError(
            f"Head '{task}' has evidence of shape {triangle.shape}: the upper triangle of "
            f"{size} × {size} is needed."
        )
    evidence = np.zeros((size, size), np.float32)
    evidence[np.triu_indices(size)] = triangle
    return evidence + np.triu(evidence, 1).T
