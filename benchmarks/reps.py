"""How well repetitions are counted live, beside simple counters that are told where a set is.

python benchmarks/reps.py DATA [--out FILE]

DATA holds the cohorts' folders. The counter knows nothing of the movement or the athlete: it counts
whatever repeats. It reads whole recordings, and each set whose number of repetitions is known is
compared with what it counted between the set's borders. Nothing is learnt from anybody: the
counter's constants are the package's. The peers see the same signals of the set alone.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.signal import butter, find_peaks, sosfiltfilt

from distride.data import Cohort, Recording
from distride.data.simulate import simulate_cohort
from distride.data.simulate.athletes import RATE_HZ
from distride.data.simulate.device import draw_device, sensed
from distride.data.simulate.person import draw_person
from distride.guidance.repeating import Counting
from distride.guidance.sets import SetCounter
from distride.guidance.template import Template
from distride.runs.folder import write_json
from distride.runtime import Event, Rep, SetEnded, SetStarted
from distride.signals import measured_hz, sensor_of

HERE = Path(__file__).parent
SIMULATED_ATHLETES = 10
A_PUSH = 64
MARGIN_S = 1.0  # a repetition may begin so much outside of a set's borders
BORDERS = ("start_told_after_s", "begin_off_s", "end_off_s", "end_told_after_s")
QUIET_ATHLETES, QUIET_S = 3, 300.0
QUIET = {
    "sitting": ("sitting",),
    "lying": ("lying_back", "lying_right"),
    "standing, in a lift too": ("standing", "standing_elevator", "moving_elevator"),
    "walking": ("walking_parking_lot",),
}
LIFTING = ("arm", "forearm", "dumbbell")  # units that move in a curl; the belt does not
DRESSING_S = 180.0  # of each simulated wrist
JOIN_S = 0.03  # from a recording's last sample to the next one's first
ONCE = (  # done once in a recording, by what they are
    *("throw", "catch", "push", "pickup_throw", "arm_cross", "swipe_left", "swipe_right"),
    *("bowling", "baseball_swing", "basketball_shoot", "tennis_serve", "tennis_swing"),
    *("sit_to_stand", "stand_to_sit", "lunge", "squat"),
)


@dataclass(frozen=True)
class KnownSet:
    """A stretch of a recording in which the number of repetitions is known, s."""

    begin_s: float
    end_s: float
    count: int


@dataclass(frozen=True)
class Case:
    """A recording, its sets, and what its athlete showed before, of whatever repeats."""

    recording: Recording
    sets: tuple[KnownSet, ...]
    shown: Template | None = None


class Told(NamedTuple):
    """What was told of sets, by kind."""

    started: list[SetStarted]
    reps: list[Rep]
    ended: list[SetEnded]

    @classmethod
    def of(cls, events: Sequence[Event]) -> "Told":
        """The events of each kind."""
        return cls(
            [one for one in events if isinstance(one, SetStarted)],
            [one for one in events if isinstance(one, Rep)],
            [one for one in events if isinstance(one, SetEnded)],
        )


def main() -> None:
    """Measure and write all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the cohorts' folders")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "reps.json")
    given = parser.parse_args()
    exercises = Cohort.open(given.data / "pt_exercises")
    tens, rows = list(bordered(exercises)), list(thirties(exercises))
    cases = {
        "pt_exercises, sets of ten": tens,
        "pt_exercises, sets of ten, one shown": with_shown(tens, exercises, 1),
        "pt_exercises, sets of ten, three shown": with_shown(tens, exercises, 3),
        "pt_exercises, three sets in a row": rows,
        "pt_exercises, three sets in a row, one shown": with_shown(rows, exercises, 1),
        "pt_exercises, three sets in a row, three shown": with_shown(rows, exercises, 3),
        "wle_weightlifting, five sets in a row": fifties(
            Cohort.open(given.data / "wle_weightlifting")
        ),
        "simulated": simulated(),
    }
    found = {name: counted(list(some)) for name, some in cases.items()}
    found["false"] = {
        **false_alarms(Cohort.open(given.data / "dsads")),
        "single actions": single_actions(Cohort.open(given.data / "utd_mhad")),
        "changing clothes, simulated": changing_clothes(),
    }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(given.out, found)
    print(json.dumps(found, indent=1))  # noqa: T201


def bordered(cohort: Cohort) -> Iterator[Case]:
    """Recordings in which somebody marked each repetition: ten of each execution are a set."""
    for athlete in cohort.athletes:
        for recording in cohort.read(athlete):
            runs = list(_runs(recording, "execution"))
            sets = tuple(one for one in runs if one.count > 1)
            if sets:
                yield Case(recording, sets)


def thirties(cohort: Cohort) -> Iterator[Case]:
    """Ten correct, ten fast and ten small repetitions, one after the other."""
    for athlete in cohort.athletes:
        for recording in cohort.read(athlete):
            if recording.name.endswith("_test"):
                yield Case(recording, (KnownSet(recording.t[0], recording.t[-1], 30),))


def with_shown(cases: Iterable[Case], cohort: Cohort, count: int) -> Iterator[Case]:
    """The same after the athlete showed the exercise: correctly, then fast, then small."""
    for case in cases:
        exercise, name = case.recording.name.split("_")[0], case.recording.athlete
        [before] = [one for one in cohort.read(name) if one.name == f"{exercise}_template_session"]
        borders = [(one.begin_s, one.end_s) for one in _runs(before, "execution")][:count]
        channels = _motion(before)
        recorded = before.t, before.samples(channels)
        yield replace(case, shown=Template.shown("", channels, recorded, borders))


def fifties(cohort: Cohort) -> Iterator[Case]:
    """An athlete's five sets of ten lifts, soon after each other, of each unit that moves.

    The units' clocks differ by up to five seconds and the recordings are cut by one clock, so that
    none of them holds its ten lifts of every unit; joined again they hold fifty of each.
    """
    for athlete in cohort.athletes:
        whole = _joined(list(cohort.read(athlete)))
        for unit in LIFTING:
            yield Case(_unit(whole, unit), (KnownSet(whole.t[0], whole.t[-1], 50),))


def simulated(seed: int = 1) -> Iterator[Case]:
    """Simulated athletes' sessions: a set of each movement, with rests between them."""
    for recording in simulate_cohort(SIMULATED_ATHLETES, seed):
        yield Case(recording, tuple(_runs(recording, "label")))


def counted(cases: list[Case]) -> dict[str, Any]:
    """Scores of the live counter and of the peers on all sets."""
    errors: dict[str, list[int]] = {"autocorrelation": [], "peaks": []}
    for case in cases:
        for one in case.sets:
            axis = _main_axis(case.recording, one)
            errors["autocorrelation"].append(by_autocorrelation(*axis) - one.count)
            errors["peaks"].append(by_peaks(*axis) - one.count)
    found = scores([(case, told(case.recording, case.shown)) for case in cases])
    truth = np.array([one.count for case in cases for one in case.sets])
    peers = {name: scored(truth + np.array(some), truth) for name, some in errors.items()}
    return found | {"counters": {**found["counters"], **peers}}


def scores(heard: Sequence[tuple[Case, Told]]) -> dict[str, Any]:
    """How what was told compares with what was done."""
    counts, seconds, false = [], 0.0, 0
    borders: dict[str, list[float]] = {name: [] for name in BORDERS}
    truth = [one.count for case, _ in heard for one in case.sets]
    for case, (started, reps, ended) in heard:
        counts += set_counts(case, Told(started, reps, ended))
        for one in case.sets:
            for first in [set_ for set_ in started if _is_in(set_.began_s, one)][:1]:
                borders["start_told_after_s"].append(first.t_s - one.begin_s)
            for last in [set_ for set_ in ended if _is_in(set_.ended_s, one)][-1:]:
                borders["begin_off_s"].append(abs(last.began_s - one.begin_s))
                borders["end_off_s"].append(abs(last.ended_s - one.end_s))
                borders["end_told_after_s"].append(last.t_s - one.end_s)
        outside = [rep for rep in reps if not any(_is_in(_middle(rep), one) for one in case.sets)]
        false += len(outside)
        seconds += case.recording.seconds - sum(one.end_s - one.begin_s for one in case.sets)
    return {
        "athletes": len({case.recording.athlete for case, _ in heard}),
        "sets": len(truth),
        "repetitions": sum(truth),
        "counters": {"live": scored(np.array(counts), np.array(truth))} if truth else {},
        "borders": {name: _middle_and_late(some) for name, some in borders.items() if some},
        "false_an_hour_between_sets": 3600 * false / seconds if seconds > 60 else None,
    }


def set_counts(case: Case, heard: Told) -> list[int]:
    """How many repetitions were told of each set."""
    return [_within(heard.reps, heard.ended, one) for one in case.sets]


def told(
    recording: Recording, shown: Template | None = None, counting: Counting | None = None
) -> Told:
    """What the live counter tells of a recording."""
    channels = _motion(recording)
    own = {"": shown} if shown else {}
    counter = SetCounter(channels, measured_hz(recording.t), own=own, counting=counting)
    samples = recording.samples(channels)
    events: list[Event] = []
    for start in range(0, len(samples), A_PUSH):
        rows = slice(start, start + A_PUSH)
        events += counter.push(recording.t[rows], samples[rows])
    return Told.of([*events, *counter.close()])


def false_alarms(cohort: Cohort) -> dict[str, Any]:
    """Repetitions an hour that are told where nobody trains, by what people did."""
    found = {name: [0, 0.0] for name in QUIET}
    for athlete in cohort.athletes[:QUIET_ATHLETES]:
        for recording in cohort.read(athlete):
            label = str(recording.labels["label"][0])
            for name, labels in QUIET.items():
                if label in labels:
                    part = _arm(recording)
                    found[name][0] += len(told(part)[1])
                    found[name][1] += part.seconds
    return {name: false_score(int(n), s) for name, (n, s) in found.items()}


def false_score(reps: int, seconds: float) -> dict[str, float]:
    """Hours, and repetitions told in one."""
    return {"hours": seconds / 3600, "an_hour": 3600 * reps / seconds}


def single_actions(cohort: Cohort) -> dict[str, float]:
    """Repetitions an hour that are told of actions done once, a few seconds each."""
    reps, seconds = 0, 0.0
    for athlete in cohort.athletes:
        for recording in cohort.read(athlete):
            if str(recording.labels["label"][0]) in ONCE:
                reps += len(told(_worn(recording))[1])
                seconds += recording.seconds
    return false_score(reps, seconds)


def changing_clothes() -> dict[str, float]:
    """The same of simulated wrists that go from one posture to any other, as when one dresses."""
    reps = 0
    for number in range(SIMULATED_ATHLETES):
        reps += len(told(_dressing(np.random.default_rng(number)))[1])
    return false_score(reps, SIMULATED_ATHLETES * DRESSING_S)


def _dressing(rng: np.random.Generator) -> Recording:
    """Reaches of 0.3 to 1.5 s to a posture that is no other's, a hold of up to 1.5 s after each."""
    postures, steps = [np.array([0.0, 1.2, 0.0])], [np.zeros((1, 3))]
    while sum(map(len, steps)) < DRESSING_S * RATE_HZ:
        aim = rng.normal([0.2, 0.8, 0.0], [0.5, 0.6, 0.5])
        share = (1 - np.cos(np.linspace(0, np.pi, round(rng.uniform(0.3, 1.5) * RATE_HZ)))) / 2
        steps.append(postures[-1] + share[:, None] * (aim - postures[-1]))
        steps.append(np.tile(aim, (round(rng.uniform(0, 1.5) * RATE_HZ), 1)))
        postures.append(aim)
    angles = np.concatenate(steps)[: round(DRESSING_S * RATE_HZ)]
    motion = angles, np.zeros(len(angles))
    device = draw_device(rng, rng.normal(0, 0.2, 3))
    sensors = sensed(draw_person(rng), device, motion, RATE_HZ, rng)
    channels = {
        f"wrist_{sensor}_{axis}": values[:, index].astype(np.float32)
        for sensor, values in zip(("acc", "gyr"), sensors, strict=True)
        for index, axis in enumerate("xyz")
    }
    return Recording("nobody", "dressing", np.arange(len(angles)) / RATE_HZ, channels, {})


def by_autocorrelation(x: np.ndarray, rate_hz: float) -> int:
    """Duration over the lag of the highest peak of the autocorrelation beyond 0.4 s."""
    full = np.correlate(x, x, "full")[len(x) - 1 :] / max(float(x @ x), 1e-12)
    full = full / np.arange(len(x), 0, -1) * len(x)
    peaks, _ = find_peaks(full[: len(x) // 2])
    peaks = peaks[peaks > 0.4 * rate_hz]
    return round(len(x) / peaks[full[peaks].argmax()]) if len(peaks) else 1


def by_peaks(x: np.ndarray, rate_hz: float) -> int:
    """Peaks that stand out by one standard deviation, at least 0.4 s apart."""
    peaks, _ = find_peaks(x, prominence=x.std(), distance=max(1, round(0.4 * rate_hz)))
    return len(peaks)


def _motion(recording: Recording) -> tuple[str, ...]:
    return tuple(name for name in recording.channels if sensor_of(name) in ("acc", "gyr"))


def scored(counts: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Shares of sets, and of repetitions.

    Args:
        counts: ``(set,)`` what was told.
        truth: ``(set,)`` what was done.
    """
    errors = np.abs(counts - truth)
    return {
        "exact": float((errors == 0).mean()),
        "off_by_at_most_one": float((errors <= 1).mean()),
        "miscount": float(errors.sum() / truth.sum()),
    }


def _middle_and_late(seconds: list[float]) -> dict[str, float]:
    return {"median": float(np.median(seconds)), "nine_of_ten": float(np.percentile(seconds, 90))}


def _runs(recording: Recording, column: str) -> Iterator[KnownSet]:
    """Stretches of one value of a column, with the number of the repetitions in them."""
    value = np.asarray(recording.labels[column]).astype(str)
    rep = recording.labels["rep"] if "rep" in recording.labels else recording.channels["rep"]
    rep = np.where(np.isin(rep.astype(str), ["", "nan"]), "", rep.astype(str))
    known = np.flatnonzero(rep != "")
    if len(known) == 0:
        return
    starts = np.flatnonzero(np.r_[True, value[known][1:] != value[known][:-1]])
    for first, last in zip(starts, [*starts[1:], len(known)], strict=True):
        rows = known[first:last]
        yield KnownSet(
            float(recording.t[rows[0]]), float(recording.t[rows[-1]]), len(np.unique(rep[rows]))
        )


def _within(reps: list[Rep], ended: list[SetEnded], one: KnownSet) -> int:
    """Repetitions between borders, as a set's end put them right if the set lies in them alone."""
    count = sum(bool(_is_in(_middle(rep), one)) for rep in reps)
    for whole in ended:
        live = [rep for rep in reps if rep.set == whole.number]
        if live and all(_is_in(_middle(rep), one) for rep in live):
            count += whole.repetitions - len(live)
    return count


def _middle(rep: Rep) -> float:
    return rep.began_s + rep.duration_s / 2


def _is_in(at_s: float, one: KnownSet) -> bool:
    return one.begin_s - MARGIN_S <= at_s <= one.end_s + MARGIN_S


def _main_axis(recording: Recording, one: KnownSet) -> tuple[np.ndarray, float]:
    """The set's acceleration, below 3 Hz, along the axis on which it varies most, and its rate."""
    channels = tuple(name for name in recording.channels if sensor_of(name) == "acc")
    rows = (recording.t >= one.begin_s) & (recording.t <= one.end_s)
    t, samples = recording.t[rows], recording.samples(channels)[rows]
    known = np.isfinite(samples).all(axis=1)
    rate_hz = 25.0
    clock = np.arange(t[0], t[-1], 1 / rate_hz)
    even = np.stack([np.interp(clock, t[known], column[known]) for column in samples.T], axis=1)
    slow = sosfiltfilt(butter(2, 3.0, fs=rate_hz, output="sos"), even - even.mean(axis=0), axis=0)
    _, vectors = np.linalg.eigh(slow.T @ slow)
    return np.asarray(slow @ vectors[:, -1]), rate_hz


def _arm(recording: Recording) -> Recording:
    """Five minutes of one unit."""
    return _unit(_part(recording, recording.t <= recording.t[0] + QUIET_S), "right_arm")


def _part(recording: Recording, rows: np.ndarray) -> Recording:
    channels, labels = (
        {name: values[rows] for name, values in some.items()}
        for some in (recording.channels, recording.labels)
    )
    return replace(recording, t=recording.t[rows], channels=channels, labels=labels)


def _unit(recording: Recording, unit: str) -> Recording:
    mine = {name: one for name, one in recording.channels.items() if name.startswith(f"{unit}_")}
    return replace(recording, channels=mine)


def _joined(recordings: list[Recording]) -> Recording:
    """One after the other, as they were recorded."""
    starts = np.cumsum([0.0, *(one.t[-1] - one.t[0] + JOIN_S for one in recordings)])
    t = [one.t - one.t[0] + start for one, start in zip(recordings, starts, strict=False)]
    channels = {
        name: np.concatenate([one.channels[name] for one in recordings])
        for name in recordings[0].channels
    }
    return replace(recordings[0], t=np.concatenate(t), channels=channels, labels={})


def _worn(recording: Recording) -> Recording:
    """Without the sensors that were not worn."""
    channels = {
        name: values for name, values in recording.channels.items() if np.isfinite(values).any()
    }
    return replace(recording, channels=channels)


if __name__ == "__main__":
    main()
