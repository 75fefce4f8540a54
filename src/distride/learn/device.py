"""Where nets train: the one place that decides, and all that differs there.

Nets and windows rest in the host's memory. A net visits its device to be trained or asked and comes
back, so that whatever else is done with it knows nothing of devices.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace

import torch
from torch import nn

from distride.config import DEVICES, DeviceName, Recipe
from distride.errors import TrainingError


@dataclass(frozen=True)
class Device:
    """A kind of device that torch can use on this machine.

    Attributes:
        kind: "cpu", "cuda" or "mps".
    """

    kind: DeviceName = "cpu"

    def generator(self, seed: int) -> torch.Generator:
        """Randomness that is made there."""
        return torch.Generator(self.kind).manual_seed(seed)

    def making(self) -> AbstractContextManager[object]:
        """Tensors that torch makes from nothing lie there."""
        return nullcontext() if self.kind == "cpu" else torch.device(self.kind)

    def mixed(self) -> AbstractContextManager[object]:
        """Half precision where it is fast and as wide as float32: bfloat16 on CUDA."""
        if self.kind == "cuda":
            return torch.autocast("cuda", torch.bfloat16)
        return nullcontext()

    @contextmanager
    def holding(self, net: nn.Module) -> Iterator[None]:
        """Take a net there, and bring it back whatever happens."""
        net.to(self.kind)
        try:
            yield
        finally:
            net.to("cpu")


HOST = Device()


def device_of(name: DeviceName) -> Device:
    """The device of a name; "auto" is the first of CUDA, MPS and CPU that is there.

    Raises:
        TrainingError: It is not there.
    """
    there = devices()
    if name == "auto":
        return Device(there[0])
    if name not in there:
        raise TrainingError(
            f"The device '{name}' is not there: this machine and its torch have "
            f"{', '.join(there)}; choose one of them, or 'auto'."
        )
    return Device(name)


def devices() -> tuple[DeviceName, ...]:
    """Kinds that are there, the fastest first."""
    absent = {"cuda": not torch.cuda.is_available(), "mps": not torch.backends.mps.is_available()}
    return tuple(kind for kind in DEVICES if not absent.get(kind))


def settled(recipe: Recipe) -> Recipe:
    """A recipe that names its device, so that a run goes on where it began.

    Raises:
        TrainingError: The device is not there.
    """
    return replace(recipe, device=device_of(recipe.device).kind)
