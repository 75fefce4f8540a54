"""Who asks, and whether they may."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from distride.serve.guard import FOREIGN, SAFE_METHODS
from distride.serve.problems import ABSENT, Refused
from distride.serve.said import Said
from distride.serve.schema import Account, Credential, StoredRecording, StoredSession
from distride.serve.state import Server

SECURE_COOKIE, PLAIN_COOKIE = "__Host-distride", "distride"
BEARER = HTTPBearer(auto_error=False, description="A program's token.")
COOKIE = APIKeyCookie(name=SECURE_COOKIE, auto_error=False, description="A page's login.")
NOBODY = Said(
    "Nobody is logged in: log in, or send a token that is still good.",
    "尚未登录：请登录，或使用仍有效的令牌。",
)
COACHS = Said("Only a coach may do this: ask yours.", "只有教练可以这样做：请联系您的教练。")
ATHLETES = Said(
    "Only an athlete may do this: log in by an invitation's link.",
    "只有运动员可以这样做：请用邀请链接登录。",
)
Kept = TypeVar("Kept", StoredRecording, StoredSession)
Id = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


def server_of(connection: HTTPConnection) -> Server:
    """The server that answers."""
    server: Server = connection.app.state.server
    return server


Asked = Annotated[Server, Depends(server_of)]


@dataclass(frozen=True)
class Who:
    """Somebody who is known."""

    account: Account
    credential: Credential

    @property
    def id(self) -> str:
        """Of the account."""
        return self.account.id


def identified(connection: HTTPConnection, server: Server) -> Who:
    """Whose cookie or token came.

    Raises:
        Refused: Nobody's, another site's, or too often.
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    is_program = scheme.lower() == "bearer"
    secret = token if is_program else connection.cookies.get(cookie_name(connection, server), "")
    with server.database.reading() as session:
        known = server.accounts(session).who(secret, datetime.now(UTC)) if secret else None
    if known is None:
        raise Refused(401, NOBODY)
    changes = connection.scope.get("method", "") not in SAFE_METHODS  # a WebSocket has no method
    if not is_program and changes and "origin" not in connection.headers:
        raise Refused(403, FOREIGN)
    limits = server.settings.limits
    server.rates.count("requests", known[0].id, limits.requests_a_minute)
    return Who(*known)


def logged_in(
    request: Request,
    server: Asked,
    _bearer: Annotated[object, Depends(BEARER)],
    _cookie: Annotated[object, Depends(COOKIE)],
) -> Who:
    """Whoever asks; the credentials are named for the description of the interface."""
    return identified(request, server)


Asking = Annotated[Who, Depends(logged_in)]


def coach(who: Asking) -> Who:
    """A coach who asks."""
    if who.account.role != "coach":
        raise Refused(403, COACHS)
    return who


def athlete(who: Asking) -> Who:
    """An athlete who asks."""
    if who.account.role != "athlete":
        raise Refused(403, ATHLETES)
    return who


def seen(server: Server, who: Who, athlete_id: str) -> Account:
    """An athlete, to their coach and to themselves; to others there is none.

    Raises:
        Refused: There is none.
    """
    with server.database.reading() as session:
        found = session.get(Account, athlete_id)
    if found is None or found.role != "athlete" or who.id not in (found.id, found.coach_id):
        raise Refused(404, ABSENT)
    return found


def kept(server: Server, who: Who, kind: type[Kept], number: str) -> Kept:
    """A recording or a session, to those who may see its athlete.

    Raises:
        Refused: There is none, or it is of somebody else's.
    """
    with server.database.reading() as session:
        stored = session.get(kind, number)
    if stored is None:
        raise Refused(404, ABSENT)
    seen(server, who, stored.account_id)
    return stored


def theirs(athlete_id: Id, who: Asking, server: Asked) -> Account:
    """The athlete of an address."""
    return seen(server, who, athlete_id)


Coach = Annotated[Who, Depends(coach)]
Athlete = Annotated[Who, Depends(athlete)]
Theirs = Annotated[Account, Depends(theirs)]


def cookie_name(connection: HTTPConnection, server: Server) -> str:
    """Over https it is one that no other host and no plain http can set."""
    return SECURE_COOKIE if _is_secure(connection, server) else PLAIN_COOKIE


def set_cookie(connection: HTTPConnection, server: Server, answer: Response, secret: str) -> None:
    """Log a browser in: no script reads the cookie, and no other site's page sends it."""
    answer.set_cookie(
        cookie_name(connection, server),
        secret,
        max_age=int(server.settings.login.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=_is_secure(connection, server),
    )


def _is_secure(connection: HTTPConnection, server: Server) -> bool:
    origin = server.settings.origin
    return origin.startswith("https:") if origin else connection.url.scheme in ("https", "wss")
