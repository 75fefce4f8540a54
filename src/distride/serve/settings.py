"""What a server is told when it starts."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from distride.bundle.archive import MEBIBYTE
from distride.errors import DistrideError

PREFIX = "/api/v1"  # of the addresses that programs and pages ask
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
        parts = urlsplit(self.url)
        if self.url and (parts.scheme not in ("http", "https") or parts.path not in ("", "/")):
            raise ServerError(
                f"'{self.url}' is no address that people can open: give one such as "
                "https://gym.example, without a path."
            )

    @property
    def address(self) -> str:
        """Of the database."""
        return self.database or f"sqlite:///{self.folder / 'distride.sqlite'}"

    @property
    def origin(self) -> str:
        """As browsers write it; empty where it is not told."""
        return self.url.rstrip("/")
