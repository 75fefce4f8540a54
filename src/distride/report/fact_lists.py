"""The lists and tables of the evidence: each fact is the key of its name and its value."""

from dataclasses import dataclass

from distride.report import formatting, tables, values
from distride.report.comparisons import (
    NAMED,
    Change,
    Results,
    changes,
    folds_of,
    held_out,
    shipped,
    values_lead,
)
from distride.report.languages import Say, names, say
from distride.report.results import items, mapping, number, numbers, text, texts

TIMED = ("teacher", "student", "baselines", "personalization", "total")
COSTS = (
    ("cost_personal", "milliseconds_per_athlete"),
    ("cost_full", "full_finetune_milliseconds"),
)
MOST_NAMES = 40
METRICS = {"macro_f1": "metric_macro_f1", "mae": "metric_mae"}
Facts = list[tuple[str, Say | str]]


@dataclass(frozen=True)
class Distillation:
    """What the run says of its distillation; the gain is None where it was not measured."""

    known: bool
    gain: tables.Gain | None
    facts: Facts


@dataclass(frozen=True)
class AthleteRow:
    """One athlete's numbers: a score for each model, and the change by personal windows."""

    athlete: str
    scores: tuple[float | None, ...]
    change: Change | None


@dataclass(frozen=True)
class AthleteTable:
    """All athletes under the models that have scores for them."""

    models: tuple[str, ...]
    rows: tuple[AthleteRow, ...]


def protocol(results: Results) -> Facts:
    """Who was tested on what."""
    found = mapping(results, "protocol")
    metric, rate = text(found, "metric"), number(found, "rate_hz")
    named = say(METRICS[metric]) if metric in METRICS else metric
    return [
        ("protocol_athletes", formatting.whole(number(found, "athletes"))),
        ("protocol_folds", _folds(results)),
        ("protocol_held_out", say("list", parts=names(held_out(results), MOST_NAMES))),
        ("protocol_windows", _windows(results)),
        ("protocol_rate", "" if rate is None else f"{formatting.plain(rate)} Hz"),
        *_channels(results),
        ("protocol_tasks", _tasks(results)),
        ("protocol_metric", say("protocol_metric_value", metric=named) if metric else ""),
        ("protocol_labelled", _labelled(text(found, "labelled_athletes"))),
        *_base(results),
        *_posture(results),
    ]


def _base(results: Results) -> Facts:
    """Where students start, if not from nothing, and what that was worth."""
    name, gain = text(results, "base", "name"), number(results, "base", "gain")
    if not name:
        return []
    worth: Say | str = say("protocol_base_points", points=formatting.points(gain))
    if values_lead(results):
        worth = f"{formatting.signed(gain)} {values.unit(results)}"
    return [("protocol_base", say("protocol_base_value", name=name, gain=worth))]


def _posture(results: Results) -> Facts:
    """Whether nets see how a device hangs, and what trees on training athletes said of it."""
    seen, unseen = (number(results, "posture", name) for name in ("seen", "unseen"))
    if seen is None or unseen is None:
        return []
    see, of = (number(results, "posture", name) for name in ("folds_that_see", "folds"))
    scores = {"seen": formatting.score(seen), "unseen": formatting.score(unseen)}
    counts = {"see": formatting.whole(see), "of": formatting.whole(of)}
    key = "protocol_posture_teacher" if text(results, "base", "name") else "protocol_posture_value"
    return [("protocol_posture", say(key, **counts, **scores))]


def _folds(results: Results) -> Say | str:
    folds = folds_of(results)
    return say("protocol_folds_value", run=folds[0], of=folds[1]) if folds else ""


def _windows(results: Results) -> Say | str:
    windows = number(results, "protocol", "windows")
    if windows is None:
        return ""
    return say(
        "protocol_windows_value",
        windows=formatting.whole(windows),
        window=formatting.plain(number(results, "protocol", "window_s")),
        hop=formatting.plain(number(results, "protocol", "hop_s")),
    )


def _channels(results: Results) -> Facts:
    own = texts(results, "protocol", "channels")
    teacher = texts(results, "protocol", "teacher_channels")
    same = say("protocol_same_channels") if teacher and teacher == own else ", ".join(teacher)
    return [("protocol_channels", ", ".join(own)), ("protocol_teacher_channels", same)]


def _tasks(results: Results) -> str:
    labels = mapping(results, "protocol", "labels")
    described = (
        f"{task}: {', '.join(map(str, items(labels, task)))}" if items(labels, task) else task
        for task in texts(results, "protocol", "tasks")
    )
    return "; ".join(described)


def _labelled(stated: str) -> Say | str:
    return say("all") if stated == "all" else stated


def distillation(results: Results) -> Distillation:
    """What ships and with which settings it was distilled."""
    found = mapping(results, "distillation")
    ships = text(found, "shipped")
    facts: Facts = [
        ("distillation_shipped", say(f"model_{ships}") if ships in NAMED else ships),
        ("distillation_alpha", formatting.plain(number(found, "alpha"))),
        ("distillation_temperature", formatting.plain(number(found, "temperature"))),
        ("protocol_labelled", _labelled(text(found, "labelled_athletes"))),
        ("distillation_reason", text(found, "reason")),
    ]
    gain = None if values_lead(results) else tables.gain(results)  # drawn in points
    return Distillation(bool(found), gain, facts)


def calibration(results: Results) -> list[Say]:
    """The calibration error of what ships and where it says nothing, as far as measured."""
    ece = number(results, "models", shipped(results), "ece")
    told = [] if ece is None else [say("calibration_ece", ece=formatting.score3(ece))]
    doubt = numbers(results, "doubt")
    if {"ece", "ece_before"} <= doubt.keys():
        ends = {key: formatting.score3(doubt[key]) for key in ("ece", "ece_before")}
        told.append(say("calibration_pooled", **ends))
    if {"coverage", "unsure", "unknown", "macro_f1_answered"} <= doubt.keys():
        shares = {key: f"{100 * doubt[key]:.1f}%" for key in ("coverage", "unsure", "unknown")}
        f1 = formatting.score3(doubt["macro_f1_answered"])
        told.append(say("calibration_answered", f1=f1, **shares))
    return told


def costs(results: Results) -> list[Say]:
    """What personalisation costs, as far as it was timed."""
    timed = [(key, number(results, "personalization", name)) for key, name in COSTS]
    return [say(key, time=formatting.duration(ms / 1000)) for key, ms in timed if ms is not None]


def harm(results: Results) -> list[Say]:
    """The run's own count of the harmed."""
    without = number(results, "personalization", "harmed_without_guard")
    guarded = number(results, "personalization", "harmed_with_guard")
    if without is None and guarded is None:
        return []
    return [
        say("harm_counts", without=formatting.whole(without), guarded=formatting.whole(guarded))
    ]


def athlete_table(results: Results) -> AthleteTable:
    """Every athlete that any part of the results knows."""
    scored = tables.models(results).rows
    per_model = {row.name: numbers(results, "models", row.name, "per_athlete") for row in scored}
    per_model = {name: scores for name, scores in per_model.items() if scores}
    moved = {change.athlete: change for change in changes(results)}
    everyone = sorted(set(moved).union(*per_model.values()))
    listed = (
        AthleteRow(name, tuple(one.get(name) for one in per_model.values()), moved.get(name))
        for name in everyone
    )
    return AthleteTable(tuple(per_model), tuple(listed))


def latency(results: Results, key: str) -> str:
    """A time of the bundle, given in microseconds."""
    value = number(results, "bundle", key)
    return formatting.ABSENT if value is None else formatting.duration(value / 1e6)


def bundle(results: Results) -> Facts:
    """Facts about the file that ships; only those that were measured."""
    found = mapping(results, "bundle")
    agreement, points = (number(found, f"int8_{one}") for one in ("agreement", "f1_points"))
    facts = [
        ("bundle_path", text(found, "path")),
        ("bundle_bytes", formatting.size(number(found, "bytes"))),
        ("bundle_bytes_int8", formatting.size(number(found, "bytes_int8"))),
        ("bundle_params", formatting.whole(number(found, "params"))),
        ("bundle_p50", latency(results, "latency_us_p50")),
        ("bundle_p99", latency(results, "latency_us_p99")),
        ("bundle_parity", formatting.plain(number(found, "parity_max_abs_error"))),
        ("bundle_quantised", text(found, "quantised")),
        ("bundle_agreement", "" if agreement is None else f"{100 * agreement:.2f}%"),
        ("bundle_f1_points", "" if points is None else f"{points:+.2f}".replace("-", "−")),
    ]
    return [(key, value) for key, value in facts if value not in ("", formatting.ABSENT)]


def reproduce(results: Results) -> Facts:
    """What somebody needs to get the same numbers."""
    versions = [f"{name} {version}" for name, version in mapping(results, "versions").items()]
    spent = numbers(results, "seconds")
    seconds = tuple(
        say(f"seconds_{name}", time=formatting.duration(spent[name]))
        for name in TIMED
        if name in spent
    )
    return [
        ("reproduce_created", text(results, "created")),
        ("reproduce_seed", text(results, "seed")),
        ("reproduce_versions", ", ".join(versions)),
        ("reproduce_seconds", say("list", parts=seconds) if seconds else ""),
        ("reproduce_citation", text(results, "citation")),
        ("reproduce_licence", text(results, "licence")),
    ]
