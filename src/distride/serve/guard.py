"""What stands before every request: sizes, foreign pages, and headers."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from distride.files import MEBIBYTE
from distride.serve.problems import Refused, problem
from distride.serve.said import Said
from distride.serve.settings import Settings

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
UPLOADS = ("/bundles", "/recordings", "/sessions", "/heads")
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOREIGN = Said(
    "Another site's page may not do this: open this server's own page.",
    "其他网站的页面不能这样做：请打开本服务器的页面。",
)


class Guard:
    """Refuses what no route should see, and adds headers to each answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "websocket" and is_foreign(HTTPConnection(scope), self._own):
            await send({"type": "websocket.close"})  # before it is accepted: 403
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(scope, MutableHeaders(scope=message))
            await send(message)

        asked, allowed = HTTPConnection(scope), self._allowed(scope)
        if _announced(Headers(scope=scope)) > allowed:
            await problem(asked, 413, _too_large(allowed))(scope, receive, with_headers)
        elif scope["method"] not in SAFE_METHODS and is_foreign(asked, self._own):
            await problem(asked, 403, FOREIGN)(scope, receive, with_headers)
        else:
            await self._app(scope, _counted(receive, allowed), with_headers)

    @property
    def _own(self) -> str:
        return self._settings.origin

    def _allowed(self, scope: Scope) -> int:
        limits = self._settings.limits
        is_upload = scope["method"] == "POST" and scope["path"].endswith(UPLOADS)
        return limits.upload_bytes if is_upload else limits.body_bytes


def is_foreign(request: HTTPConnection, own: str) -> bool:
    """Whether a browser sent this for a page of another site (OWASP: verifying the origin).

    Args:
        request: Or a WebSocket's first one.
        own: The server's own origin; empty: the host that was asked.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return False
    return origin != own if own else origin.partition("://")[2] != request.headers.get("host")


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 16 else 0


def _too_large(allowed: int) -> Said:
    most = f"{allowed / MEBIBYTE:g} MiB"
    return Said(f"The body is larger than the {most} that are allowed.", f"内容超过允许的 {most}。")


def _counted(receive: Receive, allowed: int) -> Receive:
    """The same, up to a size; a body in chunks announces none."""
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > allowed:
            raise Refused(413, _too_large(allowed))
        return message

    return counted


def _add_headers(scope: Scope, headers: MutableHeaders) -> None:
    for name, text in HEADERS.items():
        headers.setdefault(name, text)
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if scope["path"].startswith("/api/"):
        headers["Cache-Control"] = "no-store"
    else:
        headers.setdefault("Cache-Control", "no-cache")
