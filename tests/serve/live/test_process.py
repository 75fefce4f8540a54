"""What holds for a process that is killed, for a database that goes away, and for a full disk."""

import itertools
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from distride.data.athlete_file import read_athlete

from ..processes import ServeProcess, fill, postgres, serving, small_disk
from .conftest import Line, Lines, batch_frame, heart


def lines_to(process: ServeProcess) -> Lines:
    return Lines(f"ws://{process.address}")


def sent(line: Line, seqs: range, after: Callable[[int], None] = lambda _: None) -> int:
    """Send batches, eight ahead of their acknowledgement; the last one that was acknowledged."""
    acknowledged = seqs.start - 1
    for seq in seqs:
        line.send(**batch_frame(seq))
        while seq - acknowledged >= 8:
            acknowledged = line.next("ack")["seq"]
            after(acknowledged)
    line.acknowledged(seqs.stop - 1)
    return seqs.stop - 1


def kept_whole(process: ServeProcess, coach: str, token: str, last: int, tmp_path: Path) -> None:
    """The session ends, and all of it is there once."""
    with lines_to(process).sending(token) as line:
        line.send(type="end", seq=last)
        kept = line.next("kept")["session"]
    headers = {"Authorization": f"Bearer {coach}"}
    with httpx.Client(base_url=f"http://{process.address}/api/v1/", headers=headers) as api:
        session = api.get(f"sessions/{kept}").json()
        assert session["events"] == [heart(float(seq)) for seq in range(1, last + 1)]
        athlete = api.get("athletes").json()["items"][0]["id"]
        (listed,) = api.get(f"athletes/{athlete}/sessions").json()["items"]
        (recorded,) = api.get(f"athletes/{athlete}/recordings").json()["items"]
        assert listed["id"] == kept
        (tmp_path / "got").write_bytes(api.get(f"recordings/{recorded['id']}").content)
    (one,) = read_athlete(tmp_path / "got", "Anna")
    np.testing.assert_allclose(one.t, np.arange(5 * last) / 5)


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path / "server") as process:
        coach, (token,) = process.people("Anna")
        process.start()
        acknowledged = 0

        def remember(seq: int) -> None:
            nonlocal acknowledged
            acknowledged = seq
            if seq > 30:
                process.kill()

        with pytest.raises(ConnectionClosed), lines_to(process).sending(token) as line:
            sent(line, range(1, 1000), remember)
        assert acknowledged > 30
        process.start()
        with lines_to(process).sending(token) as line:
            stands = line.taken["seq"]
            assert stands >= acknowledged
            sent(line, range(stands + 1, stands + 21))
        kept_whole(process, coach, token, stands + 20, tmp_path)


def test_a_database_that_goes_away_and_comes_back_loses_nothing(tmp_path: Path) -> None:
    with postgres() as database, serving(tmp_path / "server", database.address) as process:
        coach, (token,) = process.people("Anna")
        process.start()
        with lines_to(process).sending(token) as line:
            acknowledged = sent(line, range(1, 11))
            database.stop()
            line.send(**batch_frame(11))
            assert line.refused() == ("unavailable", 4503)
        with lines_to(process).sending(token) as line:
            assert line.taken["kind"] == "unavailable"
        assert httpx.get(f"http://{process.address}/readyz").status_code == 503
        database.start()
        with lines_to(process).sending(token) as line:
            assert line.taken["seq"] == acknowledged
            sent(line, range(11, 21))
        kept_whole(process, coach, token, 20, tmp_path)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    with small_disk("8m") as folder, serving(folder / "server") as process:
        coach, (token,) = process.people("Anna")
        process.start()
        with lines_to(process).sending(token) as line:
            acknowledged = sent(line, range(1, 11))
            filler = fill(folder)
            for seq in itertools.count(11):  # a log may have room for some more
                line.send(**batch_frame(seq))
                frame = line.next()
                if frame["type"] == "problem":
                    break
                acknowledged = frame["seq"]
            assert frame["kind"] == "disk_full"
        with lines_to(process).sending(token) as line:
            assert line.taken["seq"] == acknowledged
            line.send(type="end", seq=acknowledged)
            assert line.refused() == ("disk_full", 4507)
        filler.unlink()
        with lines_to(process).sending(token) as line:
            assert line.taken["seq"] == acknowledged
            sent(line, range(acknowledged + 1, acknowledged + 11))
        kept_whole(process, coach, token, acknowledged + 10, tmp_path)
