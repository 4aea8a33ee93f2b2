"""Every figure of a report as flat rows, for the CSV beside the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from include.processing.report.facts import MonthReport
from include.processing.report.records import metric_rows

FIGURE_COLUMNS = ("kind", "name", "column", "severity", "state", "observed", "limit", "rows", "percent", "note")


def figure_rows(report: MonthReport) -> Iterator[dict[str, Any]]:
    """Reasons, expectations, drift, then the report's own suites; keys are FIGURE_COLUMNS."""
    for reject in report.rejects:
        yield {"kind": "cleaning", "name": reject.reason, "rows": reject.rows, "percent": reject.percent,
               "note": reject.meaning}  # fmt: skip
    for c in report.checks:
        yield {"kind": f"expectation, {c.stage}", "name": c.expectation, "column": c.column, "severity": c.severity,
               "state": c.state, "observed": c.observed, "limit": c.limit, "rows": c.count, "percent": c.percent,
               "note": c.waiver_reason or ", ".join(c.examples)}  # fmt: skip
    for d in report.drift or ():
        yield {"kind": "drift", "name": " ".join(filter(None, (d.metric, d.segment, d.segment_value))),
               "column": d.column, "state": d.verdict, "observed": d.value, "limit": d.limit, "rows": d.rows,
               "note": d.note}  # fmt: skip
    for suite, rows in metric_rows(report).items():
        for row in rows:
            yield {"kind": suite, "name": row["expectation"], "column": row["column_name"], "observed": row["observed"],
                   "severity": row["severity"], "state": "passed" if row["success"] else "broken",
                   "limit": row["limit_text"], "rows": row["unexpected_count"],
                   "percent": row["unexpected_percent"]}  # fmt: skip
