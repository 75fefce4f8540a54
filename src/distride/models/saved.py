"""A trained student with all that rebuilds it, in one file without pickle: where transfer starts.

A bundle is for devices and holds no weights that could be trained on; this file is its twin for
whoever wants to go on training.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from torch import Tensor

from distride.errors import DataError, RecipeError
from distride.models.net import Net, Task
from distride.models.student import Student, StudentConfig
from distride.models.weights import write_weights
from distride.signals import SignalSpec

FORMAT = "1"
UNREADABLE = (OSError, SafetensorError, RecipeError, ValueError, KeyError, TypeError, RuntimeError)


@dataclass(frozen=True)
class Origin:
    """Whose recordings are in a student's weights, and under which terms.

    Attributes:
        cohort: Its name.
        licence: Of its recordings; empty where it states none.
        citation: Whom to name; empty where it states none.
        recordings: A digest of each athlete's file, so that nobody is tested on them unawares.
    """

    cohort: str
    licence: str
    citation: str
    recordings: tuple[str, ...]


@dataclass(frozen=True)
class SavedStudent:
    """A student and what it sees.

    Attributes:
        name: Of the cohort it learnt from.
        net: Body and heads; the body is a `Student`.
        spec: Its windows, channels in the body's order.
        origins: Every cohort it learnt from.
    """

    name: str
    net: Net
    spec: SignalSpec
    origins: tuple[Origin, ...] = ()

    @property
    def body(self) -> Student:
        """The net's body."""
        assert isinstance(self.net.body, Student)
        return self.net.body

    @property
    def fingerprint(self) -> str:
        """Of all that trainings which start from it depend on."""
        digest = hashlib.sha256(repr((self.name, self.spec, self.body.config)).encode())
        for name, value in self.net.state_dict().items():
            digest.update(name.encode())
            digest.update(value.contiguous().numpy().tobytes())
        return digest.hexdigest()


def save_student(path: Path, saved: SavedStudent) -> None:
    """Weights and dimensions; the file appears at once."""
    metadata = {
        "format": FORMAT,
        "name": saved.name,
        "config": json.dumps(asdict(saved.body.config)),
        "spec": json.dumps(asdict(saved.spec)),
        "tasks": json.dumps([asdict(task) for task in saved.net.tasks]),
        "origins": json.dumps([asdict(origin) for origin in saved.origins], ensure_ascii=False),
    }
    write_weights(path, saved.net.state_dict(), metadata)


def load_student(path: str | Path) -> SavedStudent:
    """Read a student back.

    Raises:
        DataError: No such file, or not one that `save_student` wrote.
    """
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return _rebuilt(metadata, state)
    except UNREADABLE as error:
        why = str(error).partition("\n")[0]  # torch tells tensor after tensor
        raise DataError(
            f"'{path}' is no trained student: {why}; give the 'weights.safetensors' of a run."
        ) from error


def _rebuilt(metadata: dict[str, str], state: dict[str, Tensor]) -> SavedStudent:
    if metadata.get("format") != FORMAT:
        raise ValueError(f"its format is {metadata.get('format')!r}, not {FORMAT!r}")
    config = _config(json.loads(metadata["config"]))
    spec = json.loads(metadata["spec"])
    spec = SignalSpec(**spec | {"channels": tuple(spec["channels"])})
    if len(spec.channels) != config.channels:
        raise ValueError(f"it names {len(spec.channels)} channels and sees {config.channels}")
    body = Student(config)
    tasks = tuple(_task(task) for task in json.loads(metadata["tasks"]))
    net = Net(body, body.feature_count, tasks)
    net.load_state_dict(state)
    origins = tuple(_origin(one) for one in json.loads(metadata["origins"]))
    return SavedStudent(metadata["name"], net.eval(), spec, origins)


def _config(fields: dict[str, Any]) -> StudentConfig:
    triads = tuple((x, y, z) for x, y, z in fields.pop("triads"))
    return StudentConfig(**fields, triads=triads)


def _origin(fields: dict[str, Any]) -> Origin:
    return Origin(**fields | {"recordings": tuple(fields["recordings"])})


def _task(fields: dict[str, object]) -> Task:
    labels = fields.pop("labels")
    return Task(labels=tuple(labels), **fields)  # type: ignore[arg-type]
