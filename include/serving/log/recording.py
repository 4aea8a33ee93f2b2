"""What becomes of an answer after it was given: the place where a prediction log is plugged in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from include.serving.quotes.trips import Trip


class Answered(NamedTuple):
    """One answer: its id (of a batch: `<request id>-<row>`), the trip with its zones, and what was said, by field."""

    request_id: str
    trip: Trip
    answer: dict[str, Any]


class Recorder(Protocol):
    """Takes answers; `record` is called on the event loop or in a batch's thread, must not wait and must not raise."""

    def record(self, answers: Sequence[Answered]) -> None:
        """Remembers answers that were given."""

    async def start(self) -> None:
        """Called once before the first request."""

    async def stop(self) -> None:
        """Called once after the last request was answered; what is still held is written here."""

    def health(self) -> dict[str, Any]:
        """`{"status": "ok" | "degraded" | "off", "detail": ...}`; asks no database."""


class NoRecorder:
    """Remembers nothing."""

    def record(self, answers: Sequence[Answered]) -> None:
        """Lets them go."""

    async def start(self) -> None:
        """Has nothing to begin."""

    async def stop(self) -> None:
        """Has nothing to end."""

    def health(self) -> dict[str, Any]:
        """Off."""
        return {"status": "off", "detail": "no prediction log is configured"}
