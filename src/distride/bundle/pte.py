"""A student for ExecuTorch: one `.pte` with scaler, body and heads, on XNNPACK's kernels.

Source: https://docs.pytorch.org/executorch. Needs the extras 'train' and 'executorch'.
"""

from collections.abc import Mapping

import numpy as np
import torch

from distride.bundle.bundle import Bundle
from distride.bundle.export import PARITY_LIMIT, apart
from distride.bundle.graph import quiet
from distride.bundle.rebuilt import OnDevice
from distride.bundle.session import BodyRunner
from distride.errors import BundleError, MissingExtraError
from distride.heads import Head

COMPARED = 16  # windows


def pte_of(bundle: Bundle, heads: Mapping[str, Head] | None = None) -> bytes:
    """The program: one raw window ``(1, channel, time)`` to features and scores of all tasks.

    Args:
        bundle: Of a student.
        heads: By task; the bundle's own where not given.

    Raises:
        MissingExtraError: ExecuTorch is not installed.
        BundleError: The body is not a student's, or the program answers otherwise than the bundle.
    """
    try:
        with quiet():
            from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
            from executorch.exir import to_edge_transform_and_lower
    except ImportError:
        raise MissingExtraError("Writing .pte", "executorch") from None
    student = OnDevice(bundle, heads)
    window = torch.zeros(1, len(student.spec.channels), student.spec.window_samples)
    with quiet():
        program = torch.export.export(student, (window,))
        lowered = to_edge_transform_and_lower(program, partitioner=[XnnpackPartitioner()])
        pte = bytes(lowered.to_executorch().buffer)
    check_pte(bundle, {**bundle.heads, **(heads or {})}, pte)
    return pte


class PteRunner:
    """Raw windows to features and scores, as ExecuTorch finds them."""

    def __init__(self, pte: bytes) -> None:
        with quiet():  # it says on import that it may change
            from executorch.runtime import Runtime

        self._held = pte, Runtime.get().load_program(pte)  # a method reads from both, holds neither
        self._method = self._held[1].load_method("forward")

    def __call__(self, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """``(window, feature)`` and ``(window, output)`` of float32 ``(window, channel, time)``."""
        each = [self._method.execute([torch.from_numpy(one[None])]) for one in windows]
        features, scores = (np.concatenate([one[at].numpy() for one in each]) for at in (0, 1))
        return features, scores


def check_pte(bundle: Bundle, heads: Mapping[str, Head], pte: bytes) -> None:
    """Compare on windows as wide as training athletes', some of them with a lost channel.

    Raises:
        BundleError: Features or scores differ by more than 1e-4 of the largest.
    """
    spec, scaler = bundle.manifest.spec, bundle.manifest.scaling
    shape = (COMPARED, len(spec.channels), spec.window_samples)
    windows = np.random.default_rng(0).normal(size=shape) * scaler.scale[:, None]
    windows = (windows + scaler.mean[:, None]).astype(np.float32)
    windows[::4, 0] = np.nan
    features = BodyRunner(bundle.body_onnx)(scaler(windows))
    scores = np.concatenate([head.scores(features) for head in heads.values()], axis=1)
    found = PteRunner(pte)(windows)
    pairs = zip((features, scores), found, strict=True)
    worst = max(apart(ours, theirs) for ours, theirs in pairs)
    if not worst <= 1:
        raise BundleError(
            f"ExecuTorch's program differs from the bundle by {worst:.2g} times what is allowed "
            f"({PARITY_LIMIT:g} of the largest number): try another version of executorch."
        )
