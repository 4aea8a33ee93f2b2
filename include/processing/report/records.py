"""A report's figures as rows of `data_quality_metrics`, so that SQL and the API answer without the lake or the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from include.processing.report.facts import MonthReport, NullBand
from include.processing.report.verdict import verdict_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

REPORT, NULLS, OUTLIERS, SUMMARY = "report", "nulls", "outliers", "summary_"
"""Suites of the report: the verdict, and the figures of columns; a summary for each stage."""
NOTE = "info"
"""Severity of a figure that no limit judges."""


def save_quality_metrics_to_db(engine: Engine, report: MonthReport, validated_at: datetime) -> int:
    """The report's suites of `data_quality_metrics`, each replaced whole for the month; gives the rows written.

    What validation, cleaning and drift wrote stays. `validated_at` is when the data was made, not when it was told.
    """
    from include.warehouse.load import replace_rows

    keys = {"service": report.service, "month": report.month}
    suites = metric_rows(report)
    return sum(
        replace_rows(engine, "data_quality_metrics", keys | {"suite": suite},
                     [row | {"validated_at": validated_at} for row in rows])
        for suite, rows in suites.items()
    )  # fmt: skip


def metric_rows(report: MonthReport) -> dict[str, list[dict[str, Any]]]:
    """Suite -> rows without their keys. `observed` of a summary is JSON; shares are percent of rows."""
    summaries = {f"{SUMMARY}{stage}": list(_summaries(report, stage)) for stage in report.summary}
    return {REPORT: [_verdict(report)], NULLS: [_null(band) for band in report.nulls],
            OUTLIERS: list(_outliers(report)), **summaries}  # fmt: skip


def _row(name: str, column: str, observed: str, limit: str, **more: Any) -> dict[str, Any]:
    plain = {"severity": NOTE, "success": True, "unexpected_count": None, "unexpected_percent": None}
    return {"expectation": name, "column_name": column, "observed": observed, "limit_text": limit, **plain, **more}


def _verdict(report: MonthReport) -> dict[str, Any]:
    verdict = verdict_of(report)
    severity = "critical" if verdict.level == "stop" else "warning"
    return _row("verdict", "", verdict.sentence, verdict.level, severity=severity, success=verdict.level == "good",
                unexpected_count=report.quarantined,
                unexpected_percent=100 * report.quarantined / max(report.rows_read, 1))  # fmt: skip


def _null(band: NullBand) -> dict[str, Any]:
    limit = "no earlier month" if band.low is None else f"{band.low:.3f} to {band.high:.3f} % in {band.months} months"
    return _row(band.column, band.column, f"{band.percent:.3f} % null", limit, severity="warning",
                success=not band.outside, unexpected_percent=band.percent)  # fmt: skip


def _outliers(report: MonthReport) -> Iterator[dict[str, Any]]:
    for column, found in report.outliers.items():
        observed = f"{found.below:,} below, {found.above:,} above"
        yield _row(column, column, observed, f"{found.low:.6g} to {found.high:.6g}",
                   unexpected_count=found.below + found.above, unexpected_percent=found.percent)  # fmt: skip


def _summaries(report: MonthReport, stage: str) -> Iterator[dict[str, Any]]:
    for column, summary in report.summary[stage].items():
        yield _row(column, column, json.dumps({name: _short(v) for name, v in asdict(summary).items()}), "")


def _short(value: float) -> float:
    return value if isinstance(value, int) else float(f"{value:.6g}")
