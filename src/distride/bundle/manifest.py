"""What a bundle says of itself; `docs/bundle.md` is the specification."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from distride.bundle.strict import build, dump, parse
from distride.errors import BundleError, DistrideError
from distride.signals import Scaler, SignalSpec

FORMAT = 1
CLASSIFICATION, REGRESSION = "classification", "regression"
SHIPPED = (
    "student",
    "student_alone",
    "student_label_smoothing",
    "student_hard_labels",
    "student_without_base",
)
VALIDATED = {"macro_f1": "validating athletes, macro-F1", "mae": "validating athletes, MAE"}
LARGEST = 1e30  # of the scaler's numbers
SHA256 = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True)
class Signals:
    """What the body sees, and in which units."""

    channels: tuple[str, ...]
    units: tuple[str, ...]
    rate_hz: float
    window_s: float
    hop_s: float

    def __post_init__(self) -> None:
        if len(self.units) != len(self.channels):
            raise BundleError(
                f"The bundle has {len(self.units)} units for {len(self.channels)} channels: "
                "there must be one each."
            )


@dataclass(frozen=True)
class Scaling:
    """Mean and scale of each channel over the training athletes."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]

    def __post_init__(self) -> None:
        fits = [*(abs(mean) <= LARGEST for mean in self.mean)]
        fits += [1 / LARGEST <= scale <= LARGEST for scale in self.scale]
        if len(self.mean) != len(self.scale) or not all(fits):
            raise BundleError(
                "The bundle's scaler needs a mean and a positive scale a channel, neither beyond "
                f"what float32 holds well ({LARGEST:g})."
            )


@dataclass(frozen=True)
class Body:
    """The width of the features, the size of the net, and the names of its two ends."""

    features: int
    params: int
    input: str = "windows"
    output: str = "features"

    def __post_init__(self) -> None:
        if self.features < 1 or self.params < 0:
            raise BundleError(
                f"The bundle's body has {self.features} features and {self.params} parameters: "
                "at least one feature is needed."
            )


@dataclass(frozen=True)
class TaskCard:
    """One task: what its head's outputs mean, and when not to trust them.

    Attributes:
        name: Of the task.
        kind: "classification" or "regression".
        labels: In the order of the outputs; none for a regression.
        unit: Of a regression's value.
        abstain_below: The confidence under which a device says that it is unsure.
        unknown_below: The familiarity under which a device says that it is none of the labels.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    unit: str = ""
    abstain_below: float = 0.0
    unknown_below: float = 0.0

    def __post_init__(self) -> None:
        known = {CLASSIFICATION: len(self.labels) >= 2, REGRESSION: not self.labels}
        if not self.name or not known.get(self.kind, False):
            raise BundleError(
                f"Task '{self.name}' is a {self.kind} with {len(self.labels)} labels: it needs a "
                "name, and either two labels or more as a classification or none as a regression."
            )
        if len(set(self.labels)) < len(self.labels):
            raise BundleError(f"Task '{self.name}' names a label twice in {list(self.labels)}.")
        if not (0 <= self.abstain_below <= 1 and 0 <= self.unknown_below <= 1):
            raise BundleError(
                f"Task '{self.name}' abstains below a confidence of {self.abstain_below} and a "
                f"familiarity of {self.unknown_below}: 0 to 1 is allowed."
            )


@dataclass(frozen=True)
class Distillation:
    """Which student was shipped, and how it would have been or was distilled."""

    shipped: str
    alpha: float
    temperature: float

    def __post_init__(self) -> None:
        if self.shipped not in SHIPPED:
            raise BundleError(
                f"The bundle ships '{self.shipped}': allowed are {', '.join(SHIPPED)}."
            )


@dataclass(frozen=True)
class Training:
    """Whose data, under which terms, and how well it went: scores by names of `VALIDATED`."""

    cohort: str
    licence: str
    citation: str
    athletes: int
    protocol: Mapping[str, Any]
    scores: Mapping[str, Any]

    def knows(self, cohort: str, athlete: str) -> bool:
        """Whether the model learnt from an athlete, by the names: they are no stranger then.

        Of other cohorts that it learnt from before, everybody counts as known.
        """
        told = self.protocol
        if (cohort, athlete) == (told.get("finetuned_on"), told.get("finetuned_for")):
            return True
        if cohort != self.cohort:
            return cohort in told.get("learnt_before", ())
        return athlete not in told.get("held_out", ())


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything of a bundle that is not weights.

    Attributes:
        format: Of the file; other numbers are refused.
        name: What to call the model.
        signals: What the body sees.
        scaler: How it is scaled first.
        body: The ends of the net.
        tasks: In the order of their importance.
        distillation: How the student came to be.
        training: Where it comes from.
        versions: Of the software that made it.
        sha256: Of every other entry; filled in when the bundle is made.
    """

    format: int = FORMAT
    name: str
    signals: Signals
    scaler: Scaling
    body: Body
    tasks: tuple[TaskCard, ...]
    distillation: Distillation
    training: Training
    versions: Mapping[str, str]
    sha256: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise BundleError(_unknown_format(self.format))
        names = [task.name for task in self.tasks]
        if not names or len(set(names)) < len(names):
            raise BundleError(f"The bundle's tasks are {names}: at least one, each once.")
        if len(self.scaler.mean) != len(self.signals.channels):
            raise BundleError(
                f"The bundle scales {len(self.scaler.mean)} channels and has "
                f"{len(self.signals.channels)}: these must be equal."
            )
        if not all(SHA256.match(digest) for digest in self.sha256.values()):
            raise BundleError("The bundle's manifest holds a sha256 that is none.")
        self.spec  # noqa: B018, its own checks

    @property
    def spec(self) -> SignalSpec:
        """What a window is."""
        own = self.signals
        try:
            return SignalSpec(own.channels, own.rate_hz, own.window_s, own.hop_s)
        except DistrideError as error:
            raise BundleError(f"The bundle's signals cannot be used: {error}") from error

    @property
    def scaling(self) -> Scaler:
        """What windows go through before the body."""
        return Scaler(
            np.array(self.scaler.mean, np.float32), np.array(self.scaler.scale, np.float32)
        )

    def task(self, name: str) -> TaskCard:
        """The task of that name."""
        return next(task for task in self.tasks if task.name == name)

    def to_json(self) -> bytes:
        """As `manifest.json`."""
        return dump(self)

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """From `manifest.json`.

        Raises:
            BundleError: Another format number, or anything the specification does not allow.
        """
        table = parse(text, "manifest.json")
        number = table.get("format") if isinstance(table, dict) else None
        if number != FORMAT or isinstance(number, bool):
            raise BundleError(_unknown_format(number))
        manifest: Manifest = build(cls, table, "manifest.json")
        return manifest


def _unknown_format(number: object) -> str:
    return (
        f"The bundle's format number is {number!r:.40} and this version reads {FORMAT}: update "
        "distride, or train anew."
    )
