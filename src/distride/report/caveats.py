"""What to trust and what not to: each rule looks at one thing and says which side it is on."""

import math
from collections.abc import Iterator

from distride.report import formatting, values
from distride.report.comparisons import (
    Results,
    against,
    best_peer,
    changes,
    coach_shots,
    distillation,
    folds_of_speed_run,
    held_out,
    shipped,
    too_few,
    values_lead,
)
from distride.report.languages import Count, Say, names, say
from distride.report.results import items, mapping, number, numbers

FIRM_CLASS, WEAK_CLASS = 0.9, 0.7
WEAK_ATHLETE = 0.65
FIRM_ECE = 0.05
SAME_DECISIONS = 0.99
SAME_OUTPUTS = 1e-3

Sided = Iterator[tuple[bool, Say]]


def caveats(results: Results) -> tuple[tuple[Say, ...], tuple[Say, ...]]:
    """Sentences to trust, and sentences of caution; of few nothing good is said."""
    of_classes = (_classes, _athletes, _confidence, _peer, _harm)
    of_values = (_trivial, _value_peer)
    of_people = (_protocol, *(of_values if values_lead(results) else of_classes), _teacher)
    people = [sided for rule in of_people for sided in rule(results)]
    things = [*_bundle(results), *_warnings(results)]
    is_claim = not too_few(results) and not folds_of_speed_run(results)
    good = [sentence for is_good, sentence in people if is_good and is_claim]
    good += [sentence for is_good, sentence in things if is_good]
    return tuple(good), tuple(sentence for is_good, sentence in people + things if not is_good)


def _protocol(results: Results) -> Sided:
    tested = held_out(results)
    if too_few(results):
        yield False, say("caution_few", n=Count(len(tested)), names=names(tested))
    fewer = folds_of_speed_run(results)
    if fewer:
        yield False, say("caution_speed", run=fewer[0], of=fewer[1])
    elif tested:
        yield True, say("trust_protocol", n=Count(len(tested)))


def _classes(results: Results) -> Sided:
    scores = numbers(results, "detail", "per_class_f1")
    ranked = sorted(scores, key=lambda label: scores[label])
    weak = [formatting.pretty(label) for label in ranked if scores[label] < WEAK_CLASS]
    firm = [formatting.pretty(label) for label in reversed(ranked) if scores[label] >= FIRM_CLASS]
    if firm:
        yield True, say("trust_classes", names=names(firm), f1=formatting.score(FIRM_CLASS))
    if weak:
        yield False, say("caution_classes", names=names(weak), f1=formatting.score(WEAK_CLASS))


def _athletes(results: Results) -> Sided:
    scores = numbers(results, "models", shipped(results), "per_athlete")
    if len(scores) < 2:
        return
    ranked = sorted(scores, key=lambda athlete: scores[athlete])
    weak = [athlete for athlete in ranked if scores[athlete] < WEAK_ATHLETE]
    if weak:
        yield (
            False,
            say(
                "caution_athletes",
                n=len(weak),
                of=Count(len(scores)),
                f1=formatting.score(WEAK_ATHLETE),
                names=names(weak),
            ),
        )
    else:
        least = math.floor(100 * scores[ranked[0]]) / 100  # rounded up, it would not be true
        yield True, say("trust_athletes", f1=formatting.score(least))


def _confidence(results: Results) -> Sided:
    ece = number(results, "models", shipped(results), "ece")
    if ece is None:
        yield False, say("caution_confidence_unknown")
    elif ece <= FIRM_ECE:
        yield True, say("trust_confidence", points=f"{100 * ece:.1f}")
    else:
        yield False, say("caution_confidence", points=f"{100 * ece:.1f}")


def _peer(results: Results) -> Sided:
    peer = best_peer(results)
    gap = against(results, peer) if peer else None
    if gap is not None and gap.interval is not None and gap.sign <= 0:
        key = "caution_peer_worse" if gap.sign < 0 else "caution_peer_equal"
        yield False, say(key, peer=say(f"model_{peer}"))


def _teacher(results: Results) -> Sided:
    gain = distillation(results)
    if gain is not None and gain.interval is not None and gain.sign <= 0:
        yield False, say("caution_teacher_harms" if gain.sign < 0 else "caution_teacher")


def _trivial(results: Results) -> Sided:
    better = values.beats_the_trivial(results)
    if better is not None:
        yield better, say("trust_trivial" if better else "caution_trivial")


def _value_peer(results: Results) -> Sided:
    found = values.best_peer(results)
    if found is not None and found[1].interval is not None and found[1].sign <= 0:
        key = "caution_peer_worse" if found[1].sign else "caution_peer_equal"
        yield False, say(key, peer=say(f"model_{found[0]}"))


def _harm(results: Results) -> Sided:
    found, shots = changes(results), coach_shots(results)
    if len(found) < 2 or shots is None:
        return
    harmed = [change.athlete for change in found if change.verdict == "harmed"]
    if harmed:
        yield False, say("caution_harmed", n=Count(len(harmed)), names=names(harmed))
    elif any(change.live is not False for change in found):
        yield True, say("trust_unharmed", k=Count(shots[1]), n=len(found))


def _bundle(results: Results) -> Sided:
    agreement = number(results, "bundle", "int8_agreement")
    if mapping(results, "bundle").get("quantised") == "none":
        yield False, say("caution_unquantised")
    elif agreement is not None:
        values = {"percent": f"{100 * agreement:.1f}%"}
        kept = agreement >= SAME_DECISIONS
        yield kept, say("trust_int8" if kept else "caution_int8", **values)
    parity = number(results, "bundle", "parity_max_abs_error")
    if parity is not None and parity > SAME_OUTPUTS:
        yield False, say("caution_parity", error=formatting.plain(parity))


def _warnings(results: Results) -> Sided:
    n = len(items(results, "warnings"))
    if n:
        yield False, say("caution_warnings", n=Count(n))
