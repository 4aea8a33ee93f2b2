"""Every answer on its way into `prediction_log`: memory, then disk, then the database.

The request path puts one object into a list. A writer thread appends rows to the spool four times a second, so a
killed process loses what came after its last round; a power cut may cost a second more. A shipper thread sends complete
segments to the database and removes each after its commit. While the database is away the spool grows to its
limit; then new rows are dropped, and counted: what was accepted is kept, and the gap has one beginning and one end.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from include.config import Settings
from include.serving.log.rows import Told
from include.serving.log.shipper import LogShipper
from include.serving.log.state import LogState
from include.serving.log.writer import LogWriter

if TYPE_CHECKING:
    from include.serving.log.recording import Answered

ROUND_SECONDS = 0.25
SHIP_SECONDS = 1.0
RETRY_SECONDS = 3.0
GRACE_SECONDS = 5.0
"""How long a service that ends waits for the database; what it did not take is shipped after the next start."""


class PredictionLog:
    """`record` may be called from any thread; `start` and `stop` once each. Switched off, it only tells `watch`."""

    def __init__(self, settings: Settings, watch: Callable[[Told], None] = lambda _: None) -> None:
        self.state, self._stopping, self._on = LogState(), threading.Event(), settings.prediction_log
        self.writer = LogWriter(settings, self.state, watch)
        self.shipper = LogShipper(settings, self.state, self.writer.spool, self._stopping)
        self.record: Callable[[Sequence[Answered]], None] = self.writer.record
        self._threads: list[threading.Thread] = []

    async def start(self) -> None:
        """Begins to write and to ship."""
        loops = [self._write_forever, *([self._ship_forever] if self._on else [])]
        self._threads = [threading.Thread(target=loop, name=loop.__name__.strip("_"), daemon=True) for loop in loops]
        for thread in self._threads:
            thread.start()

    async def stop(self) -> None:
        """What is in memory reaches the disk, and the database if it takes it within a few seconds."""
        self._stopping.set()
        for thread in self._threads:
            await asyncio.to_thread(thread.join, GRACE_SECONDS)

    def health(self) -> dict[str, Any]:
        """What stands in the way, and what was lost since the start; asks no database."""
        if not self._on:
            return {"status": "off", "detail": "TAXI_PREDICTION_LOG is off"}
        said = [problem for problem in (self.state.disk_problem, self.state.database_problem) if problem]
        said += [f"{self.state.dropped} answers are in no log"] if self.state.dropped else []
        return {"status": "degraded" if said else "ok", "detail": "; ".join(said)}

    def _write_forever(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            self.writer.round()
        self.writer.round()
        self.writer.spool.close()

    def _ship_forever(self) -> None:
        """Segments to the database for as long as the service runs, and once more when it ends."""
        while not self._stopping.wait(RETRY_SECONDS if self.state.database_problem else SHIP_SECONDS):
            self.shipper.ship_all()
        self._threads[0].join(GRACE_SECONDS)
        self.shipper.ship_all()
