"""The model card: what a person should know before trusting the model."""

from collections.abc import Mapping
from typing import Any

from distride.bundle.manifest import Manifest, TaskCard

QUANTISED = "quantised"  # of a manifest's protocol
SMALLER = {
    "int8": "int8 weights and activations",
    "int8 weights": "int8 weights alone, because with int8 activations it answered otherwise",
    "none": "not at all, because quantised it answered otherwise",
}


def card_of(manifest: Manifest) -> str:
    """Markdown from what the manifest knows."""
    signals, training = manifest.signals, manifest.training
    channels = ", ".join(
        f"{name} ({unit})" if unit else name
        for name, unit in zip(signals.channels, signals.units, strict=True)
    )
    lines = [
        f"# {manifest.name}",
        "",
        f"Reads windows of {signals.window_s:g} s at {signals.rate_hz:g} Hz, one every "
        f"{signals.hop_s:g} s.",
        "",
        f"- Channels: {channels}",
        *[f"- {_task(task)}" for task in manifest.tasks],
        f"- Body: {manifest.body.params} parameters, {manifest.body.features} features",
        *_smaller(training.protocol.get(QUANTISED)),
        f"- Shipped: {manifest.distillation.shipped}",
        f"- Trained on: {training.cohort}, {training.athletes} athletes",
        f"- Licence of the data: {training.licence or 'not stated'}",
        f"- Citation: {training.citation or 'not stated'}",
        *[f"- {name}: {value}" for name, value in training.scores.items()],
        "",
        "The scores are those of athletes who were not in training. A person who moves, or wears "
        "the device, as none of them did may be read worse: personalise, and look at the result.",
    ]
    return "\n".join(lines) + "\n"


def _smaller(told: Mapping[str, Any] | None) -> list[str]:
    """How the smaller body is quantised; nothing where a bundle does not say."""
    if told is None:
        return []
    line = f"- Quantised body: {SMALLER.get(told['how'], told['how'])}"
    if told["same_answers"] is not None:
        line += (
            f"; the same answers in {100 * told['same_answers']:.1f} % of {told['windows']} windows"
            " of training athletes"
        )
    if told["same_values"] is not None:
        line += f"; {100 * told['same_values']:.1f} % of the variance of its values"
    return [line]


def _task(task: TaskCard) -> str:
    if not task.labels:
        return f"Predicts {task.name}" + (f" in {task.unit}" if task.unit else "")
    return (
        f"Tells {task.name}: {', '.join(task.labels)}; is unsure below a confidence of "
        f"{task.abstain_below:g}, and says that it is none of these below a familiarity of "
        f"{task.unknown_below:g}"
    )
