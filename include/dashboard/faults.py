"""What may be absent when a page is opened, each with what to do about it."""

from __future__ import annotations

from include.errors import TaxiError


class NothingYetError(TaxiError):
    """The page is fine and has nothing to show yet; the text says which command makes it."""


class AwayError(TaxiError):
    """A service does not answer; the text says which, at what address, and how it is started."""

    retryable = True


class RefusedError(TaxiError):
    """A service answers and refuses: a key that is missing or unknown, a request that is not valid."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
