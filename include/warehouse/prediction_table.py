"""The table of answers, written once however often it is tried.

It stands apart from the other tables so that the service need not import what they are derived from (pyarrow, 40 MB).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Double, Engine, Integer, MetaData, String, Table, delete, select
from sqlalchemy.dialects import mysql, sqlite

from include.warehouse.engine import is_mysql, warehouse_faults

MICROSECONDS = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def prediction_columns() -> list[Column[Any]]:
    """Fresh columns of `prediction_log`: a row is the answer to one trip.

    The key begins with the time, so rows arrive in its order, a day is one range of it, and no second index is needed.
    `answer_key` is the service's own: a request id may be the client's and come twice. Times of answers are UTC,
    `pickup_at` is New York time; a batch gives all its rows the same time, key and latency.
    """
    return [
        Column("asked_at", MICROSECONDS, primary_key=True),
        Column("answer_key", String(32), primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("request_id", String(80)),
        Column("answered_together", Integer),
        Column("service", String(8)),
        Column("pickup_zone", Integer),
        Column("dropoff_zone", Integer),
        Column("pickup_at", DateTime),
        Column("passenger_count", Integer),
        *(
            Column(f"{target}{part}", Double)
            for target in ("duration_min", "fare_usd")
            for part in ("", "_p10", "_p90")
        ),
        Column("high_tip", Double),
        *(Column(f"{target}_model", String(72)) for target in ("duration_min", "fare_usd", "high_tip")),
        Column("degraded", Boolean),
        Column("latency_us", Integer),
        Column("api_key", String(64)),
    ]


def prediction_log(metadata: MetaData) -> Table:
    """`prediction_log` in this metadata."""
    return Table("prediction_log", metadata, *prediction_columns())


ANSWERS = prediction_log(MetaData())
COLUMNS = tuple(column.name for column in ANSWERS.columns)


def probe(engine: Engine) -> None:
    """WarehouseError or SettingsError while the table cannot be reached."""
    with warehouse_faults(engine), engine.connect() as connection:
        connection.execute(select(ANSWERS.c.place).limit(1))


def insert_once(engine: Engine, rows: Sequence[dict[str, Any]]) -> None:
    """Rows that are there already stay as they are: a replay after a lost acknowledgement adds nothing.

    Not MySQL's INSERT IGNORE, which would cut values that do not fit in silence. WarehouseError while the database or
    the table is away, BadDataError for a value that it refuses; then none of these rows is in.
    """
    if is_mysql(engine):
        statement: Any = mysql.insert(ANSWERS)
        statement = statement.on_duplicate_key_update(place=ANSWERS.c.place)
    else:
        statement = sqlite.insert(ANSWERS).on_conflict_do_nothing()
    with warehouse_faults(engine), engine.begin() as connection:
        connection.execute(statement, list(rows))


def delete_older(engine: Engine, before: datetime, at_most: int) -> bool:
    """Deletes the oldest rows asked before that time (UTC), about `at_most` of them; True when more are left.

    Small transactions: no answer waits for a long one, and MySQL's undo log stays short.
    """
    asked_at = ANSWERS.c.asked_at
    with warehouse_faults(engine), engine.begin() as connection:
        oldest = select(asked_at).where(asked_at < before).order_by(asked_at)
        edge = connection.execute(oldest.limit(1).offset(at_most)).scalar()
        connection.execute(delete(ANSWERS).where(asked_at <= edge if edge is not None else asked_at < before))
    return edge is not None
