"""The model card: what a person should know before trusting the model."""

from distride.bundle.manifest import Manifest, TaskCard


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


def _task(task: TaskCard) -> str:
    if not task.labels:
        return f"Predicts {task.name}" + (f" in {task.unit}" if task.unit else "")
    return (
        f"Tells {task.name}: {', '.join(task.labels)}; is unsure below a confidence of "
        f"{task.abstain_below:g}, and says that it is none of these below a familiarity of "
        f"{task.unknown_below:g}"
    )
