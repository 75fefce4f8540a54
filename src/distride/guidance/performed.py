"""What was done of each movement in a session."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from distride.guidance.own import own_of
from distride.guidance.pulse import HeartRate
from distride.guidance.summary import Movement
from distride.runtime import Event, Rep, SetEnded, State, Technique


def movements(events: Sequence[Event], heart: HeartRate) -> tuple[Movement, ...]:
    """Each movement of a session, in the order in which they first were.

    Args:
        events: Of the session, in the order of time.
        heart: What may be read of the heart rate.
    """
    states = [one for one in events if isinstance(one, State)]
    sure = [pair for pair in held(first_task(states)) if not pair[0].abstained]
    sets = sets_of(events)
    said = {one.t_s: one.movement for one, _ in sure}
    names = dict.fromkeys([*said.values(), *(one.movement for one in sets)])
    others = [one for one in states if one.movement and one.task != _task(states)]
    return tuple(
        _movement(
            name,
            [pair for pair in sure if pair[0].movement == name],
            [one for one in sets if one.movement == name],
            [one for one in others if said.get(one.t_s) == name],
            (heart, _good(events, name, sets)),
        )
        for name in names
    )


def sets_of(events: Iterable[Event]) -> tuple[SetEnded, ...]:
    """The sets that were ended; of one that the athlete corrected, what it was told to be last."""
    told = {one.number: one for one in events if isinstance(one, SetEnded)}
    return tuple(told.values())


def _movement(
    name: str,
    sure: Sequence[tuple[State, float]],
    sets: Sequence[SetEnded],
    others: Sequence[State],
    seen: tuple[HeartRate, Sequence[Rep]],
) -> Movement:
    heart, good = seen
    lasting = {state.t_s: seconds for state, seconds in sure}
    judged: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in others:
        judged[one.task][one.movement] += lasting[one.t_s]
    beats = [heart.between(state.t_s - seconds, state.t_s) for state, seconds in sure]
    bpm = np.concatenate([*beats, np.zeros(0)])
    return Movement(
        name=name,
        seconds=sum(lasting.values()),
        sets=len(sets),
        repetitions=sum(one.repetitions for one in sets),
        seconds_a_rep=_median(one.seconds_a_rep for one in sets),
        range_deg=_median(one.range_deg for one in sets),
        regularity=_median(one.regularity for one in sets),
        mean_bpm=float(bpm.mean()) if len(bpm) else None,
        own=own_of(good),
        judged={task: dict(answers) for task, answers in judged.items()},
    )


def _good(events: Sequence[Event], movement: str, sets: Sequence[SetEnded]) -> list[Rep]:
    """Its repetitions that were told to be good; they are what their set was called at last."""
    judged = [one for one in events if isinstance(one, Technique) and one.is_good]
    good = {(one.set, one.number) for one in judged}
    called = {one.number: one.movement for one in sets}
    reps = [one for one in events if isinstance(one, Rep) and (one.set, one.number) in good]
    return [one for one in reps if called.get(one.set, one.movement) == movement]


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return float(np.median(known)) if known else None


def _task(states: Sequence[State]) -> str:
    """The first that is no number: a bundle names its movements first."""
    return next((one.task for one in states if one.confidence is not None), "")


def first_task(states: Sequence[State]) -> list[State]:
    """Those of the movements."""
    task = _task(states)
    return [one for one in states if one.task == task]


def held(states: Sequence[State]) -> list[tuple[State, float]]:
    """Each state with the seconds it stands for: since the one before, a hop at most."""
    if not states:
        return []
    steps = np.diff([one.t_s for one in states])
    hop = float(np.median(steps)) if len(steps) else 0.0
    lasting = np.append(hop, np.minimum(steps, hop))
    return list(zip(states, lasting.tolist(), strict=True))
