"""Everything that the tables know about a month's quality, for the API, the dashboard and notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Table, select

from include.warehouse.metadata import DRIFT, QUALITY
from include.warehouse.reading import read_rows

CLEANING, REPORT, NULLS, OUTLIERS, SUMMARY = "cleaning", "report", "nulls", "outliers", "summary_"
FIGURES = (CLEANING, REPORT, NULLS, OUTLIERS)
"""Suites whose rows are figures; the others are validations."""
KEYS = ("service", "month", "suite")
FIELD_OF = {"column_name": "column", "limit_value": "limit", "rows_compared": "rows"}
"""Columns of drift_metrics whose plain names are words of SQL -> what the results call them."""

Row = Mapping[str, Any]


def quality_of(engine: Engine, service: str, month: str) -> dict[str, Any] | None:
    """A month's verdict, validations, cleaning reasons, column figures, drift and waivers; None for an unknown month.

    Plain JSON-able values: times are ISO text. `drift` is None while none has been measured.
    """
    rows = _rows_of(engine, QUALITY, service, month)
    drift = _rows_of(engine, DRIFT, service, month)
    if not rows:
        return None
    suites = _by_suite(rows)
    validations = {name: _validation(found) for name, found in suites.items() if _is_validation(name)}
    return {
        "service": service,
        "month": month,
        "verdict": _verdict(suites.get(REPORT, [])),
        "suites": validations,
        "cleaning": [_share(row, "reason") for row in suites.get(CLEANING, [])],
        "nulls": [_share(row, "column") | {"usual": row["success"]} for row in suites.get(NULLS, [])],
        "outliers": [_share(row, "column") for row in suites.get(OUTLIERS, [])],
        "summary": {name.removeprefix(SUMMARY): {row["column_name"]: json.loads(row["observed"]) for row in found}
                    for name, found in suites.items() if name.startswith(SUMMARY)},
        "waivers": [_waiver(row) for row in rows if row.get("waived_by")],
        "drift": [{FIELD_OF.get(n, n): v for n, v in row.items() if n not in KEYS} for row in drift] or None,
    }  # fmt: skip


def months_with_quality(engine: Engine) -> list[tuple[str, str]]:
    """(service, month) of every month that something is known about, in order."""
    query = select(QUALITY.c.service, QUALITY.c.month).distinct().order_by(QUALITY.c.service, QUALITY.c.month)
    return [(str(row["service"]), str(row["month"])) for row in read_rows(engine, query)]


def _rows_of(engine: Engine, table: Table, service: str, month: str) -> list[dict[str, Any]]:
    """The month's rows in the order of the key."""
    query = select(table).where(table.c.service == service, table.c.month == month).order_by(*table.primary_key)
    return read_rows(engine, query)


def _by_suite(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    suites: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        suites.setdefault(row["suite"], []).append(row)
    return suites


def _is_validation(suite: str) -> bool:
    return suite not in FIGURES and not suite.startswith(SUMMARY)


def _validation(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    broken = [row for row in rows if not row["success"] and not row.get("waived_by")]
    return {
        "expectations": len(rows),
        "broken": len(broken),
        "broken_critical": sum(row["severity"] == "critical" for row in broken),
        "waived": sum(not row["success"] and bool(row.get("waived_by")) for row in rows),
        "validated_at": rows[0]["validated_at"],
        "outcomes": [_outcome(row) for row in rows],
    }


def _outcome(row: Row) -> dict[str, Any]:
    """An expectation's row, its examples as a list."""
    plain = {name: value for name, value in row.items() if name not in KEYS}
    return plain | {"examples": json.loads(row["examples"])} if row.get("examples") else plain


def _verdict(rows: Sequence[Row]) -> dict[str, Any] | None:
    return {"level": rows[0]["limit_text"], "sentence": rows[0]["observed"]} if rows else None


def _share(row: Row, name: str) -> dict[str, Any]:
    """A figure: how many rows and what percentage, in words, and against what."""
    return {name: row["expectation"], "rows": row["unexpected_count"], "percent": row["unexpected_percent"],
            "observed": row["observed"], "limit": row["limit_text"]}  # fmt: skip


def _waiver(row: Row) -> dict[str, Any]:
    return {name: row.get(name) for name in ("suite", "expectation", "success", "waived_by", "waiver_reason",
                                             "waived_until")}  # fmt: skip
