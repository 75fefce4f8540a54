"""Weights on disk: one file without pickle, which appears at once or not at all."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from distride.errors import TrainingError
from distride.files import appearing


def write_weights(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Write beside and rename: a crash leaves the old file, or none.

    Args:
        path: Of the file.
        tensors: By name, in any order in memory.
        metadata: What else the file should say.

    Raises:
        TrainingError: Writing failed, as on a full disk.
    """
    whole = {name: value.contiguous() for name, value in tensors.items()}
    try:
        with appearing(path) as partial:
            save_file(whole, partial, None if metadata is None else dict(metadata))
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"Could not write '{path}': {error}; free the disk and start again: what was done is "
            "not done twice."
        ) from error
