"""Figures as rows: what the tables can hold, each key once."""

from __future__ import annotations

import json

from include.processing.report.records import metric_rows
from include.warehouse.tables import QUALITY
from tests.unit.processing.reports import band, check, month_report


def test_suites_and_their_rows() -> None:
    suites = metric_rows(month_report())
    assert list(suites) == ["report", "nulls", "outliers", "summary_raw", "summary_clean"]
    assert json.loads(suites["summary_raw"][0]["observed"])["p50"] == 9.5
    assert suites["nulls"][0]["limit_text"] == "1.500 to 2.500 % in 12 months"
    assert suites["outliers"][0]["unexpected_count"] == 25


def test_the_verdict_is_a_row_that_fails_when_there_is_something_to_see() -> None:
    (good,) = metric_rows(month_report())["report"]
    (stop,) = metric_rows(month_report(checks=(check(success=False, severity="critical"),)))["report"]
    assert (good["success"], good["limit_text"], good["unexpected_count"]) == (True, "good", 30)
    assert (stop["success"], stop["limit_text"], stop["severity"]) == (False, "stop", "critical")


def test_rows_fit_the_table_and_have_a_key_each() -> None:
    suites = metric_rows(month_report(nulls=(band("tip_usd"), band("vendor_id", low=None, high=None))))
    for suite, rows in suites.items():
        names = [row["expectation"] for row in rows]
        assert len(set(names)) == len(names), suite
        for row in rows:
            assert set(row) <= set(QUALITY.c.keys())
