"""How often somebody may ask."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from distride.serve.problems import Refused
from distride.serve.said import Said

TOO_OFTEN = Said(
    "Too often within a minute: wait a minute, and try again.",
    "一分钟内请求过多：请等一分钟后重试。",
)


class Rates:
    """Counts within the last minute, in memory: a new start forgets them."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, kind: str, who: str, a_minute: int) -> None:
        """Count one.

        Args:
            kind: Of what.
            who: Of whom.
            a_minute: How many are allowed.

        Raises:
            Refused: It is one too many.
        """
        if not self._limiter.hit(RateLimitItemPerMinute(a_minute), kind, who[:200]):
            raise Refused(429, TOO_OFTEN)
