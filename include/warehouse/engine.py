"""Connections to the warehouse: SQLite embedded, MySQL when the setting says so."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

from include.config import Settings, get_settings

BUSY_SECONDS = 60


def get_engine(settings: Settings | None = None) -> Engine:
    """The warehouse's engine, one per address and process; pooled, checked before use, renewed every half hour."""
    return engine_for((settings or get_settings()).warehouse)


@cache
def engine_for(url: str) -> Engine:
    """An engine for a SQLAlchemy URL; `mysql://` means PyMySQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _write_ahead)
        return engine
    if parsed.drivername == "mysql":
        parsed = parsed.set(drivername="mysql+pymysql")
    return create_engine(parsed, pool_pre_ping=True, pool_recycle=1800)


def _write_ahead(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
