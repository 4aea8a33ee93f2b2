"""Plans as SQL: one SELECT over a measure's rows, values as parameters, few rows, little time, nothing written."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, text

from include.llm.ask.figures.exploding import exploded, part_of
from include.llm.ask.meanings.measure import Measure, Source
from include.llm.ask.routing.plan import grain_of
from include.warehouse.engine import is_mysql, warehouse_faults
from include.warehouse.reading import Row, has_table, plain

MOST_ROWS = 5000
SECONDS = 5.0
"""A question that takes longer is given up; a month of three million trips added up by day takes about two."""
OF_PARTS = frozenset({"slice", "least_rows"})
"""What is asked of the parts inside a column, which no SQL sees."""
_STEPS = 20_000
"""Instructions of SQLite between two looks at the clock."""


def figures(engine: Engine, measure: Measure, filters: Mapping[str, Sequence[str]], group: Sequence[str] = (),
            role: str = "") -> list[Row]:  # fmt: skip
    """Rows of `value`, the dimensions of `group`, and the source's labels; none where a table is not there yet.

    WarehouseError when the database is away or takes longer than SECONDS. KeyError for a dimension that the measure's
    source does not have: names of dimensions never come from a question.
    """
    source = measure.source
    if not _is_there(engine, source):
        return []
    apart = (*OF_PARTS, part_of(measure))
    inner = [name for name in group if name not in apart]
    wanted = {name: values for name, values in filters.items() if name not in apart}
    expression = measure.expression
    if source.expressions:
        expression = expression.replace("{column}", source.expressions[wanted.pop("column")[0]])
    columns = [f"{source.dimensions[name]} AS g_{name}" for name in inner]
    columns += [f"{expression} AS l_{name}" for name, expression in source.labels.items()]
    conditions, values = _conditions(source, wanted, (*filters, *group), role)
    sql = f"SELECT {', '.join([*columns, f'{expression} AS value'])} FROM {source.origin}"  # noqa: S608 - from the file of measures
    sql += f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql += f" GROUP BY {', '.join(source.dimensions[name] for name in inner)}" if inner else ""
    rows = [_named(row, inner, source) for row in read_rows(engine, sql, values)]
    return [part for row in rows for part in exploded(measure, row, filters)] if measure.exploded else rows


def known(
    engine: Engine, source: Source, dimension: str, filters: Mapping[str, Sequence[str]] | None = None
) -> list[Any]:
    """The values of a dimension that there are, in order."""
    if not _is_there(engine, source):
        return []
    wanted = {name: values for name, values in (filters or {}).items() if name in source.dimensions}
    if source.expressions:
        wanted.pop("column", None)
    conditions, values = _conditions(source, wanted, (), "")
    expression = source.dimensions[dimension]
    sql = f"SELECT DISTINCT {expression} AS value FROM {source.origin}"  # noqa: S608 - from the file of measures
    sql += f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return sorted(row["value"] for row in read_rows(engine, sql, values) if row["value"] is not None)


def _is_there(engine: Engine, source: Source) -> bool:
    with warehouse_faults(engine):
        return has_table(engine, source.table)


def _conditions(
    source: Source, filters: Mapping[str, Sequence[str]], used: Iterable[str], role: str
) -> tuple[list[str], dict[str, Any]]:  # fmt: skip
    conditions = [source.where] if source.where else []
    values: dict[str, Any] = {}
    if role:
        conditions.append(source.roles[role])
    for name, wanted in filters.items():
        conditions.append(f"{source.dimensions[name]} IN :{name}")
        values[name] = [_typed(value) for value in wanted]
    if source.grain:
        conditions.append(f"{source.grain} = :grain")
        values["grain"] = grain_of(source, frozenset(used))
    return conditions, values


def _typed(value: Any) -> Any:
    """Whole numbers as such: SQLite tells '1' from 1."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


def read_rows(engine: Engine, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    statement = text(f"{sql} LIMIT {MOST_ROWS}").bindparams(
        *(bindparam(name, expanding=isinstance(value, list)) for name, value in values.items())
    )
    with warehouse_faults(engine), engine.connect() as connection, read_only(connection):
        return [dict(row) for row in connection.execute(statement, dict(values)).mappings()]


@contextmanager
def read_only(connection: Connection, seconds: float = SECONDS) -> Iterator[None]:
    """Nothing can be written inside, and a statement that takes too long ends as the database's fault."""
    if is_mysql(connection.engine):
        limit = "max_statement_time" if getattr(connection.dialect, "is_mariadb", False) else "max_execution_time"
        unit = 1 if limit == "max_statement_time" else 1000
        connection.exec_driver_sql(f"SET SESSION {limit} = {seconds * unit:.0f}")
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"SET SESSION {limit} = 0")
        return
    driver: Any = connection.connection.driver_connection
    deadline = time.monotonic() + seconds
    driver.execute("PRAGMA query_only = ON")
    driver.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
        driver.execute("PRAGMA query_only = OFF")


def _named(row: Mapping[str, Any], group: Sequence[str], source: Source) -> Row:
    found = {name: plain(row[f"g_{name}"]) for name in group}
    if "weekday" in found and found["weekday"] is not None:
        found["weekday"] = int(found["weekday"])
    labels = {name: plain(row[f"l_{name}"]) for name in source.labels}
    return {**{n: v for n, v in labels.items() if v is not None}, **found, "value": _number(plain(row["value"]))}


def _number(value: Any) -> Any:
    """MySQL sums integers as decimals."""
    return float(value) if type(value).__name__ == "Decimal" else value
