"""A coach's squad in a server's folder, for the tests of the coach's page; simulated athletes only.

`python web/vectors/squad.py FOLDER VECTORS [ATHLETES]` fills FOLDER; VECTORS is what
`make vectors` wrote.
"""

import base64
import datetime as dt
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from athletes import recorded

from distride.bundle import PersonalHead
from distride.data import Recording
from distride.guidance import Day, Guide, Profile, SetCounter, default_rules, exercises
from distride.runtime import Drift, Event, State, Student, Versions, to_json
from distride.serve import Server, Settings
from distride.serve.bundles import store_bundle
from distride.serve.messages import Raw, SentSession
from distride.serve.schema import Account, StoredJob, StoredSession
from distride.serve.sessions import keep, summary_of
from distride.signals import measured_hz

COACH = "Kim"
LONG = "Maximiliane-Alexandra von der Hohenstein-Wallersdorf zu Eck"
NAMES = ("Ann", "Ben", "Cyd", "Dora", "Eli", "Fay", LONG, "林晓雨")
SINCE_DAYS = {"Dora": range(23, 50, 3), "林晓雨": ()}  # days before today on which they trained
USUAL_DAYS = (*range(1, 40, 3),)
NOW = dt.datetime.now(dt.UTC).replace(hour=6, minute=0, second=0, microsecond=0)
Told = list[dict[str, Any]]


def fill(folder: Path, vectors: Path, athletes: int) -> None:
    """Write all of it."""
    server = Server(Settings(folder))
    student = Student.open(vectors / "student.distride")
    own = student.bundle.personal_head(vectors / "dora.head.safetensors")
    session = recorded("dora")
    events = told_of(student, own, session)
    with server.database.writing() as writing:
        coach = server.accounts(writing).add(COACH)
    bundle = store_bundle(server, coach, (vectors / "student.distride").read_bytes())
    names = [*NAMES, *(f"Athlete {number:02d}" for number in range(len(NAMES), athletes))]
    for name in names[:athletes]:
        with server.database.writing() as writing:
            athlete = server.accounts(writing).add(name, coach)
            athlete.bundle_id = bundle.id
        calibrate(server, athlete, own)
        train(server, athlete, events, session)
        if name == "Fay":
            fail(server, athlete)
    server.close()


def told_of(student: Student, own: PersonalHead, recording: Recording) -> Told:
    """What a stream with counter and coach tells of a recording."""
    spec = student.bundle.manifest.spec
    t, samples = recording.t, recording.samples(spec.channels)
    stream = student.stream(own, source_hz=50.0)
    told = [*stream.push(t, samples), *stream.flush()]
    states: list[Event] = [one for one in told if not isinstance(one, Drift)]
    motion = [at for at, name in enumerate(spec.channels) if name != "heart_rate"]
    movements = exercises(student.bundle.heads["label"].labels)
    counter = SetCounter(spec.channels[:-1], measured_hz(t), movements)
    held = [one for one in states if isinstance(one, State) and one.task == "label"]
    counted = [*counter.push(t, samples[:, motion], held), *counter.close()]
    day = Day(Profile(1985, max_bpm=120, resting_bpm=50), NOW.date())
    guide = Guide(day, default_rules(), is_calibrated=True)
    both = sorted([*states, *counted], key=lambda one: one.t_s)
    return [json.loads(to_json(one)) for one in guide.push(both, t, samples[:, -1])]


def calibrate(server: Server, athlete: Account, own: PersonalHead) -> None:
    """Two versions; of Cyd the second is worse, and the one without sessions has none."""
    if athlete.name == "林晓雨":
        return
    versions = Versions(server.heads(athlete), athlete.name)
    second = 0.81 if athlete.name == "Cyd" else 0.94
    for days, score in ((55, 0.92), (30, second)):
        created = (NOW - dt.timedelta(days=days)).isoformat(timespec="seconds")
        scores = {**own.scores, "label": {"shared_score": 0.78, "personal_score": score}}
        head = replace(own, athlete=athlete.name, created=created, scores=scores)
        versions.add(head, f"{days:064d}", "calibration")


def train(server: Server, athlete: Account, events: Told, recording: Recording) -> None:
    """Their sessions, the latest with what was measured, which is a recording to label too."""
    days = SINCE_DAYS.get(athlete.name, USUAL_DAYS)
    rng = np.random.default_rng(len(athlete.name))
    for number, day in enumerate(sorted(days)):
        is_last = number == 0
        minutes = 30 + 15 * rng.random() + 60 * (athlete.name == "Eli" and day < 8)
        drifted = athlete.name == "Ben" and is_last
        sent = SentSession(
            id=f"session-{day}",
            athlete=athlete.name,
            bundle="student",
            started_at=NOW - dt.timedelta(days=day),
            duration_s=60 * minutes,
            events=[*changed(events, rng, is_last), *([DRIFT] if drifted else [])],
            raw=raw_of(recording) if is_last else None,
        )
        kept = keep(server, athlete, sent.id, sent, summary_of(athlete, sent))
        if athlete.name == "Dora" and is_last:
            leave_unfinished(server, kept)


def leave_unfinished(server: Server, kept: StoredSession) -> None:
    """As one whose phone went away."""
    with server.database.writing() as writing:
        writing.merge(kept).is_unfinished = True


DRIFT = {
    "event": "drift",
    "t_s": 140.0,
    "cause": "inputs",
    "task": "label",
    "share": 0.93,
    "seconds": 42.0,
    "text": "26 of 28 windows in 42.0 s look like none of the movements.",
}


def changed(events: Told, rng: np.random.Generator, is_whole: bool) -> Told:
    """Another day of the same session: sets are a little faster, slower, wider."""
    pace, reach = rng.normal(1.0, 0.05, 2)
    thinned = events if is_whole else [one for one in events if one["event"] == "set_ended"]
    return [_changed(one, pace, reach) for one in thinned]


def _changed(event: dict[str, Any], pace: float, reach: float) -> dict[str, Any]:
    if event["event"] != "set_ended":
        return event
    return {
        **event,
        "seconds_a_rep": event["seconds_a_rep"] * pace,
        "range_deg": event["range_deg"] * reach,
    }


def raw_of(recording: Recording) -> Raw:
    """As a phone packs it."""
    motion = [name for name in recording.channels if name.startswith("wrist")]

    def packed(values: np.ndarray, kind: str) -> str:
        return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()

    return Raw(
        channels=motion,
        t=packed(recording.t, "<f8"),
        samples=packed(recording.samples(motion), "<f4"),
        heart_rate=packed(recording.channels["heart_rate"], "<f4"),
    )


def fail(server: Server, athlete: Account) -> None:
    """A calibration that came to nothing."""
    asked: Mapping[str, str] = {"kind": "personalize", "athlete": athlete.id}
    job = StoredJob(
        coach_id=athlete.coach_id,
        kind="personalize",
        state="failed",
        message="There is no labelled window of a movement that the model knows: label some.",
        asked=json.dumps(asked),
    )
    with server.database.writing() as writing:
        writing.add(job)


def main(arguments: Sequence[str]) -> None:
    """Fill a folder."""
    folder, vectors, *count = arguments
    fill(Path(folder), Path(vectors), int(count[0]) if count else len(NAMES))


if __name__ == "__main__":
    main(sys.argv[1:])
