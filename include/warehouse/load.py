"""Months into tables, each replaced whole: a reader sees the old month or the new one, never half of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, delete, insert, select

from include.lake import Manifest
from include.utils.logs import get_logger
from include.warehouse.bulk import load_partition
from include.warehouse.engine import is_mysql, warehouse_faults
from include.warehouse.frames import month_frames, qualified, text_times
from include.warehouse.schema import init_db
from include.warehouse.tables import LOADS, METADATA

__all__ = ["init_db", "replace_month", "replace_rows"]


def replace_month(engine: Engine, table_name: str, manifest: Manifest) -> dict[str, Any]:
    """The lake's month replaces the table's, with its entry in `load_log`; skipped when that file is loaded already.

    The entry goes before the month and comes after it, so a load that dies is seen as not done and is repeated.
    """
    init_db(engine)
    table = METADATA.tables[table_name]
    keys = {"service": manifest.service, "month": manifest.month}
    logged = {"table_name": table_name, **keys}
    with warehouse_faults(engine):
        if _loaded(engine, logged) == manifest.sha256:
            return {"rows": manifest.rows, "status": "unchanged"}
        load = load_partition if is_mysql(engine) else _load_in_one_transaction
        rows = load(engine, table, keys, manifest, lambda: _forget(engine, logged))
        entry = {"sha256": manifest.sha256, "row_count": rows, "loaded_at": datetime.now(UTC).replace(tzinfo=None)}
        replace_rows(engine, "load_log", logged, [entry])
    get_logger(phase="warehouse", **keys).info("month loaded", table=table_name, rows=rows)
    return {"rows": rows, "status": "done"}


def replace_rows(engine: Engine, table_name: str, keys: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> int:
    """The rows with these key values become exactly `rows`; every row gets the keys. Gives how many were written."""
    init_db(engine)
    table = METADATA.tables[table_name]
    with warehouse_faults(engine), engine.begin() as connection:
        _delete(connection, table, keys)
        if rows:
            connection.execute(insert(table), [dict(keys) | dict(row) for row in rows])
    return len(rows)


def _load_in_one_transaction(
    engine: Engine, table: Table, keys: Mapping[str, str], manifest: Manifest, before: Any
) -> int:
    """SQLite: delete and insert as one transaction, which readers do not see until it is whole."""
    before()
    rows = 0
    with engine.begin() as connection:
        _delete(connection, table, keys)
        for frame in month_frames(manifest.uri, table):
            names = [*keys, *frame.columns]
            sql = f"INSERT INTO {table.name} ({qualified(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
            constants = tuple(keys.values())
            connection.exec_driver_sql(sql, [constants + row for row in text_times(frame).iter_rows()])
            rows += frame.height
    return rows


def _delete(connection: Connection, table: Table, keys: Mapping[str, Any]) -> None:
    connection.execute(delete(table).where(and_(*(table.c[name] == value for name, value in keys.items()))))


def _loaded(engine: Engine, keys: Mapping[str, Any]) -> str | None:
    query = select(LOADS.c.sha256).where(and_(*(LOADS.c[name] == value for name, value in keys.items())))
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def _forget(engine: Engine, keys: Mapping[str, Any]) -> None:
    with engine.begin() as connection:
        _delete(connection, LOADS, keys)
