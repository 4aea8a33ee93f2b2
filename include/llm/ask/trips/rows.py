"""A figure of trips as SQL: sums by place and hour where they tell it, else trip by trip; values are parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Engine

from include.llm.ask.figures.queries import read_rows
from include.llm.ask.meanings.declarations import declared
from include.llm.ask.routing.plan import GRAINS
from include.llm.ask.trips.asked import Aggregate
from include.llm.ask.trips.atoms import Condition, Limit
from include.warehouse.engine import warehouse_faults
from include.warehouse.reading import has_table, plain

AXES = {"pickup_zone": "pickup", "pickup_borough": "pickup", "dropoff_zone": "dropoff", "dropoff_borough": "dropoff",
        "hour": "hour_of_week", "weekday": "hour_of_week", "band": "hour_of_week"}  # fmt: skip
SUMMABLE = frozenset({"count", "sum", "mean", "ratio", "speed"})


@dataclass(frozen=True)
class Rows:
    """One of the kinds of rows of trip_rows.yaml."""

    name: str
    table: str
    origin: str
    joins: Mapping[str, str]
    count: str
    keys: Mapping[str, str]
    columns: Mapping[str, str]


@cache
def kinds_of_rows() -> Mapping[str, Rows]:
    return {
        name: Rows(name, e["table"], e["from"], e["joins"], e["count"], e["keys"], e["columns"])
        for name, e in declared("trip_rows.yaml").items()
    }


def rows_for(figure: Aggregate, conditions: Sequence[Condition], group: Sequence[str], raw: bool) -> Rows | None:
    """The rows that know all of it, sums before single trips; None where none do."""
    wanted = {*group, *(key for c in conditions for key in c.keys)}
    columns = {figure.column, figure.over} - {"", "speed" if figure.fn == "speed" else ""}
    if raw:
        rows = kinds_of_rows()["raw"]
        known = figure.fn != "speed" and wanted <= set(rows.keys) and columns <= set(rows.columns)
        return rows if known else None
    totals, trips = kinds_of_rows()["totals"], kinds_of_rows()["trips"]
    axes = frozenset(AXES[key] for key in wanted if key in AXES)
    if figure.fn in SUMMABLE and wanted <= set(totals.keys) and columns <= set(totals.columns) and axes in GRAINS:
        return totals
    return trips if wanted <= set(trips.keys) and columns <= {*trips.columns, *trips.keys} else None


def measured(
    engine: Engine, rows: Rows, figure: Aggregate, conditions: Sequence[Condition], group: Sequence[str] = (),
    descending: bool = True, having: Limit | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of `value` and the group's keys, in order; without a group one row, whose value is None where no trip is."""
    with warehouse_faults(engine):
        if not has_table(engine, rows.table):
            return []
    where, values = _where(rows, conditions, group)
    if figure.fn in ("median", "percentile"):
        return [{"value": _quantile(engine, rows, figure, where, values)}]
    columns = [f"{rows.keys[key]} AS g_{key}" for key in group]
    expression = expression_of(rows, figure)
    chosen = ", ".join([*columns, f"{expression} AS value"])
    origin = _from(rows, (*columns, expression, where))
    sql = f"SELECT {chosen} FROM {origin}{where}"  # noqa: S608 - of trip_rows.yaml
    if group:
        sql += f" GROUP BY {', '.join(rows.keys[key] for key in group)}"
        if having is not None:
            sql += f" HAVING {_compared(rows.count, having, 'having', values)}"
        sql += f" ORDER BY value {'DESC' if descending else 'ASC'}"
    found = [
        {**{key: plain(row[f"g_{key}"]) for key in group}, "value": _number(plain(row["value"]))}
        for row in read_rows(engine, sql, values)
    ]
    return [row for row in found if row["value"] is not None and all(row[key] is not None for key in group)]


def expression_of(rows: Rows, figure: Aggregate) -> str:
    """The SQL of a figure on these rows."""
    column = rows.columns.get(figure.column, rows.keys.get(figure.column, ""))
    sums = rows.name == "totals"
    if figure.fn == "count":
        return rows.count
    if figure.fn == "speed":
        return f"SUM({rows.columns['distance_mi']}) * 60 / NULLIF(SUM({rows.columns['moving_min']}), 0)"
    if figure.fn == "mean":
        return f"SUM({column}) / NULLIF({rows.count}, 0)" if sums else f"AVG({column} * 1e0)"
    if figure.fn == "ratio":
        return f"SUM({column}) / NULLIF(SUM({rows.columns[figure.over]} * 1e0), 0)"
    if figure.fn in ("per_day", "per_hour"):
        whole = f"SUM({column})" if column else "COUNT(*) * 1e0"
        units = f"COUNT(DISTINCT {rows.keys['day']})" + (" * 24" if figure.fn == "per_hour" else "")
        return f"{whole} / NULLIF({units}, 0)"
    return f"{figure.fn.upper()}({column})"


def _from(rows: Rows, parts: Sequence[str]) -> str:
    used = " ".join(parts)
    return " ".join([rows.origin, *(join for alias, join in rows.joins.items() if f"{alias}." in used)])


def _where(rows: Rows, conditions: Sequence[Condition], group: Sequence[str]) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {}
    alike: dict[object, list[str]] = {}
    for place, condition in enumerate(conditions):
        one = _sql(rows, condition, f"v{place}", values)
        # alternatives of one kind are joined by OR; what is turned round, and limits, hold each for itself
        alone = condition.negated or condition.kind in ("limit", "service", "month", "day")
        alike.setdefault(place if alone else condition.same, []).append(one)
    parts = [f"({' OR '.join(found)})" if len(found) > 1 else found[0] for found in alike.values()]
    if rows.name == "totals":
        keys = {*group, *(key for c in conditions for key in c.keys)}
        parts.append("t.grain = :grain")
        values["grain"] = GRAINS[frozenset(AXES[key] for key in keys if key in AXES)]
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def _sql(rows: Rows, condition: Condition, name: str, values: dict[str, Any]) -> str:
    parts = []
    for key in condition.keys:
        column = rows.keys[key]
        if condition.op == "in":
            values[name] = list(condition.values)
            parts.append(f"{column} IN :{name}")
        elif condition.op == "span":
            values[f"{name}a"], values[f"{name}b"] = condition.values
            joined = "AND" if condition.values[0] < condition.values[1] else "OR"
            parts.append(f"({column} >= :{name}a {joined} {column} < :{name}b)")
        else:
            parts.append(_compared(column, Limit(condition.op, condition.values, ""), name, values))
    found = f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0]
    return f"NOT {found}" if condition.negated and len(parts) > 1 else f"NOT ({found})" if condition.negated else found


def _compared(column: str, limit: Limit, name: str, values: dict[str, Any]) -> str:
    if limit.op == "between":
        values[f"{name}a"], values[f"{name}b"] = limit.values
        return f"{column} BETWEEN :{name}a AND :{name}b"
    values[name] = limit.values[0]
    return f"{column} {limit.op} :{name}"


def _quantile(engine: Engine, rows: Rows, figure: Aggregate, where: str, values: Mapping[str, Any]) -> float | None:
    """The value at a part of the order, between two by their distance."""
    column = rows.columns[figure.column]
    held = f"{where} {'AND' if where else 'WHERE'} {column} IS NOT NULL"
    origin = _from(rows, (column, held))
    counting = f"SELECT COUNT(*) AS value FROM {origin}{held}"  # noqa: S608 - of trip_rows.yaml
    count = int(read_rows(engine, counting, values)[0]["value"])
    if not count:
        return None
    at = (count - 1) * (0.5 if figure.fn == "median" else figure.number)
    # read_rows closes with its own limit, so the two in the middle are taken inside
    two = f"SELECT {column} AS value FROM {origin}{held} ORDER BY {column} LIMIT 2 OFFSET {int(at)}"  # noqa: S608
    sql = f"SELECT value FROM ({two}) AS q"  # noqa: S608 - of trip_rows.yaml
    near = sorted(float(row["value"]) for row in read_rows(engine, sql, values))
    return near[0] + (near[-1] - near[0]) * (at - int(at))


def _number(value: Any) -> Any:
    """MySQL sums integers as decimals."""
    return float(value) if type(value).__name__ == "Decimal" else value
