"""Months into tables, each replaced whole in one transaction: a reader sees the old month or the new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, Table, and_, delete, insert, select
from sqlalchemy.exc import OperationalError

from include.errors import SourceUnavailableError
from include.lake import Manifest, read_table
from include.trips.zones import zone_rows
from include.utils.logs import get_logger
from include.warehouse.tables import LOADS, METADATA, ZONES

BATCH_ROWS = 10_000
_READY: set[str] = set()


def init_db(engine: Engine) -> None:
    """Creates the tables that are missing and fills `taxi_zones`; once per process. Safe to repeat."""
    address = str(engine.url)
    if address in _READY:
        return
    try:
        METADATA.create_all(engine)
    except OperationalError as error:
        if "already exists" not in str(error):
            shown = engine.url.render_as_string(hide_password=True)
            raise SourceUnavailableError(
                f"The warehouse at {shown} cannot be used: {error.orig}. Check TAXI_WAREHOUSE_URL and its server."
            ) from None
    with engine.begin() as connection:
        if connection.execute(select(ZONES).limit(1)).first() is None:
            connection.execute(insert(ZONES), _zones())
    _READY.add(address)


def replace_month(engine: Engine, table_name: str, manifest: Manifest) -> dict[str, Any]:
    """The lake's month replaces the table's, with its entry in `load_log`; skipped when that file is loaded already."""
    init_db(engine)
    table = METADATA.tables[table_name]
    keys = {"service": manifest.service, "month": manifest.month}
    logged = {"table_name": table_name, **keys}
    with engine.begin() as connection:
        if _loaded(connection, logged) == manifest.sha256:
            return {"rows": manifest.rows, "status": "unchanged"}
    trips = read_table(manifest.uri)
    with engine.begin() as connection:
        _replace(connection, table, keys, _batches(table, trips, keys))
        entry = {"sha256": manifest.sha256, "row_count": trips.num_rows, "loaded_at": datetime.now(UTC)}
        _replace(connection, LOADS, logged, [[logged | entry]])
    get_logger(phase="warehouse", **keys).info("month loaded", table=table_name, rows=trips.num_rows)
    return {"rows": trips.num_rows, "status": "done"}


def replace_rows(engine: Engine, table_name: str, keys: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> int:
    """The rows with these key values become exactly `rows`; every row gets the keys. Gives how many were written."""
    init_db(engine)
    with engine.begin() as connection:
        _replace(connection, METADATA.tables[table_name], keys, [[dict(keys) | dict(row) for row in rows]])
    return len(rows)


def _replace(connection: Connection, table: Table, keys: Mapping[str, Any], batches: Any) -> None:
    connection.execute(delete(table).where(and_(*(table.c[name] == value for name, value in keys.items()))))
    for batch in batches:
        if batch:
            connection.execute(insert(table), batch)


def _loaded(connection: Connection, keys: Mapping[str, Any]) -> str | None:
    query = select(LOADS.c.sha256).where(and_(*(LOADS.c[name] == value for name, value in keys.items())))
    return connection.execute(query).scalar()


def _batches(table: Table, trips: pa.Table, keys: Mapping[str, str]) -> Iterator[list[dict[str, Any]]]:
    known = trips.select([name for name in trips.column_names if name in table.c])
    for batch in known.to_batches(max_chunksize=BATCH_ROWS):
        yield [row | keys for row in batch.to_pylist()]


def _zones() -> list[dict[str, Any]]:
    return [
        {"zone_id": int(row["LocationID"]), "zone": row["zone"], "borough": row["borough"],
         "service_zone": row["service_zone"], "lat": float(row["lat"]) if row["lat"] else None,
         "lon": float(row["lon"]) if row["lon"] else None, "is_airport": row["is_airport"] == "1"}
        for row in zone_rows()
    ]  # fmt: skip
