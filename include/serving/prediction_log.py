"""Every answer on its way into `prediction_log`: memory, then disk, then the database.

The request path puts one object into a list. A writer thread appends rows to the spool four times a second, so a
killed process loses what came after its last round; a power cut may cost a second more. A shipper thread sends complete
segments to the database and removes each after its commit. While the database is away the spool grows to its
limit; then new rows are dropped, and counted: what was accepted is kept, and the gap has one beginning and one end.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.config import Settings
from include.errors import BadDataError, TaxiError
from include.serving.log_rows import COLUMNS, Told, log_lines
from include.serving.spool import Spool, claimed, read_rows
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from include.serving.recording import Answered

ROUND_SECONDS = 0.25
SYNC_SECONDS = 1.0
RETRY_SECONDS = 3.0
SWEEP_SECONDS = 3600.0
GRACE_SECONDS = 5.0
"""How long a service that ends waits for the database; what it did not take is shipped after the next start."""
WAITING_ROWS = 50_000
"""Rows that wait in memory at most, for a disk that is slow or full."""
PORTION = 500
"""Rows of one transaction."""
SWEPT_ROWS = 2_000


@dataclass
class LogState:
    """What became of the rows since the start, and what stands in the way; read by /health and /prometheus."""

    accepted: int = 0
    shipped: int = 0
    dropped_memory: int = 0
    dropped_spool: int = 0
    failed: int = 0
    unreadable: int = 0
    refused: int = 0
    disk_problem: str = ""
    database_problem: str = ""

    def dropped_by_reason(self) -> dict[str, int]:
        """Answers that are in no log: memory or spool was full, they could not be written as a line, a line could not
        be read again, or the database refused a value."""
        return {"memory": self.dropped_memory, "spool": self.dropped_spool, "failed": self.failed,
                "unreadable": self.unreadable, "refused": self.refused}  # fmt: skip

    @property
    def dropped(self) -> int:
        """All of these."""
        return sum(self.dropped_by_reason().values())


class PredictionLog:
    """`record` may be called from any thread; `start` and `stop` once each. Switched off, it only tells `watch`."""

    def __init__(self, settings: Settings, watch: Callable[[Told], None] = lambda _: None) -> None:
        self.state = LogState()
        self._settings, self._watch = settings, watch
        self.spool = Spool(settings.spool_folder, COLUMNS)
        self._lock, self._stopping, self._swept = threading.Lock(), threading.Event(), float("-inf")
        self._queue: list[Told] = []
        self._lines: list[bytes] = []
        self._waiting, self._synced = 0, 0.0
        self._start, self._numbers = secrets.token_hex(8), count()
        self._threads: list[threading.Thread] = []

    async def start(self) -> None:
        """Begins to write and to ship."""
        loops = [self._write_forever, *([self._ship_forever] if self._settings.prediction_log else [])]
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
        if not self._settings.prediction_log:
            return {"status": "off", "detail": "TAXI_PREDICTION_LOG is off"}
        said = [problem for problem in (self.state.disk_problem, self.state.database_problem) if problem]
        said += [f"{self.state.dropped} answers are in no log"] if self.state.dropped else []
        return {"status": "degraded" if said else "ok", "detail": "; ".join(said)}

    def record(self, answers: Sequence[Answered]) -> None:
        """Takes answers of one request; when too much waits already they are counted as dropped."""
        rows, told = len(answers), Told.now(answers)
        with self._lock:
            if self._waiting + rows > WAITING_ROWS:
                self.state.dropped_memory += rows
                return
            self._waiting += rows
            self._queue.append(told)

    def depth(self) -> int:
        """Rows that wait in memory."""
        return self._waiting

    def _write_forever(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            self._round()
        self._round()
        self.spool.close()

    def _round(self) -> None:
        """One round of the writer; a fault of any kind is told, and the next round goes on."""
        try:
            self._encode()
            if self._lines:
                self._spool_lines()
                self.state.disk_problem = ""
            self._sync()
        except Exception as fault:  # noqa: BLE001 - a thread that ends would end the log
            self._tell("disk_problem", f"{type(fault).__name__}: {fault}")

    def _encode(self) -> None:
        with self._lock:
            taken, self._queue = self._queue, []
        for told in taken:
            lines = self._lines_of(told)
            self._lines += lines
            self._written(len(told.answers) - len(lines))

    def _lines_of(self, told: Told) -> list[bytes]:
        """The lines of one request; none when the log is off, or for an answer that cannot be written as one."""
        try:
            self._watch(told)
            if self._settings.prediction_log:
                return list(log_lines(told, f"{self._start}{next(self._numbers):x}"))
        except Exception as fault:  # noqa: BLE001 - one odd answer must not cost the others their place
            self.state.failed += len(told.answers)
            get_logger(phase="serve").error("answer not logged", reason=f"{type(fault).__name__}: {fault}")
        return []

    def _spool_lines(self) -> None:
        """Memory to disk; rows beyond the spool's limit are dropped, rows that a full disk refuses stay in memory."""
        rows = len(self._lines)
        if self.spool.size() + sum(map(len, self._lines)) > self._settings.spool_mb * 1_000_000:
            self.state.dropped_spool += rows
            self._lines = []
            self._written(rows)
            raise OSError(f"the spool has its {self._settings.spool_mb} MB (TAXI_SPOOL_MB), new rows are dropped")
        self.spool.append(self._lines)
        self.state.accepted += rows
        self._lines = []
        self._written(rows)

    def _written(self, rows: int) -> None:
        with self._lock:
            self._waiting -= rows

    def _sync(self) -> None:
        """fsync once a second; a segment is closed when it is long, or a second old and the database takes rows."""
        now = time.monotonic()
        if now - self._synced >= SYNC_SECONDS:
            self.spool.sync()
            self._synced = now
        if self.spool.is_long or (self.spool.age >= SYNC_SECONDS and not self.state.database_problem):
            self.spool.close()

    def _ship_forever(self) -> None:
        """Segments to the database for as long as the service runs, and once more when it ends."""
        while not self._stopping.wait(RETRY_SECONDS if self.state.database_problem else SYNC_SECONDS):
            self._ship_all()
        self._threads[0].join(GRACE_SECONDS)
        self._ship_all()

    def _ship_all(self) -> None:
        try:
            segments, now = self.spool.segments(), time.monotonic()
            sweeps = self._settings.prediction_log_days > 0 and now - self._swept >= SWEEP_SECONDS
            if segments or sweeps or self.state.database_problem:
                self._probe()
                self.state.database_problem = ""
            for path in segments:
                self._ship(path)
            if sweeps:
                self._sweep()
        except TaxiError as fault:
            self._tell("database_problem", str(fault))
        except Exception as fault:  # noqa: BLE001 - a thread that ends would end the log
            self._tell("database_problem", f"{type(fault).__name__}: {fault}")

    def _probe(self) -> None:
        """Raises while the database cannot be asked: only afterwards is the growing segment closed and sent."""
        from include.warehouse.engine import get_engine
        from include.warehouse.prediction_rows import probe

        probe(get_engine(self._settings))

    def _ship(self, path: Path) -> None:
        """A segment whole; after a fault in its middle it is sent again, and what is there already stays single."""
        with claimed(path) as file:
            if file is None:
                return
            rows, unreadable = read_rows(file), 0
            while portion := list(islice(rows, PORTION)):
                readable = [_typed(row) for row in portion if row is not None]
                unreadable += len(portion) - len(readable)
                self.state.shipped += self._insert(readable)
            path.unlink()
            self.state.unreadable += unreadable

    def _insert(self, rows: list[dict[str, Any]]) -> int:
        """Rows into the table, counted; one that the database refuses for its value does not hold up the others."""
        from include.warehouse.engine import get_engine
        from include.warehouse.prediction_rows import insert_once

        engine = get_engine(self._settings)
        try:
            if rows:
                insert_once(engine, rows)
        except BadDataError as fault:
            if len(rows) > 1:
                return sum(self._insert([row]) for row in rows)
            self.state.refused += 1
            get_logger(phase="serve").error("row refused by the warehouse", reason=str(fault)[:500])
            return 0
        return len(rows)

    def _sweep(self) -> None:
        """Rows older than the retention go, in small transactions."""
        from include.warehouse.engine import get_engine
        from include.warehouse.prediction_rows import delete_older

        before = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=self._settings.prediction_log_days)
        while delete_older(get_engine(self._settings), before, SWEPT_ROWS) and not self._stopping.wait(0.05):
            pass
        self._swept = time.monotonic()

    def _tell(self, problem: str, said: str) -> None:
        """Remembers what stands in the way, and logs it when it is news."""
        if getattr(self.state, problem) != said:
            setattr(self.state, problem, said)
            get_logger(phase="serve").error("prediction log", problem=problem, reason=said)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: datetime.fromisoformat(row[name]) for name in ("asked_at", "pickup_at")}
