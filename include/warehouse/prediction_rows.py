"""Rows of `prediction_log`: written once however often it is tried, deleted when they are old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects import mysql, sqlite

from include.errors import WarehouseError
from include.warehouse.engine import is_mysql, warehouse_faults
from include.warehouse.metadata import PREDICTIONS


def probe(engine: Engine) -> None:
    """WarehouseError or SettingsError while the table cannot be reached; makes no SQLite file where there is none."""
    database = engine.url.database
    if not is_mysql(engine) and database and not Path(database).exists():
        raise WarehouseError(f"The warehouse {database} has not been made yet: the first month, or make db-init, does.")
    with warehouse_faults(engine), engine.connect() as connection:
        connection.execute(select(PREDICTIONS.c.place).limit(1))


def insert_once(engine: Engine, rows: Sequence[dict[str, Any]]) -> None:
    """Rows that are there already stay as they are: a replay after a lost acknowledgement adds nothing.

    Not MySQL's INSERT IGNORE, which would cut values that do not fit in silence. WarehouseError while the database or
    the table is away, BadDataError for a value that it refuses; then none of these rows is in.
    """
    if is_mysql(engine):
        statement: Any = mysql.insert(PREDICTIONS)
        statement = statement.on_duplicate_key_update(place=PREDICTIONS.c.place)
    else:
        statement = sqlite.insert(PREDICTIONS).on_conflict_do_nothing()
    with warehouse_faults(engine), engine.begin() as connection:
        connection.execute(statement, list(rows))


def delete_older(engine: Engine, before: datetime, at_most: int) -> bool:
    """Deletes the oldest rows asked before that time (UTC), about `at_most` of them; True when more are left.

    Small transactions: no answer waits for a long one, and MySQL's undo log stays short.
    """
    asked_at = PREDICTIONS.c.asked_at
    with warehouse_faults(engine), engine.begin() as connection:
        oldest = select(asked_at).where(asked_at < before).order_by(asked_at)
        edge = connection.execute(oldest.limit(1).offset(at_most)).scalar()
        connection.execute(delete(PREDICTIONS).where(asked_at <= edge if edge is not None else asked_at < before))
    return edge is not None
