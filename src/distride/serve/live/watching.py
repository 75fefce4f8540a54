"""A coach watches: each session at the watcher's own pace, and nobody waits for them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import or_, select

from distride.serve.access import Who, seen
from distride.serve.live.frames import WATCH, Watch, check_version, checked, packed
from distride.serve.live.kept import batches_after
from distride.serve.live.room import Room
from distride.serve.live.session import Live, Shown
from distride.serve.live.socket import Socket
from distride.serve.schema import Account, StoredSession


async def tell_watcher(room: Room, socket: Socket) -> None:
    """Tell somebody what goes on, of those whom they may see.

    Raises:
        Refused: They may not see one of them, or take too little.
        WebSocketDisconnect: Nobody watches any more.
    """
    watcher, watch = Watcher(room, socket), checked(WATCH, await socket.first())
    with room.watching(watcher, socket.who):
        await watcher.look_at(watch)
        await socket.until_it_ends(watcher.listen(), watcher.tell())


@dataclass
class Cursor:
    """How far a watcher is in a session.

    Attributes:
        seq: The last batch that they were sent.
        is_present: What they know of the phone.
        asked: Whether they asked for what came before, wherever it is kept.
    """

    seq: int
    is_present: bool
    asked: bool = False


class Watcher:
    """A connection that watches.

    Args:
        room: What is live.
        socket: To the watcher.
    """

    def __init__(self, room: Room, socket: Socket) -> None:
        self.who: Who = socket.who
        self._room = room
        self._socket = socket
        self._watch: Watch | None = None
        self._cursors: dict[str, Cursor] = {}
        self._changed: dict[str, Live] = {}
        self._news = asyncio.Event()

    def notice(self, live: Live) -> None:
        """There is news of a session; it is looked at once there is time."""
        if self._sees(live):
            self._changed[live.id] = live
            self._news.set()

    async def listen(self) -> None:
        """Take what they want to see."""
        while True:
            await self.look_at(checked(WATCH, await self._socket.receive()))

    async def look_at(self, watch: Watch) -> None:
        """Show others, or from earlier on.

        Raises:
            Refused: They may not see one of them.
        """
        check_version(watch.version)
        server = self._room.server
        limits = server.settings.limits
        server.rates.count("requests", self.who.id, limits.requests_a_minute)
        await run_in_threadpool(self._check, watch.athletes or [])
        self._watch, self._cursors, self._changed = watch, {}, {}
        for live in self._room.sessions.values():
            self.notice(live)
        over = [one for one in watch.after if one not in self._room.sessions]
        for session, kept in (await run_in_threadpool(self._kept, over)).items():
            told = packed(type="ended", session=session, athlete=None, kept=kept)
            await self._socket.send(told)

    async def tell(self) -> None:
        """Send what is new, session by session."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._changed:
                oldest = next(iter(self._changed))
                await self._tell(self._changed.pop(oldest))

    def _check(self, athletes: Sequence[str]) -> None:
        for one in athletes:
            seen(self._room.server, self.who, one)

    def _kept(self, sessions: Sequence[str]) -> dict[str, str | None]:
        """What became of sessions that are not live; None where nothing did that they may see."""
        own = or_(Account.id == self.who.id, Account.coach_id == self.who.id)
        theirs = select(StoredSession.id).join(Account, Account.id == StoredSession.account_id)
        with self._room.server.database.reading() as session:
            found = set(session.scalars(theirs.where(own, StoredSession.id.in_(sessions))))
        return {one: one if one in found else None for one in sessions}

    def _sees(self, live: Live) -> bool:
        if self._watch is None:
            return False
        chosen = self._watch.athletes
        is_theirs = self.who.id in (live.athlete.id, live.athlete.coach_id)
        return is_theirs and (chosen is None or live.athlete.id in chosen)

    async def _tell(self, live: Live) -> None:
        cursor = await self._cursor(live)
        while cursor.seq < live.seq and self._is_wanted(live, cursor):
            for shown in await self._next(live, cursor):
                if self._is_wanted(live, cursor):
                    await self._show(shown)
                    cursor.seq = shown.seq
        if live.is_over:
            self._cursors.pop(live.id, None)
            await self._socket.send(live.farewell)

    def _is_wanted(self, live: Live, cursor: Cursor) -> bool:
        """Until they want to see something else."""
        return self._cursors.get(live.id) is cursor

    async def _cursor(self, live: Live) -> Cursor:
        is_present = live.sender is not None
        cursor = self._cursors.get(live.id)
        if cursor is None:
            assert self._watch is not None
            after = self._watch.after.get(live.id)
            cursor = Cursor(live.seq if after is None else after, is_present, after is not None)
        elif live.is_over or cursor.is_present == is_present:
            return cursor
        self._cursors[live.id] = cursor
        cursor.is_present = is_present
        await self._socket.send(live.told)
        return cursor

    async def _next(self, live: Live, cursor: Cursor) -> Sequence[Shown]:
        """The next batches; where they are no longer at hand, the watcher is told."""
        recent = live.after(cursor.seq)
        if recent and recent[0].seq == cursor.seq + 1:
            cursor.asked = False
            return recent
        if cursor.asked:
            place = (self._room.server, live.id, live.athlete.id, cursor.seq)
            if found := await run_in_threadpool(batches_after, *place):
                return found
        to = recent[0].seq - 1 if recent else live.seq
        told = packed(type="missed", session=live.id, after=cursor.seq, to=to)
        await self._socket.send(told)
        cursor.seq, cursor.asked = to, False
        return recent

    async def _show(self, shown: Shown) -> None:
        assert self._watch is not None
        await self._socket.send(shown.whole if self._watch.samples else shown.plain)
