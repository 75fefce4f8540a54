"""All that is live on one server: sessions, those who send and those who watch them."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from distride.serve.access import Who
from distride.serve.live.frames import Begin
from distride.serve.live.journal import Journal
from distride.serve.live.kept import Opened, opened, set_lost_aside
from distride.serve.live.session import Live
from distride.serve.live.socket import Socket
from distride.serve.observe import LOG
from distride.serve.problems import Refused
from distride.serve.schema import Account, Credential, LiveSession, StoredSession, microseconds
from distride.serve.state import Server

if TYPE_CHECKING:
    from distride.serve.live.sending import Sender
    from distride.serve.live.watching import Watcher

LOOK_S = 2.0  # at whether credentials are still good
AWAY_S = 600.0  # after which what came of a phone that is away is among its athlete's sessions
WATCHERS = 8  # of one account
SESSIONS = 4  # of one athlete, besides the one that begins
REVOKED = "This login or token is no longer good: log in again."
OVERTAKEN = "Another connection goes on with this session."


class Room:
    """What is live; of the event loop alone.

    Args:
        server: Where it is kept.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.journal = Journal(server.database)
        self.sessions: dict[str, Live] = {}
        self._watchers: set[Watcher] = set()
        self._sockets: set[Socket] = set()
        self._opened_s = math.inf
        self._beginning = asyncio.Lock()  # of two who begin one session, the later one sees all

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While it is open, what is sent is written."""
        self._opened_s = asyncio.get_running_loop().time()
        tasks = [asyncio.create_task(work) for work in (self.journal.run(), self._look_on())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await run_in_threadpool(self.journal.close)

    @contextmanager
    def holding(self, socket: Socket) -> Iterator[None]:
        """While it is held, a connection ends when its credential does."""
        self._sockets.add(socket)
        try:
            yield
        finally:
            self._sockets.discard(socket)

    async def begin(
        self, athlete: Account, begin: Begin, sender_of: Callable[[Live, Opened], "Sender"]
    ) -> "Sender | str":
        """A session that goes on from here; the identity of one that is kept already.

        Args:
            athlete: Whose.
            begin: What the phone says.
            sender_of: The connection, once it is known where the session stands.

        Raises:
            Refused: Another one was begun under its key, or too many are live.
        """
        async with self._beginning:
            for live in self.sessions.values():
                if (live.athlete.id, live.begun.id) == (athlete.id, begin.id) and live.sender:
                    live.sender.give_way(Refused(409, OVERTAKEN))
            self._make_place(athlete, begin)
            found = await self.journal.between(partial(opened, self.server, athlete, begin))
            if isinstance(found, str):
                return found
            live = self._session(found, athlete, begin)
            live.sender = sender_of(live, found)
            self._tell_all(live)
            return live.sender

    def leave(self, sender: "Sender") -> None:
        """A phone is away; its session stays for a while."""
        live = sender.live
        if live.sender is sender:
            live.sender, live.away_since_s = None, asyncio.get_running_loop().time()
            self._tell_all(live)

    def close(self, live: Live, kept: str | None) -> None:
        """A session is over."""
        self.sessions.pop(live.id, None)
        live.is_over, live.kept = True, kept
        self._tell_all(live)

    @contextmanager
    def watching(self, watcher: "Watcher", who: Who) -> Iterator[None]:
        """While they watch, they are told.

        Raises:
            Refused: Their account watches too often already.
        """
        if sum(one.who.id == who.id for one in self._watchers) >= WATCHERS:
            raise Refused(429, f"An account may watch {WATCHERS} times at once: close one.")
        self._watchers.add(watcher)
        self.server.metrics.live_watchers.set(len(self._watchers))
        try:
            yield
        finally:
            self._watchers.discard(watcher)
            self.server.metrics.live_watchers.set(len(self._watchers))

    def tell(self, live: Live) -> None:
        """There is news of a session."""
        for watcher in self._watchers:
            watcher.notice(live)

    def _tell_all(self, live: Live) -> None:
        """A phone came or went."""
        self.tell(live)
        present = sum(one.sender is not None for one in self.sessions.values())
        self.server.metrics.live_sessions.set(present)

    def _make_place(self, athlete: Account, begin: Begin) -> None:
        """No athlete fills the memory: of too many sessions one whose phone is away is let go."""
        own = [one for one in self.sessions.values() if one.athlete.id == athlete.id]
        others = [one for one in own if one.begun.id != begin.id]
        if len(others) < SESSIONS:
            return
        away = [one for one in others if one.sender is None]
        if not away:
            raise Refused(429, f"{SESSIONS} sessions of yours are live: end one.")
        self.close(away[0], None)

    def _session(self, found: Opened, athlete: Account, begin: Begin) -> Live:
        live = self.sessions.setdefault(found.id, Live(found.id, athlete, begin))
        live.restore(found.seq, found.recent)
        return live

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except DBAPIError:  # whoever sends is told so; until then nobody's login is over
                continue
            except Exception:
                LOG.exception("a look at what is live failed")

    async def _look(self) -> None:
        sockets, sessions = set(self._sockets), dict(self.sessions)  # others may come meanwhile
        used = {one.who.credential.sha256 for one in sockets}
        late_s = asyncio.get_running_loop().time() - AWAY_S
        if self._opened_s < late_s:  # until then those who were cut off by a new start may be back
            present = [one.id for one in sessions.values() if not one.is_away_since(late_s)]
            await run_in_threadpool(set_lost_aside, self.server, present)
        good, there, kept = await run_in_threadpool(self._known, used, list(sessions))
        for socket in sockets:
            if socket.who.credential.sha256 not in good:
                socket.end(Refused(401, REVOKED))
        for live in sessions.values():
            if live.sender and live.sender.is_ending:
                continue
            if live.is_away_since(late_s) or live.id not in there:
                self._withdraw(live, live.id if live.id in kept else None)

    def _withdraw(self, live: Live, kept: str | None) -> None:
        if live.sender:
            live.sender.give_way(Refused(409, "This session was kept or removed meanwhile."))
        self.close(live, kept)

    def _known(
        self, used: Iterable[str], sessions: Iterable[str]
    ) -> tuple[set[str], set[str], set[str]]:
        """Of credentials those that are good, of sessions those that are live, and kept."""
        later = Credential.expires_at > microseconds(datetime.now(UTC))
        with self.server.database.reading() as session:
            good = select(Credential.sha256).where(Credential.sha256.in_(used), later)
            there = select(LiveSession.id).where(LiveSession.id.in_(sessions))
            kept = select(StoredSession.id).where(StoredSession.id.in_(sessions))
            found = [set(session.scalars(query)) for query in (good, there, kept)]
        return found[0], found[1], found[2]
