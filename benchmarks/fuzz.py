"""Feed broken bundles, heads and samples to the device's side, for as long as you like.

python benchmarks/fuzz.py {bundle,head,stream} BUNDLE HEAD [CORPUS] [-max_total_time=60]

Needs atheris (https://github.com/google/atheris), a coverage-guided fuzzer with wheels for Linux.
What follows the files goes to it: a folder where inputs that reached new code are kept, and
libFuzzer's options. It ends with an error, and a file with the input, where anything but our one
error comes back.
"""

import sys
from pathlib import Path

import atheris
import typer

with atheris.instrument_imports(include=["distride", "fuzz_targets", "zipfile", "safetensors"]):
    from fuzz_targets import TARGETS, Ground


def main() -> None:
    """Fuzz until a limit of libFuzzer's is reached, or something is found."""
    name, bundle, head, *options = sys.argv[1:]
    ground, counts = Ground.of(Path(bundle), Path(head)), [0, 0]

    def run(data: bytes) -> None:
        counts[TARGETS[name](data, ground)] += 1
        if sum(counts) % 1000 == 0:
            typer.echo(f"{name}: {counts[0]} refused or silent, {counts[1]} answered")

    atheris.Setup([sys.argv[0], *options], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
