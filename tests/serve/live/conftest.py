import socket as sockets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgpack
import numpy as np
import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from distride.serve import Server, Settings, configuration

from ..conftest import QUICK, Somebody, World

CHANNELS = ["wrist_acc_x", "wrist_acc_y", "wrist_acc_z"]
PATIENCE_S = 10.0
NARROW = 64 * 1024  # bytes


def begin_frame(**more: Any) -> dict[str, Any]:
    return {
        "type": "begin",
        "version": 1,
        "id": "5ca1ab1e",
        "athlete": "Anna",
        "bundle": "tiny",
        "started_at": "2026-05-01T18:00:00+00:00",
        "channels": CHANNELS,
        "raw": True,
        **more,
    }


def heart(t_s: float, bpm: float = 120.0) -> dict[str, Any]:
    told = {"zone": None, "zones": "", "reason": ""}
    return {"event": "heart", "t_s": t_s, "bpm": bpm, **told}


def batch_frame(seq: int, rows: int = 5, **more: Any) -> dict[str, Any]:
    """A second of a session whose numbers tell where they belong."""
    t = seq - 1 + np.arange(rows) / rows
    return {
        "type": "batch",
        "seq": seq,
        "duration_s": float(seq),
        "events": [heart(float(seq))],
        "samples": {
            "t": t.tobytes(),
            "rows": np.repeat(t[:, None], 3, 1).astype(np.float32).tobytes(),
            "heart_rate": np.full(rows, 120, np.float32).tobytes(),
        },
        **more,
    }


@dataclass
class Line:
    """A WebSocket that tells maps."""

    socket: ClientConnection
    taken: dict[str, Any] = field(default_factory=dict)

    def send(self, **frame: Any) -> None:
        self.socket.send(msgpack.packb(frame))

    def next(self, kind: str = "") -> dict[str, Any]:
        """The next frame, of a kind if that is told."""
        while True:
            frame: dict[str, Any] = msgpack.unpackb(self.socket.recv(PATIENCE_S))
            if not kind or frame["type"] == kind:
                return frame

    def acknowledged(self, seq: int) -> None:
        while self.next("ack")["seq"] < seq:
            pass

    def refused(self) -> tuple[str, int]:
        """The problem that is told, and the code with which it is closed."""
        kind = self.next("problem")["kind"]
        with pytest.raises(ConnectionClosed) as closed:
            self.socket.recv(PATIENCE_S)
        assert closed.value.rcvd is not None
        return kind, closed.value.rcvd.code


@dataclass
class Lines:
    """WebSockets to a server that listens."""

    address: str

    @contextmanager
    def open(self, path: str, is_narrow: bool = False, **headers: str) -> Iterator[Line]:
        where = urlsplit(self.address)
        socket, more = sockets.socket(), {}
        if is_narrow:  # little waits in buffers
            socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, NARROW)
            more = {"max_queue": 1, "close_timeout": 0.1}
        socket.connect((where.hostname, where.port))
        told = {"sock": socket, "additional_headers": headers, **more}
        with connect(f"{self.address}{path}", **told) as opened:
            yield Line(opened)

    @contextmanager
    def sending(self, token: str, **more: Any) -> Iterator[Line]:
        """A phone that has begun, or goes on."""
        with self.open("/api/v1/phone/live", Authorization=f"Bearer {token}") as line:
            with suppress(ConnectionClosed):  # whoever is refused may be told before they begin
                line.send(**begin_frame(**more))
            line.taken = line.next()
            yield line

    @contextmanager
    def watching(self, token: str, is_narrow: bool = False, **more: Any) -> Iterator[Line]:
        with self.open("/api/v1/live", is_narrow, Authorization=f"Bearer {token}") as line:
            line.send(**{"type": "watch", "version": 1, "athletes": None, "samples": False, **more})
            yield line


def token_of(somebody: Somebody) -> str:
    token: str = somebody.send("POST", "tokens", 201, json={"purpose": "live"})["token"]
    return token


@contextmanager
def listening(world: World) -> Iterator[Lines]:
    """The server's process, in a thread of this one."""
    config = configuration(world.server)
    config.port, config.lifespan = 0, "on"
    served = uvicorn.Server(config)
    thread = threading.Thread(target=served.run)
    thread.start()
    try:
        until(lambda: served.started)
        port = served.servers[0].sockets[0].getsockname()[1]
        yield Lines(f"ws://127.0.0.1:{port}")
    finally:
        served.should_exit = True
        thread.join()


def until(is_so: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < ends_s
        time.sleep(0.01)


@pytest.fixture
def lines(world: World) -> Iterator[Lines]:
    with listening(world) as lines:
        yield lines


@pytest.fixture(scope="module")
def shared_lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lines, str]]:
    """One server for what is refused, and an athlete's token."""
    server = Server(Settings(tmp_path_factory.mktemp("shared")), QUICK)
    world = World(server)
    anna = world.athlete(world.coach("Kim"), "Anna")
    with listening(world) as lines:
        yield lines, token_of(anna)
    server.close()
