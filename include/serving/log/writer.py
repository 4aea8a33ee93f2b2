"""Answers from memory to the spool: what the request path hands over, and what a thread makes of it in rounds."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING

from include.config import Settings
from include.serving.log.rows import COLUMNS, Told, log_lines
from include.serving.log.spool import Spool
from include.serving.log.state import LogState
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from include.serving.log.recording import Answered

SYNC_SECONDS = 1.0
WAITING_ROWS = 50_000
"""Rows that wait in memory at most, for a disk that is slow or full."""
PORTION = 500
"""Rows of one write: of a disk that is nearly full, most is used."""


class LogWriter:
    """`record` may be called from any thread, `round` from one."""

    def __init__(self, settings: Settings, state: LogState, watch: Callable[[Told], None]) -> None:
        self._settings, self._state, self._watch = settings, state, watch
        self.spool = Spool(settings.spool_folder, COLUMNS)
        self._lock = threading.Lock()
        self._queue: list[Told] = []
        self._lines: list[bytes] = []
        self._waiting, self._synced = 0, 0.0
        self._start, self._numbers = secrets.token_hex(8), count()

    def record(self, answers: Sequence[Answered]) -> None:
        """Takes answers of one request; when too much waits already they are counted as dropped."""
        rows, told = len(answers), Told.now(answers)
        with self._lock:
            if self._waiting + rows > WAITING_ROWS:
                self._state.dropped_memory += rows
                return
            self._waiting += rows
            self._queue.append(told)

    def depth(self) -> int:
        """Rows that wait in memory."""
        return self._waiting

    def round(self) -> None:
        """Memory to disk, then fsync. A fault of any kind is told, and the next round goes on with what is left."""
        for step in (self._write, self._sync):
            try:
                step()
            except Exception as fault:  # noqa: BLE001 - a thread that ends would end the log
                self._state.tell("disk_problem", f"{type(fault).__name__}: {fault}")

    def _write(self) -> None:
        """Rows beyond the spool's limit are dropped; rows that a full disk refuses stay in memory."""
        with self._lock:
            taken, self._queue = self._queue, []
        for told in taken:
            lines = self._lines_of(told)
            self._lines += lines
            self._settle(len(told.answers) - len(lines))
        if not self._lines:
            return
        self._refuse_beyond_limit()
        while self._lines:
            portion = self._lines[:PORTION]
            self.spool.append(portion)
            del self._lines[:PORTION]
            self._state.spooled += len(portion)
            self._settle(len(portion))
            if self.spool.is_long:
                self.spool.close()
        self._state.disk_problem = ""

    def _lines_of(self, told: Told) -> list[bytes]:
        """The lines of one request; none when the log is off, or for an answer that cannot be written as one."""
        try:
            self._watch(told)
            if self._settings.prediction_log:
                return list(log_lines(told, f"{self._start}{next(self._numbers):x}"))
        except Exception as fault:  # noqa: BLE001 - one odd answer must not cost the others their place
            self._state.failed += len(told.answers)
            get_logger(phase="serve").error("answer not logged", reason=f"{type(fault).__name__}: {fault}")
        return []

    def _refuse_beyond_limit(self) -> None:
        """OSError, and the waiting rows are gone, when the spool with them would be larger than it may be."""
        if self.spool.size() + sum(map(len, self._lines)) > self._settings.spool_mb * 1_000_000:
            rows, self._lines = len(self._lines), []
            self._state.dropped_spool += rows
            self._settle(rows)
            raise OSError(f"the spool has its {self._settings.spool_mb} MB (TAXI_SPOOL_MB), new rows are dropped")

    def _settle(self, rows: int) -> None:
        """So many rows wait in memory no longer."""
        with self._lock:
            self._waiting -= rows

    def _sync(self) -> None:
        """fsync once a second; a segment is closed when it is a second old and the database takes rows."""
        now = time.monotonic()
        if now - self._synced >= SYNC_SECONDS:
            self.spool.sync()
            self._synced = now
        if self.spool.age >= SYNC_SECONDS and not self._state.database_problem:
            self.spool.close()
