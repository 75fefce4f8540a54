"""A session as a FIT activity, for tools that know nothing of Distride.

Records hold the heart rate once a second; each set is a `set` message with its repetitions and a
lap, and so is each rest. What FIT has no field for goes into developer fields with their units:
the movement's own name, tempo and range of a set, and the loads of the session.
"""

import datetime as dt
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distride.errors import GuidanceError, MissingExtraError
from distride.files import write_whole
from distride.guidance.measure import Answer, Measured
from distride.guidance.session import Session
from distride.guidance.stretches import Stretch, stretches
from distride.guidance.summary import Summary
from distride.runtime import SetEnded

OLDEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # the clock of FIT begins the day before
APPLICATION = b"distride-session"  # 16 bytes that name whose developer fields these are
MOVEMENT, TEMPO, RANGE, TRIMP, EFFORT = range(5)
OWN_FIELDS = {
    MOVEMENT: ("movement", "STRING", ""),
    TEMPO: ("seconds_a_rep", "FLOAT32", "s"),
    RANGE: ("range", "FLOAT32", "deg"),
    TRIMP: ("trimp", "FLOAT32", "AU"),
    EFFORT: ("session_rpe_load", "FLOAT32", "AU"),
}
LONGEST_NAME = 64  # bytes
RPE_TO_FIT = 10  # FIT counts effort from 0 to 100


def write_fit(path: str | Path, session: Session, summary: Summary) -> None:
    """Write a session as a FIT activity; all of it appears at once, or nothing does.

    Args:
        path: The file.
        session: What was told in it.
        summary: What it was.

    Raises:
        MissingExtraError: `fit-tool` is not installed.
        GuidanceError: It began before 1990, which FIT cannot say, or cannot be written.
    """
    if session.began < OLDEST:
        raise GuidanceError(
            f"The session began {session.began.isoformat()}: FIT knows no time before 1990; give "
            "its start."
        )
    fit = _Fit(session, summary)
    builder = fit.named("fit_file_builder", "FitFileBuilder")(strict=True)
    builder.add_all(list(fit.messages()))
    write_whole(Path(path), builder.build_bytes(), GuidanceError)


@dataclass(frozen=True)
class _Fit:
    """The messages of one session."""

    session: Session
    summary: Summary

    def named(self, module: str, name: str) -> Any:
        """Something of the library, which loads slowly and is not always there."""
        try:
            return getattr(importlib.import_module(f"fit_tool.{module}"), name)
        except ImportError:
            raise MissingExtraError("Writing FIT files", "formats") from None

    def choice(self, kind: str, name: str) -> Any:
        """A value of one of FIT's lists."""
        return self.named("profile.profile_type", kind)[name]

    def message(self, name: str, own: dict[int, Any] | None = None, **fields: Any) -> Any:
        """A message with these fields; ours under their numbers."""
        title = "".join(part.capitalize() for part in name.split("_"))
        kind = self.named(f"profile.messages.{name}_message", f"{title}Message")
        developer = [self.own_field(number, value) for number, value in (own or {}).items()]
        made = kind(developer_fields=developer)
        for field, value in fields.items():
            if value is not None:
                setattr(made, field, value)
        return made

    def own_field(self, number: int, value: Any) -> Any:
        """One developer field."""
        name, base, units = OWN_FIELDS[number]
        base_type = self.named("base_type", "BaseType")[base]
        field = self.named("developer_field", "DeveloperField")(
            field_id=number, name=name, base_type=base_type, units=units, growable=True
        )
        field.set_value(0, value)
        return field

    def at(self, t_s: float) -> int:
        """A second of the session's clock, in milliseconds since 1970 and whole seconds."""
        return 1000 * round(self.session.at(t_s).timestamp())

    def messages(self) -> Iterator[Any]:
        """All of them, in the order in which FIT wants them."""
        began, ended = self.at(self.session.began_s), self.at(self.session.ended_s)
        timer = self.choice("Event", "TIMER")
        yield self.message(
            "file_id",
            type=self.choice("FileType", "ACTIVITY"),
            manufacturer=self.choice("Manufacturer", "DEVELOPMENT").value,
            product=0,
            serial_number=1,
            time_created=began,
        )
        yield from self._descriptions()
        start, stop = self.choice("EventType", "START"), self.choice("EventType", "STOP_ALL")
        yield self.message("event", event=timer, event_type=start, timestamp=began)
        yield from self._records()
        yield self.message("event", event=timer, event_type=stop, timestamp=ended)
        parts = stretches(self.session)
        yield from (self._set(number, part) for number, part in enumerate(parts))
        yield from (self._lap(number, part) for number, part in enumerate(parts))
        yield self._session(began, ended, len(parts))
        yield self._activity(ended)

    def _descriptions(self) -> Iterator[Any]:
        yield self.message(
            "developer_data_id", developer_data_index=0, application_id=list(APPLICATION)
        )
        for number, (name, base, units) in OWN_FIELDS.items():
            yield self.message(
                "field_description",
                developer_data_index=0,
                field_definition_number=number,
                fit_base_type_id=self.named("base_type", "BaseType")[base].value,
                field_name=name,
                units=units or None,
            )

    def _records(self) -> Iterator[Any]:
        """One a second of the session, with the heart rate where it is believed."""
        heart = self.session.heart
        bpm = {
            round(t): round(value)
            for t, value in zip(heart.t_s.tolist(), heart.bpm.tolist(), strict=True)
            if value == value  # NaN where it is unknown
        }
        for second in range(round(self.session.began_s), round(self.session.ended_s) + 1):
            yield self.message("record", timestamp=self.at(second), heart_rate=bpm.get(second))

    def _set(self, number: int, part: Stretch) -> Any:
        done = part.done
        kind = "REST" if done is None else "ACTIVE"
        return self.message(
            "set",
            {} if done is None else self._of_set(done),
            message_index=number,
            timestamp=self.at(part.ended_s),
            start_time=self.at(part.began_s),
            duration=part.ended_s - part.began_s,
            set_type=self.choice("SetType", kind).value,
            repetitions=None if done is None else done.repetitions,
            category=None if done is None else [self._category(done.movement)],
        )

    def _lap(self, number: int, part: Stretch) -> Any:
        done = part.done
        beats = self.session.heart.between(part.began_s, part.ended_s)
        seconds = part.ended_s - part.began_s
        return self.message(
            "lap",
            {} if done is None else self._named(done.movement),
            message_index=number,
            timestamp=self.at(part.ended_s),
            start_time=self.at(part.began_s),
            event=self.choice("Event", "LAP"),
            event_type=self.choice("EventType", "STOP"),
            total_elapsed_time=seconds,
            total_timer_time=seconds,
            total_cycles=None if done is None else done.repetitions,
            avg_heart_rate=round(float(beats.mean())) if len(beats) else None,
            max_heart_rate=round(float(beats.max())) if len(beats) else None,
            intensity=self.choice("Intensity", "REST" if done is None else "ACTIVE"),
        )

    def _session(self, began: int, ended: int, laps: int) -> Any:
        load, rpe = self.summary.load, self.session.rpe
        own = {TRIMP: _value(load.trimp), EFFORT: _value(load.session_rpe)}
        strength = bool(self.summary.sets)
        return self.message(
            "session",
            {number: value for number, value in own.items() if value is not None},
            message_index=0,
            timestamp=ended,
            start_time=began,
            event=self.choice("Event", "SESSION"),
            event_type=self.choice("EventType", "STOP"),
            sport=self.choice("Sport", "TRAINING" if strength else "GENERIC"),
            sub_sport=self.choice("SubSport", "STRENGTH_TRAINING" if strength else "GENERIC"),
            total_elapsed_time=self.session.seconds,
            total_timer_time=self.session.seconds,
            total_cycles=self.summary.repetitions or None,
            num_laps=laps,
            first_lap_index=0,
            avg_heart_rate=_value(load.mean_bpm, None),
            max_heart_rate=_value(load.highest_bpm, None),
            time_in_hr_zone=[60 * one for one in load.zone_minutes] or None,
            workout_rpe=None if rpe is None else round(RPE_TO_FIT * rpe),
        )

    def _activity(self, ended: int) -> Any:
        return self.message(
            "activity",
            timestamp=ended,
            total_timer_time=self.session.seconds,
            num_sessions=1,
            type=self.choice("Activity", "MANUAL"),
            event=self.choice("Event", "ACTIVITY"),
            event_type=self.choice("EventType", "STOP"),
        )

    def _of_set(self, done: SetEnded) -> dict[int, Any]:
        return self._named(done.movement) | {TEMPO: done.seconds_a_rep, RANGE: done.range_deg}

    def _named(self, movement: str) -> dict[int, Any]:
        short = movement.encode()[:LONGEST_NAME].decode(errors="ignore")
        return {MOVEMENT: short} if short else {}

    def _category(self, movement: str) -> int:
        """FIT's kind of exercise whose name is the longest in the movement's; else unknown."""
        known = self.named("profile.profile_type", "ExerciseCategory")
        words = movement.upper().replace("-", "_").replace(" ", "_").split("_")
        found = [one for one in known if _holds(words, one.name.split("_"))]
        best = max(found, key=lambda one: len(one.name), default=known.UNKNOWN)
        return int(best.value)


def _holds(words: Sequence[str], part: Sequence[str]) -> bool:
    """Whether some words stand in a row within others."""
    starts = range(len(words) - len(part) + 1)
    return any(list(words[at : at + len(part)]) == list(part) for at in starts)


def _value(answer: Answer, digits: int | None = 3) -> float | None:
    return round(answer.value, digits) if isinstance(answer, Measured) else None
