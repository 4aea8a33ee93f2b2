"""Months into tables, each replaced whole: a reader sees the old month or the new one, never half of one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine, Table, and_, delete, insert, select

from include.errors import BadDataError
from include.lake import Manifest
from include.trips.month import Month
from include.utils.hashing import file_sha256
from include.utils.logs import get_logger
from include.warehouse.bulk import load_partition
from include.warehouse.engine import in_transaction, is_mysql, warehouse_faults
from include.warehouse.frames import month_frames, qualified, text_times
from include.warehouse.schema import init_db
from include.warehouse.tables import LOADS, METADATA, PARTITIONED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["batch_insert", "init_db", "replace_month", "replace_rows"]


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

    def replace(connection: Connection) -> None:
        _delete(connection, table, keys)
        if rows:
            connection.execute(insert(table), [dict(keys) | dict(row) for row in rows])

    with warehouse_faults(engine):
        in_transaction(engine, replace)
    return len(rows)


def batch_insert(engine: Engine, frame: pd.DataFrame, table_name: str) -> int:
    """A frame's months, each replaced whole in one of the big tables; gives the rows written.

    The frame has `service` and `month` (YYYY-MM), and columns of the table; rows are numbered per month when it has no
    `source_row`. BadDataError names a table or column that is not there.
    """
    names = [table.name for table in PARTITIONED]
    if table_name not in names:
        raise BadDataError(f"No table of months is called {table_name!r}; they are {', '.join(names)}.")
    absent = [name for name in ("service", "month") if name not in frame.columns]
    if absent:
        raise BadDataError(f"The frame for {table_name} lacks {', '.join(absent)}: every row belongs to one of them.")
    return sum(
        _insert_month(engine, rows, table_name, str(service), Month.parse(str(month)))
        for (service, month), rows in frame.groupby(["service", "month"], sort=True)
    )


def _insert_month(engine: Engine, rows: pd.DataFrame, table_name: str, service: str, month: Month) -> int:
    if "source_row" not in rows.columns:
        rows = rows.assign(source_row=np.arange(len(rows)))
    with tempfile.TemporaryDirectory(prefix="insert-") as scratch:
        path = Path(scratch) / "month.parquet"
        rows.to_parquet(path, index=False)
        manifest = Manifest("frame", service, str(month), str(path), "", file_sha256(path), len(rows))
        return int(replace_month(engine, table_name, manifest)["rows"])


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
    in_transaction(engine, lambda connection: _delete(connection, LOADS, keys))
