"""A session that is live, in memory: what is on disk of it, and what watchers are shown."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from distride.serve.live.frames import Begin, packed
from distride.serve.schema import Account

if TYPE_CHECKING:
    from distride.serve.live.sending import Sender

RECENT = 64  # batches that a watcher may be behind
RECENT_BYTES = 2**20
LATEST = 64  # kinds of events, as a task is one


@dataclass(frozen=True)
class Shown:
    """A batch as watchers see it.

    Attributes:
        session: Its identity.
        athlete: Whose.
        seq: Its number.
        duration_s: Of the session so far.
        events: As the stream told them.
        samples: As they were sent; None without consent.
        size: Bytes of the batch.
    """

    session: str
    athlete: str
    seq: int
    duration_s: float
    events: Sequence[dict[str, Any]]
    samples: dict[str, bytes] | None
    size: int

    @cached_property
    def whole(self) -> bytes:
        """The frame with samples."""
        return self._frame(self.samples)

    @cached_property
    def plain(self) -> bytes:
        """The frame without; encoded once for all who watch."""
        return self._frame(None)

    def _frame(self, samples: dict[str, bytes] | None) -> bytes:
        return packed(
            type="batch",
            session=self.session,
            athlete=self.athlete,
            seq=self.seq,
            duration_s=self.duration_s,
            events=self.events,
            samples=samples,
        )


@dataclass(eq=False)
class Live:
    """One of them.

    Attributes:
        id: Its identity, and that of the session that it becomes.
        athlete: Whose.
        begun: What the phone said.
        seq: The last batch that is on disk.
        duration_s: Of the session so far.
        sender: The connection that sends; None while the phone is away.
        away_since_s: Since when, on the loop's clock.
        is_over: Whether nothing comes any more.
        kept: The session that it became, if it did.
    """

    id: str
    athlete: Account
    begun: Begin
    seq: int = 0
    duration_s: float = 0.0
    sender: "Sender | None" = None
    away_since_s: float = 0.0
    is_over: bool = False
    kept: str | None = None
    _recent: deque[Shown] = field(default_factory=lambda: deque(maxlen=RECENT))
    _latest: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def is_away_since(self, time_s: float) -> bool:
        """Whether the phone is away, and was already at a time on the loop's clock."""
        return self.sender is None and self.away_since_s < time_s

    def add(self, shown: Shown) -> None:
        """One more batch is on disk; one that was seen there already changes nothing."""
        if shown.seq <= self.seq:
            return
        self.seq, self.duration_s = shown.seq, shown.duration_s
        self._recent.append(shown)
        while sum(one.size for one in self._recent) > RECENT_BYTES:
            self._recent.popleft()
        for event in shown.events:
            of = {"state": "task", "quality": "kind"}.get(event["event"], "event")
            self._latest.pop((event["event"], event[of]), None)
            self._latest[event["event"], event[of]] = event
        for oldest in list(self._latest)[:-LATEST]:
            del self._latest[oldest]

    def restore(self, seq: int, shown: Iterable[Shown]) -> None:
        """Begin again where the disk ends."""
        self._recent.clear()
        self.seq = 0
        for one in shown:
            self.add(one)
        assert self.seq == seq

    def after(self, seq: int) -> list[Shown]:
        """What came after a batch, as far as it is remembered."""
        return [one for one in self._recent if one.seq > seq]

    @property
    def told(self) -> bytes:
        """What a watcher learns of it first."""
        return packed(
            type="live",
            session=self.id,
            athlete=self.athlete.id,
            name=self.athlete.name,
            bundle=self.begun.bundle,
            started_at=self.begun.started_at.isoformat(),
            channels=self.begun.channels,
            raw=self.begun.raw,
            seq=self.seq,
            duration_s=self.duration_s,
            present=self.sender is not None,
            latest=sorted(self._latest.values(), key=lambda event: event["t_s"]),
        )

    @property
    def farewell(self) -> bytes:
        """What a watcher learns of it last."""
        return packed(type="ended", session=self.id, athlete=self.athlete.id, kept=self.kept)
