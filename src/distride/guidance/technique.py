"""Each repetition beside the athlete's own good ones, and what the model says of its technique."""

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from distride.guidance.own import (
    FEWEST,
    LATEST,
    LEAST_SPREAD,
    MEDIAN_ERROR,
    Own,
    beside_sessions,
    few,
    spread,
)
from distride.guidance.rules import TechniqueTask
from distride.runtime import Comparison, Event, Heart, Rep, State, Technique

RECENT = 4  # repetitions: what is told of now
FIRST = 4  # of a set, which count as good where no model says otherwise
KEPT_REPS = 30  # good ones of a movement; older ones are another athlete
KEPT_SETS = 10
KEPT_S = 60.0  # of states; a set's first repetitions are told later than they were
SEES_S = 3.0  # a state is told of so long a time before it
HEART_HOLDS_S = 2.0  # it is told once a second
SENSOR_ERROR = 0.03  # of a heart rate
SAME_WORK = 0.2  # share by which range and duration may differ
FEWEST_SETS = 2  # before, for a heart rate of the same work


class TechniqueWatch:
    """Follows one session. Memory is bounded, and the work a repetition is constant.

    What is usual is this athlete's alone: the repetitions of the movement that the model calls
    good, or, where it says nothing, the first four of each set. Where the movement is not known, a
    set is compared with itself alone.

    Args:
        judge: Which task of the model judges, and which of its answers are good.
        usual: By movement, this athlete's good ones of sessions before, in the order of time.
    """

    def __init__(
        self, judge: TechniqueTask, usual: Mapping[str, Sequence[Own]] | None = None
    ) -> None:
        self._judge = judge
        self._usual = {movement: own[-LATEST:] for movement, own in (usual or {}).items()}
        self._states: deque[State] = deque()
        self._heart: Heart | None = None
        self._good: dict[str, deque[Rep]] = {}
        self._beats: dict[tuple[str, int], deque[tuple[Rep, float]]] = {}
        self._set: deque[tuple[Rep, str, float | None]] = deque(maxlen=RECENT)
        self._since = 0

    def push(self, events: Iterable[Event]) -> list[Technique]:
        """What is told of each repetition among the events.

        Args:
            events: In the order of time; also from one push to the next.
        """
        told = []
        for event in events:
            if isinstance(event, State) and event.task == self._judge.task:
                self._states.append(event)
                while event.t_s - self._states[0].t_s > KEPT_S:
                    self._states.popleft()
            elif isinstance(event, Heart):
                self._heart = event
            elif isinstance(event, Rep):
                told.append(self._told(event))
        return told

    def _told(self, rep: Rep) -> Technique:
        verdict, confidence = self._verdict(rep)
        if self._set and self._set[-1][0].set != rep.set:
            self._set.clear()
            self._good.pop("", None)  # the set before may have been another movement
        is_new = not self._set or self._set[-1][1] != verdict
        self._since = rep.number if is_new else self._since
        self._set.append((rep, verdict, confidence))
        compared = self._compared(rep)
        is_judged = bool(verdict and self._judge.good)
        is_good = verdict in self._judge.good if is_judged else rep.number <= FIRST
        if is_good:
            self._good[rep.movement].append(rep)
        return Technique(
            t_s=rep.t_s,
            set=rep.set,
            number=rep.number,
            movement=rep.movement,
            verdict=verdict,
            confidence=confidence,
            since=self._since if verdict else 0,
            is_good=is_good,
            faulty=self._faulty(),
            bpm=self._bpm_beside(rep),
            **compared,
        )

    def _compared(self, rep: Rep) -> dict[str, Comparison | None]:
        """The last repetitions beside the good ones of today, and of sessions before."""
        recent = [one for one, _, _ in self._set]
        good = self._good.setdefault(rep.movement, deque(maxlen=KEPT_REPS))
        before = [one for one in good if one not in recent]
        ranges, own_ranges = ([one.range_deg for one in some] for some in (recent, before))
        seconds, own_seconds = ([one.duration_s for one in some] for some in (recent, before))
        usual_range, usual_tempo = self._beside_sessions(rep.movement, recent)
        return {
            "range": _level(ranges, own_ranges),
            "tempo": _level(seconds, own_seconds),
            "spread": _spread(seconds, own_seconds),
            "usual_range": usual_range,
            "usual_tempo": usual_tempo,
        }

    def _beside_sessions(
        self, movement: str, recent: Sequence[Rep]
    ) -> tuple[Comparison | None, Comparison | None]:
        """Range and duration of the last repetitions beside the good ones of sessions before."""
        own = self._usual.get(movement, ())
        if len(recent) < RECENT:
            return None, None
        ranges = [one.range_deg for one in own], [one.range_spread for one in own]
        durations = [one.duration_s for one in own], [one.duration_spread for one in own]
        return (
            beside_sessions([one.range_deg for one in recent], *ranges),
            beside_sessions([one.duration_s for one in recent], *durations),
        )

    def _verdict(self, rep: Rep) -> tuple[str, float | None]:
        """The answer with most of the model's confidence; none where it rather abstained."""
        begin, end = rep.began_s + SEES_S / 2, rep.began_s + rep.duration_s + SEES_S / 2
        sure: dict[str, float] = {}
        seen = [one for one in self._states if begin <= one.t_s <= end]
        for one in seen:
            answer = "" if one.abstained else one.movement
            sure[answer] = sure.get(answer, 0.0) + (1.0 if not answer else one.confidence or 0.0)
        best = max(sure, key=lambda answer: sure[answer], default="")
        return (best, sure[best] / len(seen)) if best else ("", None)

    def _faulty(self) -> Comparison | None:
        """Percent of the last repetitions that are not good; of the model's confidence alone."""
        judged = [(verdict, sure) for _, verdict, sure in self._set if verdict and sure is not None]
        if not self._judge.good or len(judged) < RECENT:
            return None
        chance = np.array(
            [1 - sure if verdict in self._judge.good else sure for verdict, sure in judged]
        )
        error = math.sqrt(float((chance * (1 - chance)).sum())) / len(chance)
        return Comparison(100 * float(chance.mean()), 100 * error, len(chance))

    def _bpm_beside(self, rep: Rep) -> Comparison | None:
        """Beats above those at the same repetition of this athlete's like sets before."""
        heart = self._heart
        is_heard = heart is not None and abs(rep.t_s - heart.t_s) <= HEART_HOLDS_S
        if heart is None or heart.bpm is None or not (is_heard and rep.movement):
            return None
        before = self._beats.setdefault((rep.movement, rep.number), deque(maxlen=KEPT_SETS))
        like = [bpm for other, bpm in before if _is_same_work(rep, other)]
        before.append((rep, heart.bpm))
        if len(like) < FEWEST_SETS:
            return None
        spread = max(float(np.std(like, ddof=1)), SENSOR_ERROR * heart.bpm)
        error = spread * math.sqrt(1 + 1 / len(like))
        return Comparison(heart.bpm - float(np.mean(like)), error, len(like))


def _is_same_work(one: Rep, other: Rep) -> bool:
    pairs = ((one.range_deg, other.range_deg), (one.duration_s, other.duration_s))
    return all(abs(a - b) <= SAME_WORK * max(a, b) for a, b in pairs)


def _level(recent: Sequence[float], own: Sequence[float]) -> Comparison | None:
    """Median in percent of the own; the error is of chance alone, as Student's t spreads it."""
    if len(recent) < RECENT or len(own) < FEWEST or not np.median(own):
        return None
    chance = math.sqrt(1 / len(recent) + 1 / len(own))
    error = MEDIAN_ERROR * spread(own) * few(len(own)) * chance
    return Comparison(100 * float(np.median(recent)) / float(np.median(own)), 100 * error, len(own))


def _spread(recent: Sequence[float], own: Sequence[float]) -> Comparison | None:
    """Variation of durations in percent of the own; errors of two standard deviations."""
    if len(recent) < RECENT or len(own) < FEWEST:
        return None
    now, usual = (_variation(some) for some in (recent, own))
    share = now / max(usual, LEAST_SPREAD)
    error = share * math.sqrt(0.5 / (len(recent) - 1) + 0.5 / (len(own) - 1))
    return Comparison(100 * share, 100 * error, len(own))


def _variation(values: Sequence[float]) -> float:
    mean = float(np.mean(values))
    return float(np.std(values, ddof=1)) / mean if mean else 0.0
