import io
from dataclasses import replace
from types import SimpleNamespace
from typing import get_args

import pytest
from rich.cells import cell_len
from rich.console import Console

from distride.cli import replay
from distride.cli.event_lines import technique_line
from distride.cli.replay import LAST, Speaker, View, paced
from distride.guidance.wording import Language
from distride.runtime import (
    Advice,
    Comparison,
    Drift,
    Heart,
    Quality,
    Rep,
    SetEnded,
    SetStarted,
    State,
    Technique,
)
from distride.runtime.events import Cause, DriftCause

ADVICE = Advice(
    *(61.0, "high", "Ease off now.", "Ease off", "warning", "97, above 90"),
    *({}, 0.9, "below 86", "rules"),
)


def test_events_come_at_their_pace():
    clock = SimpleNamespace(now=100.0, waits=[])

    def sleep(seconds):
        clock.waits.append(seconds)
        clock.now += seconds

    events = [Heart(one, 120.0) for one in (10.0, 14.0, 14.0, 13.0, 18.0)]
    assert list(paced(events, 4.0, lambda: clock.now, sleep)) == events
    assert clock.waits == [1.0, 1.0]


def seen(*events, language="en", width=100):
    view = View(language)
    for event in events:
        view.push(event)
    console = Console(file=io.StringIO(), width=width)
    console.print(view)
    return console.file.getvalue()


def test_the_view_shows_what_is_done_the_heart_and_the_advice():
    shown = seen(
        State(60.0, "label", "squat", 0.8),
        State(60.0, "rpe", "", None, value=7.25, unit="CR10"),
        Heart(60.0, 151.0, 3, "reserve"),
        Quality(60.5, "gap", (), "No samples for 2.0 s.", 2.0),
        ADVICE,
    )
    for part in (
        "1:01",
        "squat",
        "80%",
        "7.2 CR10",
        "151 bpm",
        "zone 3 (of the reserve)",
        "no samples for 2.0 s",
    ):
        assert part in shown
    assert "» Ease off (97, above 90)" in shown


def test_what_the_other_voice_holds_is_not_hidden():
    opposed = replace(ADVICE, other_voice="advice.faster", is_contradicted=True)
    assert "Ease off (97, above 90) [the model: advice.faster, the opposite]" in seen(opposed)
    model = replace(ADVICE, spoke="model", other_voice="high")
    assert "Ease off (97, above 90) [the rules: high]" in seen(model)


def test_the_view_counts_repetitions_and_tells_what_the_set_was():
    under_way = (
        SetStarted(9.0, 2.0, 2, "squat"),
        Rep(9.0, 6.0, 2, 2, "squat", 3.0, 1.2, 1.8, 64.4),
    )
    ended = SetEnded(14.0, 2.0, 9.0, 2, "squat", 2, 3.04, 61.0, 0.95, 0.9)
    counting = seen(*under_way)
    assert "2 squat" in counting
    assert "1.2 s out, 1.8 s back, 64°" in counting
    over = seen(*under_way, ended)
    assert "1.2 s out" not in over
    assert "set 2: 2 squat, 3.0 s and 61° each" in over


def test_technique_stands_beside_the_set_with_its_error():
    rep = Rep(9.0, 6.0, 2, 9, "squat", 3.0, 1.2, 1.8, 44.0)
    shrunk = Technique(
        *(9.0, 2, 9, "squat", "half_range", 0.84, 7),
        range=Comparison(72.0, 6.0, 8),
        tempo=Comparison(101.0, 5.0, 8),
    )
    beside = "range 72 % ± 6, time 101 % ± 5 of your own"
    shown = seen(rep, shrunk)
    assert "half_range" in shown
    assert beside in shown
    assert technique_line(shrunk, "en") == f"half_range (84%) since repetition 7; {beside}"
    assert "half_range" not in seen(shrunk, replace(rep, set=3))


IN_CHINESE = (
    State(60.0, "label", "深蹲", 0.8),
    State(60.0, "execution", "", 0.2, True, "unsure", "confidence 0.20 is below 0.50"),
    Heart(60.0, 151.0, 3, "reserve"),
    SetEnded(60.0, 40.0, 58.0, 1, "深蹲", 9, 3.04, 61.0, 0.95, 0.9),
    Rep(61.0, 58.0, 2, 9, "深蹲", 3.0, 1.2, 1.8, 44.0),
    Technique(*(61.0, 2, 9, "深蹲", "半程", 0.84, 7), range=Comparison(72.0, 6.0, 8)),
)


@pytest.mark.parametrize("width", [40, 80])
def test_the_view_is_in_one_language_and_fits_narrow_terminals(width):
    shown = seen(*IN_CHINESE, language="zh", width=width)
    for part in ("动作", "把握不足", "储备心率", "9 深蹲", "72%", "第 1 组"):
        assert part in shown
    assert "…" not in shown
    assert "confidence" not in shown
    assert {cell_len(line) for line in shown.splitlines()} == {width}


KINDS = ("gap", "late", "clock", "rate", "missing", "back", "flat")


@pytest.mark.parametrize("language", get_args(Language))
def test_whatever_is_told_of_the_signal_has_words(language):
    told = [Quality(1.0, kind, ("wrist_acc_x",), "", 2.0) for kind in KINDS]
    told += [Drift(1.0, cause, "label", 0.5, 60.0, "") for cause in get_args(DriftCause)]
    told += [State(1.0, "label", "", 0.2, True, cause) for cause in get_args(Cause) if cause != ""]
    for zones in ("max", "reserve", "threshold"):
        assert seen(*told, Heart(1.0, 151.0, 3, zones), language=language)


def test_the_view_says_where_nothing_is_known():
    shown = seen(State(1.0, "label", "", 0.2, True, "unsure", "not sure"), Heart(1.0, None))
    assert "not sure" in shown
    assert "not to be believed" in shown


def test_only_the_last_advice_stays_in_view():
    assert seen(*[ADVICE] * 20).count("Ease off") == LAST


@pytest.mark.parametrize(("language", "voice"), [("en", "en"), ("zh", "cmn")])
def test_advice_is_spoken_where_it_can_be(monkeypatch, language, voice):
    spoken = []
    monkeypatch.setattr(replay.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(
        replay.subprocess,
        "Popen",
        lambda command: SimpleNamespace(wait=lambda: spoken.append(command)),
    )
    speaker = Speaker(language)
    speaker.say("one")
    speaker.say("two")
    speaker.close()
    assert spoken == [["/bin/espeak-ng", "-v", voice, "--", one] for one in ("one", "two")]


def test_where_it_cannot_be_spoken_nothing_happens(monkeypatch):
    monkeypatch.setattr(replay.shutil, "which", lambda name: None)
    speaker = Speaker("en")
    speaker.say("one")
    speaker.close()
    assert not speaker.is_there
