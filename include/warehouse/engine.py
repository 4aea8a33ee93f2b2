"""Connections to the warehouse: SQLite embedded, MySQL when the setting says so."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import NullPool

from include.config import Settings, get_settings
from include.errors import BadDataError, SettingsError, WarehouseError

BUSY_SECONDS = 60
SILENT_SECONDS = 900
"""After so long without a word from a MySQL server the connection is lost. Far above any statement of a month."""
DEADLOCK = 1213
DEADLOCK_TRIES = 10
WRONG_LOGIN = {1044, 1045, 1049, 1698, 3118}
"""MySQL: access denied, unknown database, no such account, account locked. A person has to change something."""


def get_engine(settings: Settings | None = None) -> Engine:
    """The warehouse's engine, one per address and process; pooled, checked before use, renewed every half hour."""
    return engine_for((settings or get_settings()).warehouse)


@cache
def engine_for(url: str) -> Engine:
    """An engine for a SQLAlchemy URL; `mysql://` means PyMySQL, the driver that is installed with the project."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(
            "TAXI_WAREHOUSE_URL is not a database address: mysql+pymysql://user:password@host:3306/database is one."
        ) from None
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return _embedded(parsed)
    if "+" not in parsed.drivername:
        parsed = parsed.set(drivername=f"{parsed.drivername}+pymysql")
    return create_engine(parsed, pool_pre_ping=True, pool_recycle=1800, connect_args=_mysql_options(parsed.drivername))


def _mysql_options(driver: str) -> dict[str, Any]:
    """What the MySQL drivers are told besides the address; only PyMySQL can be told to give up a silent server."""
    if driver.endswith("mysqlconnector"):
        return {"allow_local_infile": True}
    return {"local_infile": True, "read_timeout": SILENT_SECONDS, "write_timeout": SILENT_SECONDS}


def _embedded(parsed: URL) -> Engine:
    """A SQLite file; one that may not be written, as where a home is mounted to be looked at, is opened to be read."""
    file = Path(parsed.database or "")
    if file.is_file() and not os.access(file, os.W_OK):
        return create_engine(parsed, creator=lambda: _opened_to_read(file), poolclass=NullPool)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _write_ahead)
    return engine


def _opened_to_read(file: Path) -> sqlite3.Connection:
    """While somebody writes, his log is beside the file and is read along; without one, nothing changes the file. That
    holds for the moment, so no pool may keep the connection."""
    still = "" if Path(f"{file}-wal").exists() else "&immutable=1"
    address = f"file:{quote(str(file.resolve()))}?mode=ro{still}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def is_mysql(engine: Engine) -> bool:
    """True for MySQL and what speaks its language (MariaDB)."""
    return engine.dialect.name in ("mysql", "mariadb")


@contextmanager
def warehouse_faults(engine: Engine) -> Iterator[None]:
    """Turns a database's fault into SettingsError (the login), BadDataError (a value) or WarehouseError (may pass)."""
    try:
        yield
    except PoolTimeoutError as fault:
        raise WarehouseError(
            f"The warehouse {engine.url.render_as_string(hide_password=True)} has no free connection: {fault}. See "
            "what holds them, then run the month again."
        ) from fault
    except DBAPIError as fault:
        shown, code = engine.url.render_as_string(hide_password=True), error_code(fault)
        if code in WRONG_LOGIN:
            raise SettingsError(
                f"The warehouse {shown} refuses the login or database: {fault.orig}. Check TAXI_WAREHOUSE_URL, and "
                "that the user has all rights on that database."
            ) from None
        if isinstance(fault, DataError | IntegrityError):
            raise BadDataError(
                f"The warehouse {shown} refuses a value: {fault.orig}. What it held is unchanged; the column's type in "
                "include/warehouse/tables.py, or the value in the file, is wrong."
            ) from fault
        raise WarehouseError(
            f"The warehouse {shown} failed: {fault.orig}. What it held is unchanged; see that its server is up and "
            "has room, then run the month again."
        ) from fault


def in_transaction(engine: Engine, work: Callable[[Connection], None]) -> None:
    """`work` in one transaction, done again when MySQL took it back to end a deadlock.

    Months that load side by side meet one: each deletes rows that are not there, which locks the gap where the other
    one inserts.
    """
    for turn in range(1, DEADLOCK_TRIES + 1):
        try:
            with engine.begin() as connection:
                work(connection)
        except DBAPIError as fault:
            if error_code(fault) != DEADLOCK or turn == DEADLOCK_TRIES:
                raise
        else:
            return


def error_code(fault: DBAPIError) -> int:
    """The server's error number; 0 when the driver gives none."""
    first = fault.orig.args[0] if fault.orig is not None and fault.orig.args else 0
    return int(getattr(fault.orig, "errno", None) or (first if isinstance(first, int) else 0))


def _write_ahead(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
