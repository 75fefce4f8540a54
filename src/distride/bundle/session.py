"""The body on a device: onnxruntime on one thread, silent."""

import numpy as np
import onnxruntime

from distride.errors import BundleError

ERRORS_ONLY = 3
OUTSIDE = b"\x0a\x08location"  # in ONNX, a tensor whose numbers are in another file
WINDOWS_AT_ONCE = 64  # more leave a core's cache: each takes up to a third longer


class BodyRunner:
    """Scaled windows to features.

    One thread: a window is so small that sharing it out costs more than it saves, and an athlete's
    phone has other things to do.
    """

    def __init__(self, body: bytes) -> None:
        if OUTSIDE in body:
            raise BundleError(
                "The bundle's body names a file outside the bundle: all of it must be inside; "
                "train anew."
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = ERRORS_ONLY
        try:
            self._session = onnxruntime.InferenceSession(
                body, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises its own kinds, and RuntimeError
            raise BundleError(f"The bundle's body is no usable ONNX: {error}") from error
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(outputs) != 1:
            raise BundleError(
                f"The bundle's body has {len(inputs)} inputs and {len(outputs)} outputs: one each "
                "is needed."
            )
        self._input, self._output = inputs[0].name, outputs[0].name

    def __call__(self, windows: np.ndarray) -> np.ndarray:
        """``(window, feature)`` float32 of ``(window, channel, time)`` float32."""
        if len(windows) <= WINDOWS_AT_ONCE:
            return self._run(windows)
        starts = range(0, len(windows), WINDOWS_AT_ONCE)
        return np.concatenate([self._run(windows[at : at + WINDOWS_AT_ONCE]) for at in starts])

    def _run(self, windows: np.ndarray) -> np.ndarray:
        try:
            features = self._session.run([self._output], {self._input: windows})[0]
        except Exception as error:
            raise BundleError(
                f"The bundle's body cannot take windows of shape {windows.shape}: {error}"
            ) from error
        return np.asarray(features)
