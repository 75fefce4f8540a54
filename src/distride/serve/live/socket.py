"""One accepted WebSocket: frames in and out, and why it must end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from distride.serve.access import Who
from distride.serve.live.frames import packed
from distride.serve.problems import KINDS, Refused

FIRST_S = 10.0
TAKES_S = 30.0  # the longest that somebody takes nothing of what they are sent
LAST_S = 1.0
CLOSES = 4000  # with the status of a request


class Socket:
    """A connection to somebody who is known.

    Args:
        websocket: Accepted.
        who: Whose it is.
        largest: Bytes of a frame.
    """

    def __init__(self, websocket: WebSocket, who: Who, largest: int) -> None:
        self.who = who
        self._websocket = websocket
        self._largest = largest
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def first(self) -> bytes:
        """The first frame.

        Raises:
            Refused: It does not come, or is too large or text.
            WebSocketDisconnect: Nobody is there any more.
        """
        try:
            async with asyncio.timeout(FIRST_S):
                return await self.receive()
        except TimeoutError:
            raise Refused(408, f"Nothing came within {FIRST_S:g} s: begin, or watch.") from None

    async def receive(self) -> bytes:
        """The next frame.

        Raises:
            Refused: It is too large or text.
            WebSocketDisconnect: Nobody is there any more.
        """
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        data: bytes | None = message.get("bytes")
        if data is None:
            raise Refused(400, "This is text: send msgpack, as binary.")
        if len(data) > self._largest:
            allowed = f"{self._largest / 1024:g} KiB"
            raise Refused(413, f"The frame is larger than the {allowed} that are allowed.")
        return data

    async def send(self, data: bytes) -> None:
        """Send a frame; it waits for one who is slow.

        Raises:
            Refused: Nothing is taken for too long.
            WebSocketDisconnect: Nobody is there any more.
        """
        try:
            async with asyncio.timeout(TAKES_S):
                await self._websocket.send_bytes(data)
        except TimeoutError:
            raise Refused(408, f"Nothing was taken for {TAKES_S:g} s: connect again.") from None

    def end(self, refused: Refused) -> None:
        """Have it closed, and say why."""
        if not self._end.done():
            self._end.set_exception(refused)

    async def until_it_ends(self, *works: Coroutine[Any, Any, None]) -> None:
        """Work until one of it is over, or it was ended; what that raised is raised."""
        tasks = [asyncio.ensure_future(work) for work in works]
        everything = [*tasks, self._end]
        try:
            await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over = [one for one in everything if one.done()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for one in over:
            one.result()


async def refuse(websocket: WebSocket, refused: Refused) -> None:
    """Say why and close; who takes nothing is left without a word."""
    kind = KINDS.get(refused.status_code, "refused")
    try:
        async with asyncio.timeout(LAST_S):
            await websocket.send_bytes(packed(type="problem", kind=kind, message=refused.detail))
            await websocket.close(CLOSES + refused.status_code)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        pass
