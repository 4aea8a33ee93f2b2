"""Complete segments of the spool into `prediction_log`, each removed after its commit; old rows out of it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.config import Settings
from include.errors import BadDataError, TaxiError
from include.serving.log.rows import COLUMNS
from include.serving.log.spool import Spool, claimed, read_rows
from include.serving.log.state import LogState
from include.utils.logs import get_logger

if TYPE_CHECKING:
    from sqlalchemy import Engine

SWEEP_SECONDS = 3600.0
PORTION = 500
"""Rows of one transaction."""
SWEPT_ROWS = 2_000
PAUSE_SECONDS = 0.05
"""Between two deletions, for whoever else writes."""


class LogShipper:
    """Used by one thread; several processes may ship the same folder."""

    def __init__(self, settings: Settings, state: LogState, spool: Spool, stopping: threading.Event) -> None:
        self._settings, self._state, self._spool, self._stopping = settings, state, spool, stopping
        self._swept = float("-inf")

    def ship_all(self) -> None:
        """Every complete segment, then what is too old. A fault of any kind is told, and the next time tries again."""
        try:
            segments, now = self._spool.segments(), time.monotonic()
            sweeps = self._settings.prediction_log_days > 0 and now - self._swept >= SWEEP_SECONDS
            if segments or sweeps or self._state.database_problem:
                self._probe()
            for path in segments:
                self._ship(path)
            if sweeps:
                self.sweep()
        except TaxiError as fault:
            self._state.tell("database_problem", str(fault))
        except Exception as fault:  # noqa: BLE001 - a thread that ends would end the log
            self._state.tell("database_problem", f"{type(fault).__name__}: {fault}")

    def _engine(self) -> Engine:
        """Imported here, so that the service starts without waiting for SQLAlchemy."""
        from include.warehouse.engine import get_engine

        return get_engine(self._settings)

    def _probe(self) -> None:
        """Raises while the database cannot be asked: only afterwards is the growing segment closed and sent."""
        from include.warehouse.prediction_rows import probe

        probe(self._engine())
        self._state.database_problem = ""

    def _ship(self, path: Path) -> None:
        """A segment whole; after a fault in its middle it is sent again, and what is there already stays single."""
        with claimed(path) as file:
            if file is None:
                return
            rows, unreadable = read_rows(file), 0
            while portion := list(islice(rows, PORTION)):
                readable = [typed for row in portion if (typed := _typed(row)) is not None]
                unreadable += len(portion) - len(readable)
                self._state.shipped += self._insert(readable)
            path.unlink()
            self._state.unreadable += unreadable

    def _insert(self, rows: list[dict[str, Any]]) -> int:
        """Rows into the table, counted; one that the database refuses for its value does not hold up the others."""
        from include.warehouse.prediction_rows import insert_once

        try:
            if rows:
                insert_once(self._engine(), rows)
        except BadDataError as fault:
            if len(rows) > 1:
                return sum(self._insert([row]) for row in rows)
            self._state.refused += 1
            get_logger(phase="serve").error("row refused by the warehouse", reason=str(fault)[:500])
            return 0
        return len(rows)

    def sweep(self) -> None:
        """Rows older than the retention go, in small transactions."""
        from include.warehouse.prediction_rows import delete_older

        before = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=self._settings.prediction_log_days)
        while delete_older(self._engine(), before, SWEPT_ROWS) and not self._stopping.wait(PAUSE_SECONDS):
            pass
        self._swept = time.monotonic()


def _typed(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """A row with its times as such; None for one that cannot be read, which must not hold up the segments behind it."""
    if row is None or not row.keys() <= set(COLUMNS):
        return None
    try:
        return row | {name: datetime.fromisoformat(row[name]) for name in ("asked_at", "pickup_at")}
    except (KeyError, TypeError, ValueError):
        return None
