"""The top of the page: what a coach should know, in plain words drawn from the numbers."""

from dataclasses import dataclass

from distride.report import formatting, values
from distride.report.caveats import WEAK_ATHLETE, caveats
from distride.report.comparisons import (
    AS_SHIPPED,
    STUDENTS,
    Change,
    Difference,
    Results,
    against,
    best_peer,
    changes,
    classes,
    coach_shots,
    difference,
    distillation,
    folds_of_speed_run,
    held_out,
    own_unguarded,
    placebo,
    shipped,
    too_few,
    values_lead,
)
from distride.report.languages import Count, Say, names, say
from distride.report.results import number, numbers, text, texts
from distride.signals.spec import sensor_of

GRADES = ((0.9, "headline_strong"), (0.8, "headline_good"), (0.65, "headline_fair"))
SENSORS = ("acc", "gyr", "mag", "heart_rate")


@dataclass(frozen=True)
class Summary:
    """Sentences for the top of the page, each group under its own small heading."""

    headline: Say
    does: tuple[Say, ...]
    unseen: tuple[Say, ...]
    personal: tuple[Say, ...]
    who: tuple[tuple[str, Say], ...]
    ships: tuple[Say, ...]
    good: tuple[Say, ...]
    caution: tuple[Say, ...]


def summary(results: Results) -> Summary:
    """All of the coach's words for one run."""
    good, caution = caveats(results)
    return Summary(
        headline=headline(results),
        does=(does(results),),
        unseen=tuple(unseen(results)),
        personal=tuple(personal(results)),
        who=who(results),
        ships=tuple(ships(results)),
        good=good,
        caution=caution,
    )


def headline(results: Results) -> Say:
    """One sentence on how good the model is on somebody new."""
    off = values.headline(results) if values_lead(results) else None
    reached = number(results, "models", shipped(results), "macro_f1")
    if reached is None and off is None:
        return say("headline_none")
    if too_few(results) or folds_of_speed_run(results):
        return say("headline_few", n=Count(len(held_out(results))))
    if off is not None or reached is None:
        return off or say("headline_none")
    key = next((key for least, key in GRADES if reached >= least), "headline_poor")
    scores = numbers(results, "models", shipped(results), "per_athlete").values()
    if key == "headline_strong" and min(scores, default=reached) < WEAK_ATHLETE:
        return say("headline_good")  # not on everybody
    return say(key)


def does(results: Results) -> Say:
    """What goes in and what comes out."""
    labels = [formatting.pretty(label) for label in classes(results)]
    kinds = dict.fromkeys(sensor_of(name) for name in texts(results, "protocol", "channels"))
    sensors = tuple(say(f"sensor_{kind}") if kind in SENSORS else kind for kind in kinds)
    seconds = number(results, "protocol", "window_s")
    told = names(sensors) if sensors else say("sensor_any")
    if values_lead(results):
        return values.does(results, told)
    if not labels or seconds is None:
        return say("does_unnamed")
    return say(
        "does",
        sensors=told,
        seconds=formatting.plain(seconds),
        n=Count(len(labels)),
        labels=names(labels, 8),
    )


def unseen(results: Results) -> list[Say]:
    """How good the shipped model is on an athlete it has never seen."""
    if values_lead(results):
        return values.unseen(results)
    model = shipped(results)
    reached = number(results, "models", model, "macro_f1")
    if reached is None:
        return [say("missing_model")]
    said = []
    accuracy = number(results, "models", model, "accuracy")
    if accuracy is not None:
        said.append(say("unseen_accuracy", percent=formatting.percent(accuracy)))
    said.append(say("unseen_f1", f1=formatting.score(reached)))
    scores = numbers(results, "models", model, "per_athlete")
    if len(scores) > 1:
        athlete = min(scores, key=lambda name: scores[name])
        below = sum(score < WEAK_ATHLETE for score in scores.values())
        said.append(say("unseen_worst", athlete=athlete, f1=formatting.score(scores[athlete])))
        if below:
            said.append(
                say(
                    "unseen_below",
                    n=below,
                    of=Count(len(scores)),
                    f1=formatting.score(WEAK_ATHLETE),
                )
            )
    return [*said, *_beside_peer(results)]


def _beside_peer(results: Results) -> list[Say]:
    peer = best_peer(results)
    if peer is None:
        return [say("peer_missing")]
    gap = against(results, peer)
    score = formatting.score(number(results, "models", peer, "macro_f1"))
    if gap is None or gap.interval is None:
        return [say("peer_no_interval", peer=say(f"model_{peer}"), f1=score)]
    keys = {1: "peer_better", 0: "peer_equal", -1: "peer_worse"}
    return [
        say(
            keys[gap.sign],
            peer=say(f"model_{peer}"),
            f1=score,
            points=formatting.points(abs(gap.mean)).removeprefix("+"),
        )
    ]


def personal(results: Results) -> list[Say]:
    """What a minute of the athlete's own data brings on the average."""
    found, shots = changes(results), coach_shots(results)
    if not found or shots is None:
        return [say("personal_missing")]
    return [_effort(results, shots[1]), _mean_gain(found), *_placebo(results)]


def who(results: Results) -> tuple[tuple[str, Say], ...]:
    """Who gains, who hardly changes, who gets worse; each with the colour it has below."""
    found = changes(results)
    if len(found) < 2:
        return (("same", say("personal_single")),) if found else ()
    gains, same, harmed = (_named(found, kind) for kind in ("gains", "same", "harmed"))
    said = []
    if gains:
        said.append(("gains", say("personal_gainers", n=Count(len(gains)), names=names(gains, 3))))
    if same:
        said.append(("same", say("personal_same", n=Count(len(same)))))
    if harmed:
        worse = say("personal_harmed", n=Count(len(harmed)), names=names(harmed, 5))
        return (*said, ("harmed", worse))
    return (*said, ("same", say("personal_nobody")))


def _effort(results: Results, shots: int) -> Say:
    window_s = number(results, "protocol", "window_s")
    n = len(classes(results))
    if window_s is None or not n:
        return say("personal_shots", k=Count(shots))
    return say("personal_effort", k=Count(shots), time=formatting.duration(shots * n * window_s))


def _mean_gain(found: list[Change]) -> Say:
    gap = difference([change.gain for change in found])
    before = sum(change.before for change in found) / len(found)
    told = {
        "before": formatting.score(before),
        "after": formatting.score(sum(change.after for change in found) / len(found)),
        "points": formatting.points(gap.mean if gap else None),
    }
    if gap is None or gap.interval is None:
        return say("personal_gain", **told)
    if gap.sign == 0:
        return say("personal_no_difference", **told, interval=_range(gap))
    return say("personal_gain_interval", **told, interval=_range(gap))


def _placebo(results: Results) -> list[Say]:
    other = placebo(results)
    own = own_unguarded(results)
    if other is None or own is None:
        return []
    told = {"own": formatting.points(own.mean), "points": formatting.points(other.mean)}
    return [say("personal_placebo", **told)]


def _named(found: list[Change], kind: str) -> list[str]:
    ranked = sorted(found, key=lambda change: -abs(change.gain))
    return [
        f"{change.athlete} ({formatting.points(change.gain)})"
        for change in ranked
        if change.verdict == kind
    ]


def _range(gap: Difference) -> Say:
    low, high = gap.interval or (gap.mean, gap.mean)
    return say("range", low=formatting.points(low), high=formatting.points(high))


def ships(results: Results) -> list[Say]:
    """Which model is shipped, and what the teacher had to do with it."""
    stated = text(results, "distillation", "shipped")
    if not stated:
        return [say("ships_missing")]
    said = [say(f"ships_{stated}" if stated in STUDENTS else "ships_other")]
    if shipped(results) == AS_SHIPPED:
        said.append(say("ships_mixed"))
    gap = distillation(results)
    if gap is None:
        return [*said, say("gain_missing")]
    if values_lead(results):
        return [*said, values.gain(results, gap)]
    points = formatting.points(gap.mean)
    if gap.interval is None:
        return [*said, say("gain_no_interval", points=points)]
    keys = {1: "gain_positive", 0: "gain_none", -1: "gain_negative"}
    return [*said, say(keys[gap.sign], points=points, interval=_range(gap))]
