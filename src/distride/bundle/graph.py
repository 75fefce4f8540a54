"""ONNX graphs as bundles hold them: the names of their ends, nothing of where they were made."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO

import onnx
import onnxruntime

from distride.bundle.session import ERRORS_ONLY

INPUT, OUTPUT = "windows", "features"
WARNINGS = 2  # onnxruntime's own default


@contextmanager
def quiet() -> Iterator[None]:
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


def bare(model: onnx.ModelProto) -> bytes:
    """Serialised without comments: the exporter writes source paths and stack traces into them."""
    graph = model.graph
    parts = [*graph.node, *graph.input, *graph.output, *graph.initializer]
    for part in (model, graph, *parts):
        part.ClearField("doc_string")
        part.ClearField("metadata_props")
    graph.ClearField("value_info")
    return bytes(model.SerializeToString(deterministic=True))
