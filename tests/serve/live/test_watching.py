from contextlib import ExitStack

import pytest

from distride.serve.live import session as live_session
from distride.serve.live import socket as live_socket

from ..conftest import Somebody, World
from .conftest import Lines, batch_frame, heart, token_of, until

BATCHES = 40


def test_a_coach_sees_several_athletes_at_once(
    world: World, lines: Lines, kim: Somebody, anna: Somebody
) -> None:
    ben = world.athlete(kim, "Ben")
    with ExitStack() as open_lines:
        enter = open_lines.enter_context
        of_anna = enter(lines.sending(token_of(anna)))
        of_anna.send(**batch_frame(1))
        of_anna.acknowledged(1)
        watch = enter(lines.watching(token_of(kim)))
        first = watch.next()
        assert (first["type"], first["name"], first["seq"]) == ("live", "Anna", 1)
        assert first["latest"] == [heart(1.0)]
        of_ben = enter(lines.sending(token_of(ben), id="other"))
        assert watch.next()["athlete"] == ben.id
        of_ben.send(**batch_frame(1))
        told = watch.next("batch")
        assert (told["athlete"], told["seq"], told["events"]) == (ben.id, 1, [heart(1.0)])
        assert told["samples"] is None
        of_anna.send(**batch_frame(2))
        assert watch.next("batch")["athlete"] == anna.id
        of_anna.send(type="end", seq=2)
        kept = of_anna.next("kept")["session"]
        assert watch.next("ended")["kept"] == kept == first["session"]


def test_samples_are_shown_to_those_who_ask(lines: Lines, kim: Somebody, anna: Somebody) -> None:
    with (
        lines.watching(token_of(kim), samples=True) as watch,
        lines.sending(token_of(anna)) as line,
    ):
        line.send(**batch_frame(1))
        assert watch.next("batch")["samples"] == batch_frame(1)["samples"]


def test_nobody_else_sees_them(
    world: World, lines: Lines, kim: Somebody, anna: Somebody, lee: Somebody
) -> None:
    ben = world.athlete(kim, "Ben")
    for other in (lee, ben):
        with lines.watching(token_of(other), athletes=[anna.id]) as watch:
            assert watch.refused() == ("absent", 4404)
    carl = world.athlete(lee, "Carl")
    with lines.watching(token_of(lee)) as watch, lines.sending(token_of(anna)) as line:
        line.send(**batch_frame(1))
        line.acknowledged(1)
        with lines.sending(token_of(carl)):
            assert watch.next()["athlete"] == carl.id  # and nothing before


def test_an_athlete_sees_themselves_and_a_choice_holds(
    world: World, lines: Lines, kim: Somebody, anna: Somebody
) -> None:
    ben = world.athlete(kim, "Ben")
    with (
        lines.sending(token_of(anna)),
        lines.sending(token_of(ben)),
        lines.watching(token_of(anna)) as own,
        lines.watching(token_of(kim), athletes=[ben.id]) as chosen,
    ):
        assert own.next()["athlete"] == anna.id
        assert chosen.next()["athlete"] == ben.id
        chosen.send(type="watch", version=1, athletes=[anna.id], samples=False)
        assert chosen.next()["athlete"] == anna.id


def test_who_comes_back_goes_on_without_gaps(lines: Lines, kim: Somebody, anna: Somebody) -> None:
    token = token_of(kim)
    with lines.sending(token_of(anna)) as line:
        with lines.watching(token) as watch:
            session = watch.next("live")["session"]
        for seq in range(1, 151):  # more than is at hand
            line.send(**batch_frame(seq, rows=1))
            line.acknowledged(seq)
        with lines.watching(token, after={session: 3}) as watch:
            assert [watch.next("batch")["seq"] for _ in range(147)] == list(range(4, 151))


def test_who_comes_back_too_late_learns_what_became_of_it(
    lines: Lines, kim: Somebody, anna: Somebody, lee: Somebody
) -> None:
    with lines.sending(token_of(anna)) as line:
        line.send(**batch_frame(1))
        line.send(type="end", seq=1)
        kept = line.next("kept")["session"]
    for who, told in ((kim, kept), (lee, None)):
        with lines.watching(token_of(who), after={kept: 0}) as watch:
            ended = {"type": "ended", "session": kept, "athlete": None, "kept": told}
            assert watch.next() == ended


def test_who_wants_something_else_meanwhile_gets_each_batch_in_order(
    lines: Lines, kim: Somebody, anna: Somebody
) -> None:
    with lines.sending(token_of(anna)) as line, lines.watching(token_of(kim)) as watch:
        session = watch.next("live")["session"]
        for seq in range(1, 31):
            line.send(**batch_frame(seq, rows=1))
        watch.send(type="watch", version=1, athletes=None, samples=False, after={session: 0})
        watch.next("live")  # before it comes what was under way
        assert [watch.next("batch")["seq"] for _ in range(30)] == list(range(1, 31))


def test_a_phone_that_goes_and_comes_is_seen(lines: Lines, kim: Somebody, anna: Somebody) -> None:
    token = token_of(anna)
    with lines.watching(token_of(kim)) as watch:
        with lines.sending(token):
            assert watch.next()["present"]
        assert not watch.next()["present"]
        with lines.sending(token):
            assert watch.next()["present"]


def test_a_slow_watcher_is_told_what_it_missed_and_slows_nobody(
    monkeypatch: pytest.MonkeyPatch, lines: Lines, kim: Somebody, anna: Somebody
) -> None:
    monkeypatch.setattr(live_session, "RECENT", 4)
    with (
        lines.watching(token_of(kim), samples=True, is_narrow=True) as slow,
        lines.sending(token_of(anna)) as line,
    ):
        session = slow.next("live")["session"]
        for seq in range(1, BATCHES + 1):  # more than any buffer holds
            line.send(**batch_frame(seq, rows=8000))
            line.acknowledged(seq)
        seen, missed = [0], 0
        while seen[-1] < BATCHES:
            frame = slow.next()
            if frame["type"] == "missed":
                assert (frame["session"], frame["after"]) == (session, seen[-1])
                missed += frame["to"] - frame["after"]
            else:
                seen.append(frame["seq"])
        assert missed > 0
        assert len(seen) - 1 + missed == BATCHES


def test_a_watcher_that_takes_nothing_is_let_go(
    monkeypatch: pytest.MonkeyPatch, world: World, lines: Lines, kim: Somebody, anna: Somebody
) -> None:
    monkeypatch.setattr(live_socket, "TAKES_S", 0.05)
    with (
        lines.watching(token_of(kim), samples=True, is_narrow=True),
        lines.sending(token_of(anna)) as line,
    ):
        for seq in range(1, BATCHES + 1):
            line.send(**batch_frame(seq, rows=8000))
            line.acknowledged(seq)
        until(lambda: b"distride_live_watchers 0.0" in world.server.metrics.text())


@pytest.mark.parametrize(
    "wrong", [{"athletes": "all"}, {"after": {"x": 1}}, {"after": {"a" * 16: -1}}, {"extra": 1}]
)
def test_a_malformed_wish_is_refused(
    shared_lines: tuple[Lines, str], wrong: dict[str, object]
) -> None:
    lines, token = shared_lines
    with lines.watching(token, **wrong) as watch:
        assert watch.refused() == ("malformed", 4400)


def test_an_account_watches_so_often_at_once(shared_lines: tuple[Lines, str]) -> None:
    lines, token = shared_lines
    with ExitStack() as open_lines:
        open_lines.enter_context(lines.sending(token, id="watched"))
        for _ in range(8):
            assert open_lines.enter_context(lines.watching(token)).next("live")
        assert open_lines.enter_context(lines.watching(token)).refused() == ("too_often", 4429)
    with lines.watching(token, version=2) as watch:
        assert watch.refused() == ("not_allowed", 4422)
