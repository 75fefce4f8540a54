"""What a server is told when it starts."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from distride.errors import DistrideError
from distride.files import MEBIBYTE

PREFIX = "/api/v1"  # of the addresses that programs and pages ask
PORTS = {"http": 80, "https": 443}
PAGES = Path(__file__).parent / "pages"


class ServerError(DistrideError):
    """The server cannot start as asked."""


@dataclass(frozen=True)
class Limits:
    """What one request, and one account, may take.

    Attributes:
        body_bytes: Of a request.
        upload_bytes: Of one that brings a bundle, a recording or a session.
        tries_a_minute: At a password or a link, under one name.
        tries_a_minute_here: The same, from one address.
        requests_a_minute: Of one account.
        live_frame_bytes: Of a frame of a live session.
        live_window: How many of its batches may wait to be acknowledged.
        live_window_bytes: Of all that wait.
    """

    body_bytes: int = MEBIBYTE
    upload_bytes: int = 256 * MEBIBYTE
    tries_a_minute: int = 10
    tries_a_minute_here: int = 60
    requests_a_minute: int = 1200
    live_frame_bytes: int = MEBIBYTE // 4
    live_window: int = 64
    live_window_bytes: int = MEBIBYTE


@dataclass(frozen=True)
class Settings:
    """Where a server keeps things, and what it allows.

    Attributes:
        folder: Of all that it keeps; made if it is absent.
        database: Its address; empty: SQLite in the folder.
        recordings: A store's address, such as `s3://bucket/recordings`; empty: the folder.
        url: What people open, such as `https://gym.example`; empty: what they opened.
        limits: On requests.
        login: How long a login lasts.
        link: How long a first login's link lasts.
        pages: Built pages, a folder each.
    """

    folder: Path
    database: str = ""
    recordings: str = ""
    url: str = ""
    limits: Limits = Limits()
    login: timedelta = timedelta(days=30)
    link: timedelta = timedelta(days=7)
    pages: Path = PAGES

    def __post_init__(self) -> None:
        if self.url and not self.origin:
            raise ServerError(
                f"'{self.url}' is no address that people can open: give one such as "
                "https://gym.example, without a path."
            )

    @property
    def address(self) -> str:
        """Of the database."""
        return self.database or f"sqlite:///{self.folder / 'distride.sqlite'}"

    @cached_property
    def origin(self) -> str:
        """As browsers write it; empty where it is not told."""
        return _origin(self.url)


def _origin(url: str) -> str:
    """Scheme, host and, where it is not the scheme's own, port; empty where it is no such address.

    >>> _origin("HTTPS://Gym.Example:443/"), _origin("http://[::1]:8000"), _origin("https://")
    ('https://gym.example', 'http://[::1]:8000', '')
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return ""
    more = parts.path.removeprefix("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in PORTS or not host or more:
        return ""
    written = f"[{host}]" if ":" in host else host
    is_usual = port in (None, PORTS[parts.scheme])
    return f"{parts.scheme}://{written}" if is_usual else f"{parts.scheme}://{written}:{port}"
