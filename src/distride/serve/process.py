"""How the application becomes the one process that listens."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn

from distride.files import MEBIBYTE
from distride.serve.app import create_app
from distride.serve.state import Server


def configuration(server: Server) -> uvicorn.Config:
    """Of the one process: what is live is in its memory.

    A WebSocket's frame is cut off at 1 MiB before it is looked at, and none is compressed: nobody
    may make much of little.
    """
    return uvicorn.Config(
        create_app(server),
        log_config=None,  # see `log_to_stderr`
        log_level="warning",
        access_log=False,
        ws_max_size=MEBIBYTE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=10,
    )


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold a server's folder while it is served; whether no other process holds it.

    Where folders cannot be locked (on Windows, and on some network drives) nobody can tell.
    """
    with ExitStack() as lock:
        yield _is_locked(folder, lock)


def _is_locked(folder: Path, lock: ExitStack) -> bool:
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        lock.callback(os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError) as error:
        return not isinstance(error, BlockingIOError)
    return True
