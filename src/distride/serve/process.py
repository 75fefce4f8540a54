"""How the application becomes a process that listens."""

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
