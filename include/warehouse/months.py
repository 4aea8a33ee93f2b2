"""How the months of a service went, side by side: one query each over small tables."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Engine, and_, case, func, or_, select

from include.trips.month import Month
from include.warehouse.metadata import DRIFT, INGESTION, LOADS, QUALITY
from include.warehouse.reading import Row, read_rows

State = Literal["passed", "look", "waived", "blocked", "unfinished", "missing"]
STATES: tuple[State, ...] = ("passed", "look", "waived", "blocked", "unfinished", "missing")
PROCESSED = "processed_taxi_trips"


def services_with_months(engine: Engine) -> list[str]:
    """Services of which some month was ingested."""
    query = select(INGESTION.c.service).distinct().order_by(INGESTION.c.service)
    return [row["service"] for row in read_rows(engine, query)]


def month_calendar(engine: Engine, service: str) -> list[Row]:
    """From the first month to the last one: its state, rows read, broken and waived expectations, and the sentence.

    blocked: something critical is broken and nobody waived it; waived: somebody accepted what is broken; look: usable
    with something unusual; unfinished: ingested, and no report; missing: a gap between months that are there.
    """
    ingested = {row["month"]: row["rows_read"] for row in read_rows(
        engine, select(INGESTION.c.month, INGESTION.c.rows_read).where(INGESTION.c.service == service))}  # fmt: skip
    judged = {row["month"]: row for row in read_rows(engine, _judged(service))}
    verdicts = select(QUALITY.c.month, QUALITY.c.limit_text, QUALITY.c.observed)
    told = {row["month"]: (row["limit_text"], row["observed"]) for row in read_rows(
        engine, verdicts.where(QUALITY.c.service == service, QUALITY.c.suite == "report"))}  # fmt: skip
    known = sorted({*ingested, *judged})
    if not known:
        return []
    first, last = Month.parse(known[0]), Month.parse(known[-1])
    months = [str(first.plus(step)) for step in range(last.ordinal - first.ordinal + 1)]
    return [_month(month, ingested.get(month), judged.get(month), told.get(month)) for month in months]


def _judged(service: str) -> Any:
    """Per month how many expectations are broken, critically broken, and waived."""
    suites = [f"{service}_{stage}" for stage in ("raw", "clean", "features")]
    waived = and_(QUALITY.c.waived_by.is_not(None), QUALITY.c.waived_by != "")
    broken = and_(QUALITY.c.success.is_(False), or_(QUALITY.c.waived_by.is_(None), QUALITY.c.waived_by == ""))
    return (
        select(
            QUALITY.c.month,
            func.count().label("expectations"),
            func.sum(case((broken, 1), else_=0)).label("broken"),
            func.sum(case((and_(broken, QUALITY.c.severity == "critical"), 1), else_=0)).label("critical"),
            func.sum(case((and_(QUALITY.c.success.is_(False), waived), 1), else_=0)).label("waived"),
        )
        .where(QUALITY.c.service == service, QUALITY.c.suite.in_(suites))
        .group_by(QUALITY.c.month)
    )


def _month(
    month: str, rows: int | None, judged: dict[str, Any] | None, told: tuple[str, str] | None
) -> dict[str, Any]:  # fmt: skip
    counts = {name: int((judged or {}).get(name) or 0) for name in ("expectations", "broken", "critical", "waived")}
    return {"month": month, "state": _state(rows, judged, counts, told), "rows_read": rows, **counts,
            "sentence": told[1] if told else ""}  # fmt: skip


def _state(rows: int | None, judged: Any, counts: dict[str, int], told: tuple[str, str] | None) -> State:
    if rows is None and judged is None:
        return "missing"
    if counts["critical"] or (told and told[0] == "stop"):
        return "blocked"
    if told is None:
        return "unfinished"
    if counts["waived"]:
        return "waived"
    return "passed" if told[0] == "good" else "look"


def nulls_by_month(engine: Engine, service: str) -> list[Row]:
    """Per month and column: percent null, whether usual, and the band of earlier months in words."""
    c = QUALITY.c
    query = select(c.month, c.expectation.label("column"), c.unexpected_percent.label("percent"),
                   c.success.label("usual"), c.limit_text.label("limit"))  # fmt: skip
    return read_rows(engine, query.where(QUALITY.c.service == service, QUALITY.c.suite == "nulls")
                 .order_by(QUALITY.c.month, QUALITY.c.expectation))  # fmt: skip


def rows_by_month(engine: Engine, service: str) -> list[Row]:
    """Per month, in order: rows `read`, `kept` by cleaning and `quarantined`; None for what is not there yet."""
    read = select(INGESTION.c.month, INGESTION.c.rows_read).where(INGESTION.c.service == service)
    kept = select(LOADS.c.month, LOADS.c.row_count).where(LOADS.c.service == service, LOADS.c.table_name == PROCESSED)
    left = select(QUALITY.c.month, func.sum(QUALITY.c.unexpected_count).label("rows")).where(
        QUALITY.c.service == service, QUALITY.c.suite == "cleaning").group_by(QUALITY.c.month)  # fmt: skip
    kept_of = {row["month"]: row["row_count"] for row in read_rows(engine, kept)}
    left_of = {row["month"]: int(row["rows"]) for row in read_rows(engine, left)}  # MySQL sums integers as decimals
    return [
        {"month": row["month"], "read": row["rows_read"], "kept": kept_of.get(row["month"]),
         "quarantined": left_of.get(row["month"])}
        for row in read_rows(engine, read.order_by(INGESTION.c.month))
    ]  # fmt: skip


def drift_by_month(engine: Engine, service: str, month: str | None = None) -> list[Row]:
    """Comparisons of all trips of every month; of one month those of its segments too."""
    query = select(DRIFT).where(DRIFT.c.service == service)
    query = query.where(DRIFT.c.segment == "month") if month is None else query.where(DRIFT.c.month == month)
    return read_rows(engine, query.order_by(DRIFT.c.month, DRIFT.c.column_name, DRIFT.c.segment, DRIFT.c.segment_value,
                                        DRIFT.c.metric))  # fmt: skip
