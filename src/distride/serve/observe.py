"""What can be known of a running server: counters for Prometheus, and logs without a person."""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPMethod
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("distride.serve")
UNKNOWN = "unknown"  # the route of what no route answers: an address may hold anything
METHODS = frozenset(HTTPMethod)
OTHER = "other"  # the method of what is none that HTTP knows: it may be any word
ABORTED = 499  # whoever asked went away


class Metrics:
    """Counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "distride_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "distride_request_seconds",
            "From a request to its answer.",
            ("route",),
            registry=self.registry,
        )
        self.live_sessions = Gauge(
            "distride_live_sessions", "Phones that send now.", registry=self.registry
        )
        self.live_watchers = Gauge(
            "distride_live_watchers", "Connections that watch now.", registry=self.registry
        )
        self.live_batches = Counter(
            "distride_live_batches", "Live batches.", ("outcome",), registry=self.registry
        )
        self.live_seconds = Histogram(
            "distride_live_seconds",
            "From a live batch to its being on disk.",
            registry=self.registry,
        )

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self.registry)


class Observer:
    """Counts and logs each request: by its route, never by its address or by whom."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered, and remember how."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began_s = ABORTED, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            LOG.exception("a request failed", extra={"fields": {"route": _route(scope)}})
            raise
        finally:
            self._tell(scope, status, time.perf_counter() - began_s)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        route = _route(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        fields = {"method": method, "route": route, "status": status}
        LOG.info("request", extra={"fields": {**fields, "ms": round(1000 * seconds, 1)}})


class JsonLines(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "what": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            told["errors"] = list(_errors(record.exc_info[1]))
        return json.dumps(told)


def log_to_stderr() -> None:
    """Have the server's records, and uvicorn's, written to the error stream, one JSON a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    LOG.setLevel(logging.INFO)
    for logger in (LOG, logging.getLogger("uvicorn")):
        logger.addHandler(handler)
        logger.propagate = False


def _errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """An error and what led to it, by kind and place: what it says may hold what was sent."""
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        yield {"kind": type(error).__name__, "at": places}
        error = error.__cause__ or error.__context__


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", UNKNOWN))
