import resource

import pytest
import torch
from safetensors.torch import load_file

from distride.errors import TrainingError
from distride.models.weights import write_weights


def test_what_is_written_is_read_whatever_its_order_in_memory(tmp_path):
    last = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
    write_weights(tmp_path / "w.safetensors", {"last": last, "turned": torch.eye(3)[:2].T})
    back = load_file(tmp_path / "w.safetensors")
    assert torch.equal(back["last"], last)
    assert torch.equal(back["turned"], torch.eye(3)[:2].T)


def test_a_full_disk_leaves_the_old_file(tmp_path):
    file = tmp_path / "w.safetensors"
    write_weights(file, {"a": torch.zeros(3)}, {"format": "1"})
    before = file.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(TrainingError, match="free the disk and start again"):
            write_weights(file, {"a": torch.zeros(99_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["w.safetensors"]
