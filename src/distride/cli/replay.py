"""A session as the athlete would have lived it: its pace, its view, its voice."""

import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from distride.runtime import (
    Advice,
    Drift,
    Event,
    Heart,
    Quality,
    Rep,
    SetEnded,
    SetStarted,
    State,
    Technique,
)

SPEAKER = "espeak-ng"
VOICES = {"en": "en", "zh": "cmn"}
STYLES = {"stop": "bold white on red", "warning": "bold yellow", "hint": "cyan", "silence": "dim"}
LAST = 6  # lines of advice that stay in view


def paced(
    events: Iterable[Event],
    speed: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Event]:
    """The events, each at its time after the first, so many times as fast as it was."""
    start: tuple[float, float] | None = None
    for event in events:
        start = start or (event.t_s, now())
        wait = (event.t_s - start[0]) / speed - (now() - start[1])
        if wait > 0:
            sleep(wait)
        yield event


class Speaker:
    """Speaks through espeak-ng, one sentence after the other; silent where it is not installed.

    Args:
        language: "en" or "zh".
    """

    def __init__(self, language: str) -> None:
        self._program = shutil.which(SPEAKER)
        self._voice = VOICES[language]
        self._speaking: subprocess.Popen[bytes] | None = None

    @property
    def is_there(self) -> bool:
        """Whether anything can be heard."""
        return self._program is not None

    def say(self, spoken: str) -> None:
        """Begin to speak, once the sentence before is over."""
        if self._program is None:
            return
        if self._speaking:
            self._speaking.wait()
        self._speaking = subprocess.Popen([self._program, "-v", self._voice, "--", spoken])

    def close(self) -> None:
        """Wait for the last sentence."""
        if self._speaking:
            self._speaking.wait()


class View:
    """The session on a terminal: what is done now, the heart, and what was advised."""

    def __init__(self) -> None:
        self._t_s = 0.0
        self._states: dict[str, State] = {}
        self._heart: Heart | None = None
        self._rep: Rep | None = None
        self._technique: Technique | None = None
        self._told: deque[Text] = deque(maxlen=LAST)

    def push(self, event: Event) -> None:
        """Take one event into the view."""
        self._t_s = max(self._t_s, event.t_s)
        if isinstance(event, State):
            self._states[event.task] = event
        elif isinstance(event, Heart):
            self._heart = event
        elif isinstance(event, Rep):
            self._rep = event
        elif isinstance(event, Technique):
            self._technique = event
        elif not isinstance(event, SetStarted):  # the repetitions show it
            self._rep = None if isinstance(event, SetEnded) else self._rep
            self._told.append(_line(event))

    def __rich__(self) -> Panel:
        now = Table.grid(padding=(0, 2))
        for task, state in self._states.items():
            now.add_row(task, *_answer(state))
        if self._heart is not None:
            now.add_row("heart", *_beats(self._heart))
        if self._rep is not None:
            now.add_row("set", *_counted(self._rep))
            if self._technique is not None and self._technique.set == self._rep.set:
                now.add_row("", *_judged(self._technique))
        minutes, seconds = divmod(int(self._t_s), 60)
        return Panel(Group(now, *self._told), title=f"{minutes}:{seconds:02d}", title_align="left")


def _answer(state: State) -> tuple[Text, Text]:
    if state.abstained:
        return Text("–", "dim"), Text(state.reason, "dim")
    if state.value is not None:
        return Text(f"{state.value:.1f} {state.unit}".rstrip(), "bold"), Text("")
    share = state.confidence or 0.0
    return Text(state.movement, "bold"), Text(f"{'█' * round(10 * share):10} {share:.0%}", "dim")


def _beats(heart: Heart) -> tuple[Text, Text]:
    if heart.bpm is None:
        return Text("–", "dim"), Text("not to be believed", "dim")
    zone = "" if heart.zone is None else f"zone {heart.zone} of {heart.zones}"
    return Text(f"{heart.bpm:.0f} bpm", "bold red"), Text(zone, "dim")


def _counted(rep: Rep) -> tuple[Text, Text]:
    tempo = f"{rep.out_s:.1f} s out, {rep.back_s:.1f} s back, {rep.range_deg:.0f}°"
    return Text(f"{rep.number} {rep.movement}".rstrip(), "bold"), Text(tempo, "dim")


def _judged(technique: Technique) -> tuple[Text, Text]:
    return Text(technique.verdict, "bold"), Text(compared(technique), "dim")


def _line(event: Quality | Drift | SetEnded | Advice) -> Text:
    at = f"{int(event.t_s) // 60}:{int(event.t_s) % 60:02d}  "
    if isinstance(event, Quality | Drift):
        return Text(f"{at}! {event.text}", "dim")
    if isinstance(event, SetEnded):
        return Text(f"{at}= {set_line(event)}")
    return Text(f"{at}» {advice_line(event)}", STYLES[event.severity])


def advice_line(event: Advice) -> str:
    """An advice in one line: what the other voice holds is never hidden."""
    line = f"{event.spoken} ({event.reason})"
    if not event.other_voice:
        return line
    other = "the model" if event.spoke == "rules" else "the rules"
    opposite = ", the opposite" if event.is_contradicted else ""
    return f"{line} [{other}: {event.other_voice}{opposite}]"


def compared(technique: Technique) -> str:
    """The last repetitions beside the athlete's own good ones; empty where too little is known."""
    parts = (("range", technique.range), ("time", technique.tempo))
    known = [f"{name} {one.value:.0f} % ± {one.error:.0f}" for name, one in parts if one]
    return ", ".join(known) + " of your own" if known else ""


def technique_line(event: Technique) -> str:
    """A verdict in one line."""
    sure = f" ({event.confidence:.0%})" if event.confidence is not None else ""
    beside = compared(event)
    return f"{event.verdict}{sure} since repetition {event.since}" + (beside and f"; {beside}")


def set_line(event: SetEnded) -> str:
    """A set in one line."""
    return (
        f"set {event.number}: {event.repetitions} {event.movement}".rstrip()
        + f", {event.seconds_a_rep:.1f} s and {event.range_deg:.0f}° each"
    )
