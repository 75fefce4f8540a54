"""The device side must work where torch, onnx and the data extras are not installed."""

import subprocess
import sys

ABSENT = ("torch", "onnx", "onnxscript", "duckdb", "aeon", "sklearn", "matplotlib", "jinja2")
BLOCK = f"import sys; sys.modules.update(dict.fromkeys({ABSENT}))\n"


def run(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", BLOCK + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_device_side_streams_with_nothing_but_the_base_install(tiny):
    code = """
import distride, distride.signals, distride.data, distride.heads, distride.runtime
import distride.guidance
import numpy as np
stream = distride.Bundle.open(sys.argv[1]).stream()
events = stream.push(np.arange(80) / 20.0, np.zeros((80, 3)))
print(len(events), 'torch' in {m for m, v in sys.modules.items() if v is not None})
"""
    done = run(code, tiny.path)
    assert done.returncode == 0, done.stderr
    events, has_torch = done.stdout.split()
    assert int(events) > 0
    assert has_torch == "False"
