import io
import zipfile
from contextlib import ExitStack
from typing import Any

import msgpack
import numpy as np
import pytest
from sqlalchemy import func, select
from websockets.exceptions import InvalidStatus

from distride.data.athlete_file import read_athlete
from distride.serve import Limits
from distride.serve.schema import LiveBatch

from ..api.test_phone import sent_session
from ..conftest import Somebody, World
from .conftest import CHANNELS, Lines, batch_frame, begin_frame, heart, listening, token_of


def test_a_session_that_was_sent_live_is_kept_as_one_sent_whole(
    lines: Lines, kim: Somebody, anna: Somebody, tmp_path: Any
) -> None:
    with lines.sending(token_of(anna)) as line:
        assert (line.taken["type"], line.taken["seq"]) == ("taken", 0)
        for seq in (1, 2, 3):
            line.send(**batch_frame(seq))
        line.acknowledged(3)
        line.send(type="end", seq=3)
        kept = line.next("kept")["session"]
    (listed,) = kim.get(f"athletes/{anna.id}/sessions")["items"]
    assert (listed["id"], listed["duration_s"]) == (kept, 3.0)
    session = kim.get(f"sessions/{kept}")
    assert session["events"] == [heart(1.0), heart(2.0), heart(3.0)]
    (recorded,) = kim.get(f"athletes/{anna.id}/recordings")["items"]
    (tmp_path / "got.parquet").write_bytes(kim.get(f"recordings/{recorded['id']}").content)
    (one,) = read_athlete(tmp_path / "got.parquet", "Anna")
    np.testing.assert_allclose(one.t, np.arange(15) / 5)
    np.testing.assert_allclose(one.channels[CHANNELS[0]], one.t, rtol=1e-6)
    sent_session(anna, status=409)  # under the same key


def test_one_that_is_kept_is_told_so_however_often_it_is_begun(
    lines: Lines, anna: Somebody
) -> None:
    token = token_of(anna)
    with lines.sending(token) as line:
        line.send(**batch_frame(1))
        line.send(type="end", seq=1)
        kept = line.next("kept")
    with lines.sending(token) as line:
        assert line.taken == kept
    assert len(anna.get(f"athletes/{anna.id}/sessions")["items"]) == 1


def test_a_lost_connection_goes_on_without_gaps_or_repeats(lines: Lines, anna: Somebody) -> None:
    token = token_of(anna)
    with lines.sending(token) as line:
        line.send(**batch_frame(1))
        line.acknowledged(1)
    with lines.sending(token) as line:
        assert line.taken["seq"] == 1
        line.send(**batch_frame(1))  # its acknowledgement was lost
        line.acknowledged(1)
        line.send(**batch_frame(2))
        line.acknowledged(2)
        line.send(type="end", seq=2)
        kept = line.next("kept")["session"]
    assert anna.get(f"sessions/{kept}")["events"] == [heart(1.0), heart(2.0)]


def test_the_whole_session_takes_the_place_of_what_was_sent_live(
    lines: Lines, anna: Somebody
) -> None:
    with lines.sending(token_of(anna)) as line:
        line.send(**batch_frame(1))
        line.acknowledged(1)
        sent_session(anna)
        assert line.refused() == ("conflict", 4409)
    (one,) = anna.get(f"athletes/{anna.id}/sessions")["items"]
    assert one["duration_s"] == 60.0
    with lines.sending(token_of(anna)) as line:
        assert line.taken == {"type": "kept", "session": one["id"]}


def test_a_second_connection_goes_on_in_place_of_the_first(lines: Lines, anna: Somebody) -> None:
    token = token_of(anna)
    with lines.sending(token) as first:
        first.send(**batch_frame(1))
        first.acknowledged(1)
        with lines.sending(token) as second:
            assert second.taken["seq"] == 1
            assert first.refused() == ("conflict", 4409)
            second.send(**batch_frame(2))
            second.acknowledged(2)


def test_another_athletes_key_leads_to_a_session_of_ones_own(
    world: World, lines: Lines, kim: Somebody, anna: Somebody
) -> None:
    ben = world.athlete(kim, "Ben")
    with lines.sending(token_of(anna)) as line:
        line.send(**batch_frame(1))
        line.acknowledged(1)
        with lines.sending(token_of(ben)) as other:
            assert other.taken["seq"] == 0


NO_MSGPACK = [
    b"\xc1",
    b"",
    b"\xdd\xff\xff\xff\xff",  # a list of four billion
    b"\xc6\xff\xff\xff\xff",  # as many bytes
    b"\x91" * 100_000,  # nested
    b"\xa2\xff\xfe",  # no UTF-8
    msgpack.packb([1, 2]),
    msgpack.packb({"type": "nonsense"}),
    msgpack.packb({"type": "batch"}),
    msgpack.packb(begin_frame()),
    msgpack.packb(batch_frame(1) | {"seq": "1"}),
    msgpack.packb(batch_frame(1) | {"seq": True}),
    msgpack.packb(batch_frame(1) | {"seq": 2**40}),
    msgpack.packb(batch_frame(1, duration_s=float("nan"))),
    msgpack.packb(batch_frame(1, duration_s=1e300)),
    msgpack.packb(batch_frame(1, more=1)),
    msgpack.packb(batch_frame(1, samples={"t": b"1234567", "rows": b"", "heart_rate": b""})),
    msgpack.packb(batch_frame(1, samples={"t": bytes(8), "rows": b"", "heart_rate": b""})),
    msgpack.packb(batch_frame(1, events=msgpack.ExtType(1, b"x"))),
]
NOT_ALLOWED = [
    batch_frame(1, events=[{"event": "nonsense", "t_s": 1.0}]),
    batch_frame(1, events=[{"event": b"heart", "t_s": 1.0}]),
    batch_frame(1, events=[heart(1.0) | {"bpm": {"a": [[[1]]]}}]),
]


@pytest.mark.parametrize("data", NO_MSGPACK)
def test_a_malformed_frame_is_refused(shared_lines: tuple[Lines, str], data: bytes) -> None:
    lines, token = shared_lines
    with lines.sending(token) as line:
        line.socket.send(data)
        assert line.refused() == ("malformed", 4400)


@pytest.mark.parametrize("frame", NOT_ALLOWED)
def test_what_no_stream_tells_is_refused(
    shared_lines: tuple[Lines, str], frame: dict[str, Any]
) -> None:
    lines, token = shared_lines
    with lines.sending(token) as line:
        line.send(**frame)
        assert line.refused() == ("not_allowed", 4422)


def test_other_refusals_have_their_own_kind(shared_lines: tuple[Lines, str]) -> None:
    lines, token = shared_lines

    def refusal(*frames: dict[str, Any], **begin: Any) -> tuple[str, int]:
        with lines.sending(token, id=str(begin), **begin) as line:
            for frame in frames:
                line.send(**frame)
            return line.refused()

    assert refusal(batch_frame(2)) == ("conflict", 4409)
    assert refusal({"type": "end", "seq": 1}) == ("conflict", 4409)
    assert refusal(batch_frame(1), raw=False) == ("not_allowed", 4422)
    falling = batch_frame(1)["samples"]
    assert refusal(batch_frame(2) | {"seq": 1}, batch_frame(2, samples=falling))[0] == "not_allowed"
    assert refusal(batch_frame(1), batch_frame(2, duration_s=0.5))[0] == "not_allowed"
    assert refusal(batch_frame(1, rows=20_000)) == ("too_large", 4413)
    with lines.open("/api/v1/phone/live", Authorization=f"Bearer {token}") as line:
        line.send(**begin_frame(version=2))
        assert line.refused() == ("not_allowed", 4422)
    with lines.open("/api/v1/phone/live", Authorization=f"Bearer {token}") as line:
        line.socket.send("text")
        assert line.refused() == ("malformed", 4400)
    with lines.open("/api/v1/phone/live", Authorization=f"Bearer {token}") as line:
        line.send(**batch_frame(1))
        assert line.refused() == ("malformed", 4400)


def test_an_athlete_has_so_many_live_sessions_at_once(lines: Lines, anna: Somebody) -> None:
    token = token_of(anna)
    with ExitStack() as phones:
        for number in range(5):
            phones.enter_context(lines.sending(token, id=str(number)))
        with lines.sending(token, id="5") as line:
            assert line.taken["kind"] == "too_often"
    for number in range(8):  # of phones that are away the oldest gives way
        with lines.sending(token, id=str(number)) as line:
            assert line.taken["type"] == "taken"


def test_who_does_not_wait_for_acknowledgements_is_too_fast(make_world: Any) -> None:
    world = make_world(limits=Limits(live_window=2))
    anna = world.athlete(world.coach("Kim"), "Anna")
    with (
        listening(world) as lines,
        lines.sending(token_of(anna)) as line,
        world.server.database.writing(),  # nothing is on disk meanwhile
    ):
        for seq in (1, 2, 3):
            line.send(**batch_frame(seq))
        assert line.refused() == ("too_often", 4429)


def test_who_is_nobody_sends_nothing(lines: Lines, kim: Somebody, anna: Somebody) -> None:
    with lines.sending("forged") as line:
        assert line.taken["kind"] == "unknown_credential"
    with lines.sending(token_of(kim)) as line:
        assert line.taken["kind"] == "forbidden"
    cookie = "; ".join(f"{name}={value}" for name, value in anna.page.cookies.items())
    with lines.open("/api/v1/phone/live", Cookie=cookie) as line:
        assert line.refused() == ("forbidden", 4403)
    own = lines.address.replace("ws:", "http:")
    with lines.open("/api/v1/phone/live", Cookie=cookie, Origin=own) as line:
        line.send(**begin_frame())
        assert line.next()["type"] == "taken"
    for origin in ("https://evil.example", "null"):
        with (
            pytest.raises(InvalidStatus, match="403"),
            lines.open("/api/v1/phone/live", Cookie=cookie, Origin=origin),
        ):
            pass


def test_a_token_that_is_revoked_ends_its_connection(lines: Lines, anna: Somebody) -> None:
    issued = anna.send("POST", "tokens", 201, json={"purpose": "live"})
    with lines.sending(issued["token"]) as line:
        anna.send("DELETE", f"tokens/{issued['id']}", 204)
        assert line.refused() == ("unknown_credential", 4401)


def test_what_is_not_over_is_in_the_export_and_goes_with_the_athlete(
    world: World, lines: Lines, kim: Somebody, anna: Somebody
) -> None:
    with lines.sending(token_of(anna)) as line:
        line.send(**batch_frame(1))
        line.acknowledged(1)
        exported = kim.get(f"athletes/{anna.id}/export").content
        archive = zipfile.ZipFile(io.BytesIO(exported))
        (name,) = (name for name in archive.namelist() if name.startswith("sessions/live-"))
        assert b'"duration_s":1.0' in archive.read(name)
        kim.send("DELETE", f"athletes/{anna.id}", 204)
        line.send(**batch_frame(2))
        assert line.refused()[0] in ("absent", "unknown_credential")
    with world.server.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LiveBatch)) == 0
