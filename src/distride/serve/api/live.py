"""The WebSockets; `docs/live.md` describes them, because OpenAPI cannot."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool

from distride.serve.access import identified, server_of
from distride.serve.live import Room, receive_session, tell_watcher
from distride.serve.live.socket import Socket, refuse
from distride.serve.observe import LOG
from distride.serve.problems import FAULT, Refused, refusal_of
from distride.serve.settings import PREFIX

router = APIRouter(prefix=PREFIX)


@router.websocket("/phone/live")
async def send(websocket: WebSocket) -> None:
    """An athlete's phone sends a session."""
    await _answered(websocket, receive_session)


@router.websocket("/live")
async def watch(websocket: WebSocket) -> None:
    """Somebody watches those whom they may see."""
    await _answered(websocket, tell_watcher)


async def _answered(websocket: WebSocket, work: Callable[[Room, Socket], Awaitable[None]]) -> None:
    """A refusal is told in a frame: a browser tells its page no status of a handshake."""
    await websocket.accept()
    began_s, status = time.perf_counter(), 200
    try:
        await _worked(websocket, work)
        with suppress(RuntimeError):  # whoever was told all may have closed it already
            await websocket.close()
    except WebSocketDisconnect:
        pass
    except Refused as refused:
        status = refused.status_code
        await refuse(websocket, refused)
    route = websocket.scope["route"].path
    fields = {"route": route, "status": status, "s": round(time.perf_counter() - began_s, 1)}
    LOG.info("connection", extra={"fields": fields})


async def _worked(websocket: WebSocket, work: Callable[[Room, Socket], Awaitable[None]]) -> None:
    server = server_of(websocket)
    room: Room = websocket.app.state.room
    try:
        who = await run_in_threadpool(identified, websocket, server)
        socket = Socket(websocket, who, server.settings.limits.live_frame_bytes)
        with room.holding(socket):
            await work(room, socket)
    except (WebSocketDisconnect, Refused):
        raise
    except Exception as error:
        refused = refusal_of(error)
        if refused is None:
            LOG.exception("a connection failed")
        raise refused or Refused(500, FAULT) from error
