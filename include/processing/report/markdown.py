"""The report's facts in a page of Markdown, for a pull request, a chat or a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from include.processing.report.charts import null_table, waterfall
from include.processing.report.drift_table import Moved, drift_table
from include.processing.report.facts import Check, MonthReport
from include.processing.report.verdict import broken, drift_unmeasured, verdict_of, waived
from include.processing.report.words import DASH, figure, percent

SHOWN = 10
_MARKUP = re.compile(r"([\\`*{}\[\]|~$]|(?<!\w)_|_(?!\w)|:(?=//))")
"""An underscore within a word marks nothing up; signs that do so only where a line begins cannot stand there."""


def generate_markdown_report(report: MonthReport) -> str:
    """Headline, waterfall, what does not hold, unusual nulls and drift; equal facts give equal text."""
    parts = [
        f"# Data quality: {report.service} {report.month}",
        _synthetic(report) + f"**{escape(verdict_of(report).sentence)}**",
        "## Rows\n\n" + _rows(report),
        "## Expectations\n\n" + _expectations(report),
        "## Missing values\n\n" + _nulls(report),
        "## Drift\n\n" + _drift(report),
        f"Everything else: [{report.month}.html]({report.month}.html), [{report.month}.csv]({report.month}.csv)",
    ]
    return "\n\n".join(parts) + "\n"


def escape(text: object) -> str:
    """Text that no Markdown reader takes for markup, links, HTML or the end of a table's cell; one line."""
    plain = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", plain)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A pipe table with escaped cells."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join(lines + [f"| {' | '.join(map(escape, row))} |" for row in rows])


def _synthetic(report: MonthReport) -> str:
    return "Synthetic: nobody drove these trips.\n\n" if report.synthetic else ""


def _rows(report: MonthReport) -> str:
    bars = waterfall(report).bars
    return table(("", "rows", "share"), ((bar.label, f"{bar.rows:,}", percent(bar.percent)) for bar in bars))


def _expectations(report: MonthReport) -> str:
    unmet = [*broken(report), *waived(report)]
    told = f"{len(report.checks) - len(unmet)} of {len(report.checks)} hold."
    if not unmet:
        return told
    head = ("expectation", "month", "state", "found", "expected", "examples")
    return f"{told}\n\n{table(head, map(_check, unmet))}"


def _check(check: Check) -> Sequence[object]:
    state = f"{check.state}, {check.severity}"
    if check.waived_by:
        until = f" until {check.waived_until}" if check.waived_until else ""
        state += f", waived by {check.waived_by}{until}: {check.waiver_reason}"
    return check.expectation, check.stage, state, check.observed, check.limit, ", ".join(check.examples[:5]) or DASH


def _nulls(report: MonthReport) -> str:
    bands = null_table(report.nulls).shown
    if not bands:
        return "No column has missing values in some rows and not in others."
    rows = (
        (b.column, percent(b.percent), DASH if b.low is None else f"{percent(b.low)} to {percent(b.high or 0)}",
         "unusual" if b.outside else "known change" if b.known else "") for b in bands
    )  # fmt: skip
    return table(("column", "null", "earlier months", ""), rows)


def _drift(report: MonthReport) -> str:
    if report.drift is None:
        return f"{escape(drift_unmeasured(report))}."
    told = drift_table(report.drift)
    if not told.columns:
        return f"Nothing could be compared: {escape('; '.join(told.too_little) or 'no earlier month')}."
    named = told.named
    if not named:
        return "No alarm, no warning."
    lines = table(("what", "verdict", "found", "limit", "note"), map(_moved, named[:SHOWN]))
    return lines + (f"\n\n{len(named) - SHOWN} more are in the CSV." if len(named) > SHOWN else "")


def _moved(moved: Moved) -> Sequence[object]:
    result = moved.worst
    what = " ".join(filter(None, (result.column, result.segment, result.segment_value)))
    what += f" and {moved.more} more" if moved.more else ""
    return what, result.verdict, f"{result.metric} {figure(result.value)}", figure(result.limit), result.note
