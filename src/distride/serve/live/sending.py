"""A phone sends its session: each batch is acknowledged once it is on disk."""

import asyncio
import json
import time
from collections import deque
from functools import partial

import numpy as np
from fastapi.concurrency import run_in_threadpool

from distride.errors import DistrideError
from distride.runtime import read_events
from distride.serve.live.frames import (
    BEGIN,
    GOING,
    Batch,
    End,
    Samples,
    check_version,
    checked,
    packed,
)
from distride.serve.live.journal import Entry, Lane
from distride.serve.live.kept import Opened, keep_live
from distride.serve.live.room import Room
from distride.serve.live.session import Live, Shown
from distride.serve.live.socket import Socket
from distride.serve.problems import Refused

DISAGREED = "The athlete did not agree to send samples: begin with 'raw', or leave them out."


async def receive_session(room: Room, socket: Socket) -> None:
    """Take a session, from its beginning or where it stood.

    Raises:
        Refused: It is no athlete who sends, or a frame is not allowed.
        WebSocketDisconnect: The phone is away.
    """
    athlete = socket.who.account
    if athlete.role != "athlete":
        raise Refused(403, "Only an athlete may send a session: log in by an invitation's link.")
    begin = checked(BEGIN, await socket.first())
    check_version(begin.version)
    if begin.raw and not begin.channels:
        raise Refused(422, "Samples without channels: name the bundle's.")
    sender = await room.begin(
        athlete, begin, lambda live, opened: Sender(room, live, opened, socket)
    )
    if isinstance(sender, str):
        return await socket.send(packed(type="kept", session=sender))
    try:
        await sender.serve()
    finally:
        room.leave(sender)


class Sender:
    """A connection that sends a session.

    Args:
        room: Where.
        live: Which.
        opened: Where it goes on.
        socket: To the phone.
    """

    def __init__(self, room: Room, live: Live, opened: Opened, socket: Socket) -> None:
        self.live = live
        self._room = room
        self._socket = socket
        self._limits = room.server.settings.limits
        self._lane = Lane()
        self._next = opened.seq + 1
        self._duration_s, self._clock_s = opened.duration_s, opened.clock_s
        self._size = opened.size
        self._waiting: deque[int] = deque()  # bytes of what is not on disk yet
        self._news = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self.is_ending = False

    async def serve(self) -> None:
        """Take batches and acknowledge them until the session is over."""
        limits = self._limits
        taken = {"window": limits.live_window, "window_bytes": limits.live_window_bytes}
        await self._socket.send(packed(type="taken", seq=self.live.seq, **taken))
        await self._socket.until_it_ends(self._read(), self._acknowledge())

    def give_way(self, refused: Refused) -> None:
        """Nothing more of this connection is written."""
        self._lane.failure = refused
        self._socket.end(refused)

    async def _read(self) -> None:
        while True:
            data = await self._socket.receive()
            frame = checked(GOING, data)
            if isinstance(frame, End):
                return await self._end(frame)
            if frame.seq < self._next:
                self._news.set()  # it came before: what is on disk is told again
            else:
                self._take(frame, data)

    async def _acknowledge(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._socket.send(packed(type="ack", seq=self.live.seq))

    async def _end(self, frame: End) -> None:
        if frame.seq != self._next - 1:
            raise Refused(409, f"The last batch is {self._next - 1}, not {frame.seq}.")
        await self._drained.wait()
        self.is_ending = True
        live = self.live
        work = (self._room.server, live.athlete, live.id, live.begun)
        kept = await run_in_threadpool(keep_live, *work)
        self._room.close(live, kept)
        await self._socket.send(packed(type="kept", session=kept))

    def _take(self, frame: Batch, data: bytes) -> None:
        if frame.seq > self._next:
            raise Refused(409, f"Batch {self._next} comes next, not {frame.seq}.")
        clock_s = self._checked_clock(frame)
        _check_events(frame)
        self._count(len(data))
        self._next, self._duration_s, self._clock_s = frame.seq + 1, frame.duration_s, clock_s
        row = {
            "session_id": self.live.id,
            "seq": frame.seq,
            "duration_s": frame.duration_s,
            "clock_s": clock_s,
            "body": data,
        }
        samples = frame.samples.model_dump() if frame.samples else None
        told = (frame.seq, frame.duration_s, frame.events, samples, len(data))
        shown = Shown(self.live.id, self.live.athlete.id, *told)
        written = partial(self._written, shown, time.perf_counter())
        self._room.journal.add(Entry(self._lane, row, written))

    def _count(self, size: int) -> None:
        """Count a batch among those that wait."""
        limits = self._limits
        self._waiting.append(size)
        self._drained.clear()
        self._size += size
        is_full = sum(self._waiting) > limits.live_window_bytes
        if is_full or len(self._waiting) > limits.live_window:
            raise Refused(429, "More is sent than acknowledged: wait for acknowledgements.")
        if self._size > limits.upload_bytes:
            raise Refused(413, "The session is larger than is allowed: end it, begin another one.")

    def _checked_clock(self, frame: Batch) -> float:
        """The time of the last sample so far."""
        if frame.duration_s < self._duration_s:
            raise Refused(422, "'duration_s' falls: it is the session's so far.")
        if frame.samples is None:
            return self._clock_s
        if not self.live.begun.raw:
            raise Refused(422, DISAGREED)
        t = _clock(frame.samples, len(self.live.begun.channels))
        if not len(t):
            return self._clock_s
        if not np.isfinite(t).all() or t[0] < self._clock_s or (np.diff(t) < 0).any():
            raise Refused(422, "'samples.t' falls, or is no number: the clock only rises.")
        return float(t[-1])

    def _written(self, shown: Shown, came_s: float, failure: Refused | None) -> None:
        self._waiting.popleft()
        if not self._waiting:
            self._drained.set()
        metrics = self._room.server.metrics
        if failure is not None:
            metrics.live_batches.labels("refused").inc()
            return self._socket.end(failure)
        metrics.live_batches.labels("kept").inc()
        metrics.live_seconds.observe(time.perf_counter() - came_s)
        self.live.add(shown)
        self._room.tell(self.live)
        self._news.set()


def _clock(samples: Samples, width: int) -> np.ndarray:
    rows = len(samples.t) // 8
    sizes = (8 * rows, 4 * rows * width, 4 * rows)
    if (len(samples.t), len(samples.rows), len(samples.heart_rate)) != sizes:
        raise Refused(400, "'samples' has not as many rows as 't' has times.")
    return np.frombuffer(samples.t, "<f8")


def _check_events(frame: Batch) -> None:
    if not frame.events:
        return
    try:
        read_events((json.dumps(one) for one in frame.events), "the batch")
    except (DistrideError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Refused(422, f"The batch's events cannot be read: {error}") from error
