"""The recipe: strict TOML to frozen dataclasses, with a default for everything.

An unknown key is an error that names the nearest known one, because a misspelt option that is
silently ignored makes two runs look different when they are not.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

from distride.errors import RecipeError
from distride.tables import built, read_table

DeviceName = Literal["auto", "cuda", "mps", "cpu"]
DEVICES: tuple[DeviceName, ...] = get_args(DeviceName)[1:]
Size = Literal["small", "medium", "large"]
Switch = Literal["auto", "on", "off"]
Member = Literal["conv_lstm", "wide_cnn", "minirocket", "extra_trees"]


@dataclass(frozen=True)
class SignalsRecipe:
    """What is cut from the recordings."""

    channels: tuple[str, ...] = ()  # the student's; empty: every accelerometer and gyroscope
    rate_hz: float = 0.0  # 0: the cohort's own rate, at most 50
    window_s: float = 3.0
    hop_s: float = 0.0  # 0: half a window
    purity: float = 0.9  # share of a window that one label must cover
    tasks: tuple[str, ...] = ("label",)  # texts are classes, numbers regressions; the first rules
    units: tuple[str, ...] = ()  # "rpe=CR10": the unit of a regression that is not known
    posture: Switch = "auto"  # whether nets see each window's mean; auto: training athletes say

    def __post_init__(self) -> None:
        _check("signals.rate_hz", self.rate_hz, 0.0, 1000.0)
        _check("signals.window_s", self.window_s, 0.2, 60.0)
        _check("signals.hop_s", self.hop_s, 0.0, 60.0)
        _check("signals.purity", self.purity, 0.5, 1.0)
        _check_some("signals.tasks", self.tasks, "label")
        for pair in self.units:
            if not all(pair.partition("=")) or pair.partition("=")[0] not in self.tasks:
                raise RecipeError(
                    f"signals.units holds {pair!r}: it must be 'TASK=UNIT' of one of the tasks "
                    f"{', '.join(self.tasks)}, such as 'rpe=CR10'."
                )

    def unit(self, task: str) -> str:
        """The unit of a task as the recipe has it; empty where it does not say.

        >>> SignalsRecipe(tasks=("rpe",), units=("rpe=CR10",)).unit("rpe")
        'CR10'
        """
        return dict(pair.split("=", 1) for pair in self.units).get(task, "")


@dataclass(frozen=True)
class TeacherRecipe:
    """The big model; it may see channels that the student lacks."""

    channels: tuple[str, ...] = ()  # empty: the student's, and the heart rate if there is one
    members: tuple[Member, ...] = ("conv_lstm", "wide_cnn", "minirocket", "extra_trees")
    width: int = 64
    windows_seen: int = 80_000  # budget in windows, not epochs: large cohorts would take a day
    learning_rate: float = 2e-3

    def __post_init__(self) -> None:
        _check("teacher.width", self.width, 4, 1024)
        _check("teacher.windows_seen", self.windows_seen, 1, 1e9)
        _check("teacher.learning_rate", self.learning_rate, 1e-6, 1.0)
        _check_some("teacher.members", self.members, "conv_lstm")


@dataclass(frozen=True)
class StudentRecipe:
    """The small model that leaves for the phone."""

    size: Size = "medium"  # at most 10 k, 50 k, 150 k parameters
    windows_seen: int = 120_000
    learning_rate: float = 4e-3
    batch_size: int = 64
    base: str = ""  # where it starts: a folder or weights of `distride base`, or "general"
    one_task: bool = False  # with several tasks: as a control, also a student for each alone

    def __post_init__(self) -> None:
        _check("student.windows_seen", self.windows_seen, 1, 1e9)
        _check("student.learning_rate", self.learning_rate, 1e-6, 1.0)
        _check("student.batch_size", self.batch_size, 2, 4096)


@dataclass(frozen=True)
class DistillationRecipe:
    """Candidates of ``α·T²·KL + (1−α)·CE``; training athletes choose among them."""

    alphas: tuple[float, ...] = (0.25, 1.0)  # share of each batch of which the teacher speaks
    temperatures: tuple[float, ...] = (1.0,)
    windows_asked: int = 20_000  # mixtures of recorded windows, on which the teacher is asked
    labelled_athletes: int = 0  # 0: all; else only so many keep their labels in training

    def __post_init__(self) -> None:
        _check_some("distillation.alphas", self.alphas, 0.25)
        _check("distillation.alphas", self.alphas, 0.0, 1.0)
        _check_some("distillation.temperatures", self.temperatures, 1.0)
        _check("distillation.temperatures", self.temperatures, 0.1, 100.0)
        _check("distillation.windows_asked", self.windows_asked, 1, 1e9)
        _check("distillation.labelled_athletes", self.labelled_athletes, 0, 1e6)


@dataclass(frozen=True)
class AugmentationRecipe:
    """How training windows vary: as devices and people do."""

    rotation_deg: float = 30.0  # a slipped device: half the windows; the others a quarter of it
    mirror: Switch = "auto"  # half the windows as from the other arm; auto: one arm-worn device
    amplitude: float = 0.2  # standard deviation of the log-factor
    time_warp: float = 0.15  # standard deviation of the log-tempo
    channel_drop: float = 0.1  # chance of each loss: a sensor, all of a kind, a unit
    mixup: float = 0.2  # Beta parameter; 0 turns it off, in the teacher's lessons too
    half_turn: float = 0.0  # chance that the device is on inside out or the other way round

    def __post_init__(self) -> None:
        _check("augmentation.rotation_deg", self.rotation_deg, 0.0, 180.0)
        for name in ("channel_drop", "half_turn"):
            _check(f"augmentation.{name}", getattr(self, name), 0.0, 1.0)
        for name in ("amplitude", "time_warp", "mixup"):
            _check(f"augmentation.{name}", getattr(self, name), 0.0, 2.0)


@dataclass(frozen=True)
class PersonalizationRecipe:
    """How an athlete's labelled windows move the head."""

    shots: tuple[int, ...] = (0, 1, 3, 5, 10)  # windows a class
    weight: float = 1.0  # one window of the athlete is worth so many times a movement's of training
    finetune_steps: int = 30  # of the full fine-tuning it is compared with
    deeper_from: int = 10  # windows of every movement from which the body may move too
    deeper_windows: int = 6_400  # that such a training sees

    def __post_init__(self) -> None:
        _check("personalization.weight", self.weight, 1e-6, 1e3)
        _check("personalization.finetune_steps", self.finetune_steps, 1, 1e6)
        _check("personalization.deeper_from", self.deeper_from, 1, 1e6)
        _check("personalization.deeper_windows", self.deeper_windows, 1, 1e9)
        if not self.shots or self.shots[0] != 0 or list(self.shots) != sorted(set(self.shots)):
            raise RecipeError(
                f"personalization.shots is {list(self.shots)}: it must begin with 0 and rise."
            )


@dataclass(frozen=True)
class TransferRecipe:
    """How a student of one domain becomes one of another."""

    placements: tuple[str, ...] = ()  # "thigh=wrist": the target's stands for the source's
    windows_seen: int = 60_000  # over all stages
    learning_rate: float = 2e-3  # of the heads; lower layers move more slowly
    thaw_layers: int = 5  # gradual: so many layers of the body thaw, one a stage
    layer_factor: float = 2.6  # by which each layer is slower than the one above
    continued_windows: int = 0  # afterwards, all of the net at a tenth of the rate

    def __post_init__(self) -> None:
        for pair in self.placements:
            if not all(pair.partition("=")):
                raise RecipeError(
                    f"transfer.placements holds {pair!r}: it must be as in 'TARGET=SOURCE'."
                )
        _check("transfer.windows_seen", self.windows_seen, 1, 1e9)
        _check("transfer.learning_rate", self.learning_rate, 1e-6, 1.0)
        _check("transfer.thaw_layers", self.thaw_layers, 1, 5)
        _check("transfer.layer_factor", self.layer_factor, 1.0, 100.0)
        _check("transfer.continued_windows", self.continued_windows, 0, 1e9)


@dataclass(frozen=True)
class Recipe:
    """Everything a run depends on besides the data."""

    seed: int = 0
    device: DeviceName = "auto"  # where nets train: cuda, mps or cpu; auto: the first that is there
    signals: SignalsRecipe = field(default_factory=SignalsRecipe)
    teacher: TeacherRecipe = field(default_factory=TeacherRecipe)
    student: StudentRecipe = field(default_factory=StudentRecipe)
    distillation: DistillationRecipe = field(default_factory=DistillationRecipe)
    augmentation: AugmentationRecipe = field(default_factory=AugmentationRecipe)
    personalization: PersonalizationRecipe = field(default_factory=PersonalizationRecipe)
    transfer: TransferRecipe = field(default_factory=TransferRecipe)

    def __post_init__(self) -> None:
        _check("seed", self.seed, 0, 2**63 - 1)

    def with_labelled(self, athletes: int | None) -> "Recipe":
        """The same recipe where only so many training athletes keep their labels; None: as it is.

        >>> Recipe().with_labelled(3).distillation.labelled_athletes
        3
        """
        if athletes is None:
            return self
        distillation = dataclasses.replace(self.distillation, labelled_athletes=athletes)
        return dataclasses.replace(self, distillation=distillation)

    def with_device(self, name: str | None) -> "Recipe":
        """The same recipe on another device; None: as it is.

        Raises:
            RecipeError: No such kind of device.

        >>> Recipe().with_device("cpu").device
        'cpu'
        """
        device = self.device if name is None else recipe_from({"device": name}).device
        return dataclasses.replace(self, device=device)


def read_recipe(path: str | Path | None) -> Recipe:
    """Read a recipe from TOML; the defaults where there is no file.

    Raises:
        RecipeError: No such file, not TOML, an unknown key, or a value out of range.
    """
    if path is None:
        return Recipe()
    return recipe_from(read_table(path, "recipe", RecipeError))


def recipe_from(table: Mapping[str, Any]) -> Recipe:
    """A recipe from nested tables; what they leave out keeps its default.

    >>> recipe_from({"student": {"size": "small"}}).student.size
    'small'
    """
    return cast(Recipe, built(Recipe, table))


def _check(name: str, value: float | tuple[float, ...], low: float, high: float) -> None:
    for one in value if isinstance(value, tuple) else (value,):
        if not low <= one <= high:  # also false for NaN
            raise RecipeError(f"{name} is {one}: it must lie between {low:g} and {high:g}.")


def _check_some(name: str, values: tuple[object, ...], example: object) -> None:
    if not values or len(set(values)) < len(values):
        raise RecipeError(f"{name} is {list(values)}: give {example!r} or others, each once.")
