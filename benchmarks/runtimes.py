"""The same student in other runtimes, where they are installed.

pip install -c constraints.txt executorch litert-torch
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from distride.bundle import Bundle
from distride.bundle.graph import quiet
from distride.bundle.pte import PteRunner, pte_of
from distride.bundle.rebuilt import OnDevice
from distride.errors import MissingExtraError


@dataclass(frozen=True)
class Runtime:
    """A student in another format.

    Attributes:
        answer: Features and scores of one raw window ``(1, channel, time)``.
        size: Of its file in bytes.
    """

    answer: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
    size: int


def executorch(bundle: Bundle) -> Runtime:
    """As `distride bundle pte` writes it, on XNNPACK's kernels, called from Python."""
    pte = pte_of(bundle)
    return Runtime(PteRunner(pte), len(pte))


def litert(bundle: Bundle) -> Runtime:
    """As litert-torch converts it, on one thread of XNNPACK's kernels, called from Python."""
    with quiet():
        import litert_torch
        from ai_edge_litert.interpreter import Interpreter

        spec = bundle.manifest.spec
        window = torch.zeros(1, len(spec.channels), spec.window_samples)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "student.tflite"
            litert_torch.convert(OnDevice(bundle), (window,)).export(str(file))
            model = file.read_bytes()
        interpreter = Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]["index"]
    told = [one["index"] for one in interpreter.get_output_details()]

    def answer(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        interpreter.set_tensor(given, x)
        interpreter.invoke()
        scores, features = sorted((interpreter.get_tensor(at) for at in told), key=np.size)
        return features, scores

    return Runtime(answer, len(model))


RUNTIMES = {"executorch": executorch, "litert": litert}


def installed(bundle: Bundle) -> dict[str, Runtime]:
    """Those that are there."""
    found = {}
    for name, make in RUNTIMES.items():
        with suppress(ImportError, MissingExtraError):
            found[name] = make(bundle)
    return found
