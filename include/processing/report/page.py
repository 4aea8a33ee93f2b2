"""The report as one HTML file: styles and drawings inside, no script, nothing fetched; every value escaped by Jinja."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from include.processing.expectations import NULL_BLOCK_COLUMNS
from include.processing.report.charts import HEIGHT, WIDTH, histogram, null_table, waterfall
from include.processing.report.drift_table import drift_table
from include.processing.report.facts import CLEAN, RAW, MonthReport
from include.processing.report.verdict import broken, drift_unmeasured, service_name, verdict_of, waived
from include.processing.report.words import figure, percent, words
from include.processing.report.zone_map import SIZE, zone_map
from include.trips.month import Month

TEMPLATE = "page.html.jinja"
TO_HOME = "../../../"
"""From `<home>/reports/quality/<service>/` to the home."""
BUSIEST = 10
LEVELS = {"good": "Fit for use", "look": "Usable, take a look", "stop": "Do not use"}


def generate_html_report(report: MonthReport) -> str:
    """The whole page; equal facts give equal text. Links lead from the report's folder in the home to Data Docs."""
    return _environment().get_template(TEMPLATE).render(**page_data(report))


def page_data(report: MonthReport) -> dict[str, Any]:
    """What the template is given: facts and geometry, no markup."""
    zones = zone_map(report.pickups, report.rows_kept)
    passed = [c for c in report.checks if c.state == "passed"]
    return {
        "report": report,
        "title": f"{service_name(report.service)} trips, {Month.parse(report.month).start:%B %Y}",
        "verdict": verdict_of(report),
        "level": LEVELS[verdict_of(report).level],
        "kept_percent": report.kept_percent,
        "waterfall": waterfall(report),
        "unmet": [*broken(report), *waived(report)],
        "passed": passed,
        "nulls": null_table(report.nulls),
        "has_null_block": {band.column for band in report.nulls} >= set(NULL_BLOCK_COLUMNS),
        "null_months": max((band.months for band in report.nulls), default=0),
        "histograms": [histogram(found) for found in report.distributions],
        "plot": {"width": WIDTH, "height": HEIGHT},
        "zones": zones,
        "map_size": SIZE,
        "busiest": sorted((z for z in zones.shapes if z.trips), key=lambda z: (-z.trips, z.zone))[:BUSIEST],
        "drift": None if report.drift is None else drift_table(report.drift),
        "drift_unmeasured": drift_unmeasured(report),
        "summary": [(name, report.summary[RAW][name], report.summary[CLEAN].get(name)) for name in report.summary[RAW]],
        "docs": {stage: TO_HOME + path for stage, path in report.docs.items()},
    }


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    environment.filters |= {"count": "{:,}".format, "percent": percent, "figure": figure, "words": words}
    return environment
