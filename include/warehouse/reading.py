"""Reading for people: queries that change nothing, and find nothing where a table has not been made yet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, inspect

from include.warehouse.engine import warehouse_faults

Row = dict[str, Any]
_SEEN: set[tuple[str, str]] = set()


def read_rows(engine: Engine, query: Select[Any]) -> list[Row]:
    """A query's rows as plain JSON-able values (times as ISO text); none while one of its tables is missing.

    WarehouseError when the database is away.
    """
    with warehouse_faults(engine):
        names = {getattr(table, "name", "") for table in query.get_final_froms()[0]._from_objects}
        if not all(has_table(engine, name) for name in names):
            return []
        with engine.connect() as connection:
            return [{name: plain(value) for name, value in row._mapping.items()} for row in connection.execute(query)]


def has_table(engine: Engine, name: str) -> bool:
    """Whether the warehouse has the table; a SQLite file that is not there is not made by asking."""
    key = (engine.url.render_as_string(), name)
    if key in _SEEN:
        return True
    if engine.dialect.name == "sqlite" and engine.url.database and not Path(engine.url.database).exists():
        return False
    found = inspect(engine).has_table(name)
    if found:
        _SEEN.add(key)
    return bool(found)


def plain(value: Any) -> Any:
    """Times as ISO text, everything else as it is."""
    return value.isoformat() if isinstance(value, datetime | date) else value
