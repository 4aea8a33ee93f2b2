"""What is known of the months behind a model: where they came from, how many rows, what was set aside, drift."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, select

from include.warehouse.metadata import INGESTION
from include.warehouse.quality import quality_of
from include.warehouse.reading import Row, read_rows

TOLD = ("warning", "known", "alarm")
"""Verdicts worth a word, the gravest last; the others found nothing."""


def data_months(engine: Engine, service: str, months: Iterable[str]) -> list[dict[str, Any]]:
    """One entry a month, in the order given; what the warehouse does not know of it is None."""
    return [_month(engine, service, month) for month in months]


def _month(engine: Engine, service: str, month: str) -> dict[str, Any]:
    query = select(INGESTION.c.origin, INGESTION.c.rows_read, INGESTION.c.file_sha256).where(
        INGESTION.c.service == service, INGESTION.c.month == month
    )
    landed = next(iter(read_rows(engine, query)), None) or {}
    known = quality_of(engine, service, month) or {}
    rejects = {row["reason"]: int(row["rows"] or 0) for row in known.get("cleaning", ())}
    meanings = {row["reason"]: row["limit"] for row in known.get("cleaning", ())}
    read = landed.get("rows_read")
    return {
        "month": month, "origin": landed.get("origin"), "sha256": landed.get("file_sha256"), "rows_read": read,
        "rows_kept": read - sum(rejects.values()) if read is not None and rejects else None,
        "rejects": rejects or None, "meanings": meanings, "verdict": known.get("verdict"),

        **{what: _total(known, what) for what in ("expectations", "broken")},
        "waived": len(known.get("waivers", ())), "drift": _drift(known.get("drift")),
    }  # fmt: skip


def _total(known: dict[str, Any], what: str) -> int | None:
    """Over a month's suites; None when nobody asked."""
    suites = known.get("suites")
    return sum(suite[what] for suite in suites.values()) if suites else None


def _drift(rows: list[Row] | None) -> dict[str, Any] | None:
    """How many comparisons were made, the columns that stood out, or why there are none."""
    if not rows:
        return None
    if all(row["verdict"] == "insufficient_history" for row in rows):
        return {"compared": 0, "told": [], "note": rows[0]["note"]}
    found = {row["column"]: row["verdict"] for verdict in TOLD for row in rows if row["verdict"] == verdict}
    told = [f"{column} ({verdict})" for column, verdict in sorted(found.items()) if column]
    return {"compared": len(rows), "told": told, "note": ""}
