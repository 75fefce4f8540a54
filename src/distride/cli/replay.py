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

from distride.cli.event_lines import (
    Lasting,
    answer_line,
    compared_line,
    doubt_line,
    lasting_line,
    rep_line,
    task_name,
)
from distride.guidance.wording import Language, text
from distride.runtime import Advice, Event, Heart, Rep, SetEnded, SetStarted, State, Technique

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
    """The session on a terminal: what is done now, the heart, and what was advised.

    Args:
        language: Of the view.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._t_s = 0.0
        self._states: dict[str, State] = {}
        self._heart: Heart | None = None
        self._rep: Rep | None = None
        self._technique: Technique | None = None
        self._told: deque[list[Text]] = deque(maxlen=LAST)

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
            self._told.append(_lasting(event, self._language))

    def __rich__(self) -> Panel:
        now, told = _grid(3), _grid(3)
        for task, state in self._states.items():
            now.add_row(task_name(task, self._language), *_answer(state, self._language))
        if self._heart is not None:
            now.add_row(self._word("heart"), *_beats(self._heart, self._language))
        if self._rep is not None:
            now.add_row(*self._counted(self._rep))
            if self._technique is not None and self._technique.set == self._rep.set:
                judged = self._judged(self._technique)
                if any(judged):
                    now.add_row("", *judged)
        for row in self._told:
            told.add_row(*row)
        return Panel(Group(now, told), title=clock(self._t_s), title_align="left")

    def _word(self, key: str, **values: int) -> str:
        return text("view", key, self._language, **values)

    def _counted(self, rep: Rep) -> tuple[str, Text, Text]:
        done = Text(f"{rep.number} {rep.movement}".rstrip(), "bold")
        return self._word("set", number=rep.set), done, Text(rep_line(rep, self._language), "dim")

    def _judged(self, technique: Technique) -> tuple[Text, Text]:
        beside = compared_line(technique, self._language)
        return Text(technique.verdict, "bold"), Text(beside, "dim")


def _answer(state: State, language: Language) -> tuple[Text, Text]:
    if state.abstained:
        return Text("–", "dim"), Text(doubt_line(state.cause, language), "dim")
    if state.value is not None:
        return Text(answer_line(state, language), "bold"), Text("")
    share = state.confidence or 0.0
    return Text(state.movement, "bold"), Text(f"{'█' * round(10 * share):10} {share:.0%}", "dim")


def _beats(heart: Heart, language: Language) -> tuple[Text, Text]:
    if heart.bpm is None:
        return Text("–", "dim"), Text(text("view", "not_believed", language), "dim")
    zone = ""
    if heart.zone is not None:
        of = text("view", heart.zones, language)
        zone = text("view", "zone", language, zone=heart.zone, zones=of)
    return Text(text("view", "bpm", language, bpm=heart.bpm), "bold red"), Text(zone, "dim")


def _lasting(event: Lasting, language: Language) -> list[Text]:
    if isinstance(event, Advice):
        style = STYLES[event.severity]
    else:
        style = "" if isinstance(event, SetEnded) else "dim"
    return [Text(part, style) for part in (clock(event.t_s), *lasting_line(event, language))]


def _grid(columns: int) -> Table:
    """Columns whose text is never cut off, however narrow the terminal."""
    grid = Table.grid(padding=(0, 1))
    for _ in range(columns):
        grid.add_column(overflow="fold")
    return grid


def clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock(125.4)
    '2:05'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
