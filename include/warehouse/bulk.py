"""MySQL at its own speed: LOAD DATA over two connections into a staging table, exchanged for the month's partition.

The exchange is one change of the dictionary: a reader sees the old month or the new one, and it takes the same time for
any number of rows. A load that dies leaves a staging table, which the next load of that month drops.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import DBAPIError

from include.errors import BadDataError
from include.lake import Manifest
from include.utils.logs import get_logger
from include.warehouse.engine import error_code
from include.warehouse.frames import month_frames, qualified
from include.warehouse.schema import exclusive

if TYPE_CHECKING:
    import polars as pl

CONNECTIONS = 2
MONTH_LOCK_SECONDS = 1800
METADATA_LOCK_SECONDS = 60
"""How long the exchange waits for readers that hold the table in an open transaction."""
INFILE_REFUSED = {1148, 2068, 3948, 3950, 4166}
"""LOCAL INFILE switched off, by the server or the client."""
INSERT_ROWS = 5_000
COLUMNS_ADDED_INSTANTLY = 1731
"""MySQL adds a column without a look at the rows, notes that at the table, and exchanges nothing with a table without
the note. Rebuilding one partition keeps it."""
NO_MONTH = "p_none"
"""A LIST table needs a partition from the start; this one holds no month."""


def load_partition(
    engine: Engine, table: Table, keys: Mapping[str, str], manifest: Manifest, before: Callable[[], None]
) -> int:
    """The lake's month becomes the table's partition of that month; gives its rows. `before` runs just before it does.

    BadDataError when the server took fewer rows, or other values, than the file has: nothing is exchanged then.
    """
    staging, partition = staging_name(table, keys), partition_name(keys)
    with exclusive(engine, f"{table.name}:{partition}", MONTH_LOCK_SECONDS), _autocommit(engine) as connection:
        connection.execute(text(f"DROP TABLE IF EXISTS {staging}"))
        connection.execute(text(f"CREATE TABLE {staging} LIKE {table.name}"))
        connection.execute(text(f"ALTER TABLE {staging} REMOVE PARTITIONING"))
        rows = _fill(engine, staging, keys, month_frames(manifest.uri, table))
        held = connection.execute(text(f"SELECT COUNT(*) FROM {staging}")).scalar()  # noqa: S608
        if held != rows or rows != manifest.rows:
            raise BadDataError(
                f"{table.name} {partition}: the file has {manifest.rows:,} rows, {rows:,} were sent and the staging "
                f"table {staging} holds {held:,}. The old month stays; run the month again to rebuild its file."
            )
        before()
        _exchange(connection, table.name, partition, staging, keys)
        connection.execute(text(f"DROP TABLE {staging}"))
    return rows


def partition_name(keys: Mapping[str, str]) -> str:
    """`yellow_2019_03` of a service and month."""
    return f"{keys['service']}_{keys['month'].replace('-', '_')}"


def staging_name(table: Table, keys: Mapping[str, str]) -> str:
    """The month's own staging table, so that months load side by side."""
    return f"{table.name}__{partition_name(keys)}"


def _autocommit(engine: Engine) -> Connection:
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _fill(engine: Engine, staging: str, keys: Mapping[str, str], frames: Iterator[pl.DataFrame]) -> int:
    """Each connection takes the next portion until none is left; while one writes its CSV the other one loads."""
    turn = threading.Lock()

    def worker() -> int:
        sent = 0
        with _autocommit(engine) as connection, tempfile.TemporaryDirectory(prefix="load-") as scratch:
            while True:
                with turn:
                    frame = next(frames, None)
                if frame is None:
                    return sent
                sent += _send(connection, staging, keys, frame, Path(scratch) / "portion.csv")

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(done.result() for done in [pool.submit(worker) for _ in range(CONNECTIONS)])


def _send(connection: Connection, staging: str, keys: Mapping[str, str], frame: pl.DataFrame, path: Path) -> int:
    try:
        return _load_data(connection, staging, keys, frame, path)
    except DBAPIError as fault:
        if error_code(fault) not in INFILE_REFUSED:
            raise
        reason = "the server or the client has local_infile switched off; inserting in batches, many times slower"
        get_logger(phase="warehouse", **keys).warning(reason, table=staging)
        return _insert(connection, staging, keys, frame)


def _load_data(connection: Connection, staging: str, keys: Mapping[str, str], frame: pl.DataFrame, path: Path) -> int:
    """LOCAL turns errors into warnings and stores what is nearest, so any warning is a refusal."""
    write_csv(frame, path)
    constants = ", ".join(f"{name} = '{value}'" for name, value in keys.items())
    loaded = connection.exec_driver_sql(
        f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE {staging} CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' "
        f"OPTIONALLY ENCLOSED BY '\"' LINES TERMINATED BY '\\n' ({qualified(frame.columns)}) SET {constants}"
    ).rowcount
    warnings = connection.exec_driver_sql("SHOW WARNINGS LIMIT 3").all()
    if warnings or loaded != frame.height:
        said = "; ".join(str(row[2]) for row in warnings) or f"{loaded:,} of {frame.height:,} rows were taken"
        raise BadDataError(
            f"{staging}: the server changed or refused values ({said}). The old month stays; the column's type in "
            "include/warehouse/tables.py, or the value in the file, is wrong."
        )
    return int(loaded)


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """What LOAD DATA reads: `\\N` for null, backslashes doubled, times to the second."""
    import polars.selectors as cs

    escaped = frame.with_columns(cs.string().str.replace_all("\\", "\\\\", literal=True))
    escaped.write_csv(path, include_header=False, null_value="\\N", datetime_format="%Y-%m-%d %H:%M:%S")


def _insert(connection: Connection, staging: str, keys: Mapping[str, str], frame: pl.DataFrame) -> int:
    names = [*keys, *frame.columns]
    sql = f"INSERT INTO {staging} ({qualified(names)}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608
    constants: tuple[Any, ...] = tuple(keys.values())
    for portion in frame.iter_slices(INSERT_ROWS):
        connection.exec_driver_sql(sql, [constants + row for row in portion.iter_rows()])
    return frame.height


def _exchange(connection: Connection, table: str, partition: str, staging: str, keys: Mapping[str, str]) -> None:
    connection.execute(text(f"SET SESSION lock_wait_timeout = {METADATA_LOCK_SECONDS}"))
    query = (
        "SELECT COUNT(*) FROM information_schema.partitions WHERE table_schema = DATABASE() AND table_name = :table "
        "AND partition_name = :partition"
    )
    if not connection.execute(text(query), {"table": table, "partition": partition}).scalar():
        values = f"VALUES IN (('{keys['service']}', '{keys['month']}'))"
        connection.execute(text(f"ALTER TABLE {table} ADD PARTITION (PARTITION {partition} {values})"))
    swap = text(f"ALTER TABLE {table} EXCHANGE PARTITION {partition} WITH TABLE {staging}{_unchecked(connection)}")
    try:
        connection.execute(swap)
    except DBAPIError as fault:
        if error_code(fault) != COLUMNS_ADDED_INSTANTLY:
            raise
        get_logger(phase="warehouse", **keys).info("table rebuilt once, for columns that were added to it", table=table)
        connection.execute(text(f"ALTER TABLE {table} FORCE"))
        connection.execute(swap)


def _unchecked(connection: Connection) -> str:
    """Every staged row was given the partition's own key, so the scan is not needed; MariaDB learnt this in 11.4."""
    dialect = connection.dialect
    mariadb = getattr(dialect, "is_mariadb", False)
    knows = not mariadb or (dialect.server_version_info or ()) >= (11, 4)
    return " WITHOUT VALIDATION" if knows else ""


def partition_by_month(connection: Connection, table: str) -> None:
    """Makes an empty table's months partitions of their own; does nothing outside MySQL."""
    if connection.dialect.name in ("mysql", "mariadb"):
        connection.execute(
            text(
                f"ALTER TABLE {table} PARTITION BY LIST COLUMNS (service, month) "
                f"(PARTITION {NO_MONTH} VALUES IN (('', '')))"
            )
        )
