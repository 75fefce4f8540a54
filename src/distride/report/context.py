"""What stands on the page, section by section; a section the run lacks is None or empty."""

import base64
import json
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from distride.report import fact_lists, formatting, plots, tables, values
from distride.report.comparisons import (
    NAMED,
    Results,
    changes,
    classes,
    coach_shots,
    folds_of_speed_run,
    held_out,
    lowest,
    model_names,
    placebo,
    shipped,
    too_few,
    values_lead,
)
from distride.report.languages import Count, Say, say
from distride.report.results import interval, mapping, number, text, texts
from distride.report.summary import summary
from distride.tables import toml_of

SECTIONS = (
    "protocol",
    "models",
    "tasks",
    "distillation",
    "errors",
    "calibration",
    "personal",
    "per_athlete",
    "embedding",
    "bundle",
    "reproduce",
)


OF_CLASSES = ("models", "errors", "calibration", "personal", "per_athlete", "embedding")


@dataclass(frozen=True)
class ClassTask:
    """A classification beside the first task."""

    name: str
    models: tables.Models


@dataclass(frozen=True)
class Glance:
    """One large number at the top."""

    value: str
    label: Say
    note: Say | str


def context(results: Results) -> dict[str, Any]:
    """Everything the template asks for."""
    shots = coach_shots(results)
    return {
        "cohort": text(results, "cohort") or formatting.ABSENT,
        "created": text(results, "created")[:16].replace("T", " "),
        "subtitle": _subtitle(results),
        "banners": _banners(results),
        "summary": summary(results),
        "glance": _glance(results),
        "sections": _sections(results),
        "value_tasks": _value_tasks(results),
        "class_tasks": _class_tasks(results),
        "protocol": fact_lists.protocol(results),
        "protocol_models": [name for name in model_names(results) if name in NAMED],
        "models": tables.models(results),
        "members": tables.members(results),
        "few": too_few(results),
        "distillation": fact_lists.distillation(results),
        "confusion": plots.confusion(results),
        "reliability": plots.reliability(results),
        "calibration": fact_lists.calibration(results),
        "curves": plots.curves(results),
        "costs": fact_lists.costs(results),
        "athletes": tables.athletes(results),
        "shots": Count(shots[1] if shots else 0),
        "harm": fact_lists.harm(results),
        "lowest": lowest(results),
        "table": fact_lists.athlete_table(results),
        "embedding": plots.embedding(results),
        "bundle": fact_lists.bundle(results),
        "command": text(results, "command"),
        "recipe": toml_of(mapping(results, "recipe")),
        "reproduce": fact_lists.reproduce(results),
        "warnings": texts(results, "warnings"),
        "download": _download(results),
    }


def _sections(results: Results) -> tuple[str, ...]:
    """Those that apply: several tasks have one of their own, a number has no confusion."""
    several = _value_tasks(results) or _class_tasks(results)
    left_out = OF_CLASSES if values_lead(results) else ()
    return tuple(name for name in SECTIONS if name not in left_out and (several or name != "tasks"))


def _value_tasks(results: Results) -> list[values.ValueTask]:
    tasks = texts(results, "protocol", "tasks")
    first = tasks[:1] if values_lead(results) else ()
    others = (task for task in tasks[1:] if not texts(results, "protocol", "labels", task))
    return [values.value_task(results, task) for task in (*first, *others)]


def _class_tasks(results: Results) -> list[ClassTask]:
    tasks = texts(results, "protocol", "tasks")[1:]
    return [
        ClassTask(
            formatting.pretty(task),
            tables.models({**results, **mapping(results, "other_tasks", task)}),
        )
        for task in tasks
        if texts(results, "protocol", "labels", task)
    ]


def _count(results: Results, name: str) -> Count:
    return Count(number(results, "protocol", name) or 0)


def _subtitle(results: Results) -> list[Say]:
    counts = (
        ("subtitle_athletes", _count(results, "athletes")),
        ("subtitle_movements", Count(len(classes(results)))),
        ("subtitle_windows", _count(results, "windows")),
    )
    return [say(key, n=count) for key, count in counts if count]


def _banners(results: Results) -> list[Say]:
    tested = Count(len(held_out(results)))
    said = []
    fewer = folds_of_speed_run(results)
    if fewer:
        run, of = map(Count, fewer)
        said.append(say("banner_speed", run=run, of=of, n=tested))
    return [*said, say("banner_few", n=tested)] if too_few(results) else said


def _glance(results: Results) -> list[Glance]:
    return [
        *_glance_score(results),
        *_glance_worst(results),
        *_glance_personal(results),
        *_glance_size(results),
    ]


def _glance_error(results: Results) -> list[Glance]:
    found = values.error(results)
    if found is None:
        return []
    mae, ends = found
    note = say("figure_no_interval")
    if ends:
        low, high = map(formatting.quantity, ends)
        note = say("figure_interval", low=low, high=high)
    return [Glance(mae, say("figure_mae"), note)]


def _glance_score(results: Results) -> list[Glance]:
    if values_lead(results):
        return _glance_error(results)
    model = shipped(results)
    reached = number(results, "models", model, "macro_f1")
    if reached is None:
        return []
    ends = interval(results, "models", model, "interval")
    note = say("figure_no_interval")
    if ends:
        note = say("figure_interval", low=formatting.score(ends[0]), high=formatting.score(ends[1]))
    return [Glance(formatting.score(reached), say("figure_f1"), note)]


def _glance_worst(results: Results) -> list[Glance]:
    if len(held_out(results)) < 2 or values_lead(results):
        return []
    return [
        Glance(formatting.score(f1), say("figure_worst"), athlete)
        for athlete, f1 in lowest(results, 1)
    ]


def _glance_personal(results: Results) -> list[Glance]:
    found, shots, other = changes(results), coach_shots(results), placebo(results)
    if not found or shots is None:
        return []
    gain = formatting.points(fmean(change.gain for change in found))
    note = say("figure_placebo", points=formatting.points(other.mean)) if other else ""
    return [Glance(gain, say("figure_personal", k=Count(shots[1])), note)]


def _glance_size(results: Results) -> list[Glance]:
    small = number(results, "bundle", "bytes_int8")
    size = number(results, "bundle", "bytes") if small is None else small
    if size is None:
        return []
    time = fact_lists.latency(results, "latency_us_p50")
    note = "" if time == formatting.ABSENT else say("figure_latency", time=time)
    return [Glance(formatting.size(size), say("figure_size"), note)]


def _download(results: Results) -> str:
    """The results as a link, their embedding thinned as it is drawn: the page must stay small."""
    columns = mapping(results, "detail", "embedding")
    kept = {
        name: column[:: plots.stride(len(column))] if isinstance(column, list) else column
        for name, column in columns.items()
    }
    detail = {**mapping(results, "detail"), "embedding": kept or None}
    written = json.dumps({**results, "detail": detail}, ensure_ascii=False, separators=(",", ":"))
    return "data:application/json;base64," + base64.b64encode(written.encode()).decode()
