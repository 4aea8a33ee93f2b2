"""What the API will tell about a month's quality comes from the tables alone, in both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.processing.quality_report import save_quality_metrics_to_db
from include.warehouse.load import replace_rows
from include.warehouse.quality import months_with_quality, quality_of
from tests.unit.processing.reports import band, check, month_report

pytestmark = pytest.mark.integration
AT = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
MONTH = {"service": "yellow", "month": "2019-03"}


def put(engine: Engine, suite: str, *rows: dict[str, Any]) -> None:
    plain = {"column_name": "", "severity": "critical", "success": True, "observed": "", "limit_text": "",
             "unexpected_count": None, "unexpected_percent": None, "waived_by": None, "validated_at": AT}  # fmt: skip
    replace_rows(engine, "data_quality_metrics", MONTH | {"suite": suite}, [plain | row for row in rows])


def test_nothing_is_known_of_a_month_that_was_not_validated(engine: Engine) -> None:
    assert quality_of(engine, "yellow", "2019-03") is None
    assert months_with_quality(engine) == []


def test_everything_about_a_month_comes_back(engine: Engine) -> None:
    put(engine, "yellow_raw", {"expectation": "row_count"}, {"expectation": "fares", "success": False},
        {"expectation": "tips", "success": False, "severity": "warning"})  # fmt: skip
    put(engine, "cleaning", {"expectation": "negative_amount", "unexpected_count": 30, "unexpected_percent": 3.0})
    odd = band("tip_usd", percent=40.0, outside=True)
    save_quality_metrics_to_db(engine, month_report(checks=(check(success=False),), nulls=(odd,)), AT)
    found = quality_of(engine, "yellow", "2019-03")
    assert found is not None
    assert json.loads(json.dumps(found)) == found, "plain values only"
    raw = found["suites"]["yellow_raw"]
    assert (raw["expectations"], raw["broken"], raw["broken_critical"], raw["waived"]) == (3, 2, 1, 0)
    assert raw["validated_at"].startswith("2026-05-01T12:30:00")
    assert [row["expectation"] for row in raw["outcomes"]] == ["fares", "row_count", "tips"]
    assert set(found["suites"]) == {"yellow_raw"}
    assert found["cleaning"][0]["reason"] == "negative_amount"
    assert (found["cleaning"][0]["rows"], found["cleaning"][0]["percent"]) == (30, 3.0)
    assert found["nulls"] == [{"column": "tip_usd", "rows": None, "percent": 40.0, "observed": "40.000 % null",
                               "limit": "1.500 to 2.500 % in 12 months", "usual": False}]  # fmt: skip
    assert found["outliers"][0]["rows"] == 25
    assert found["summary"]["raw"]["fare_usd"]["p50"] == 9.5
    assert found["summary"]["clean"] == found["summary"]["raw"]
    assert found["verdict"]["level"] == "look"
    assert found["verdict"]["sentence"].startswith("Yellow 2019-03 can be used; look at row_count")
    assert months_with_quality(engine) == [("yellow", "2019-03")]


def test_what_was_not_measured_or_waived_is_absent_and_not_an_error(engine: Engine) -> None:
    put(engine, "yellow_raw", {"expectation": "row_count"})
    found = quality_of(engine, "yellow", "2019-03")
    assert found is not None
    assert (found["verdict"], found["drift"], found["waivers"], found["cleaning"]) == (None, None, [], [])


def test_saving_again_replaces_and_other_months_stay(engine: Engine) -> None:
    for month in ("2019-02", "2019-03", "2019-03"):
        save_quality_metrics_to_db(engine, month_report(month=month), AT)
    save_quality_metrics_to_db(engine, month_report(nulls=()), AT)
    assert quality_of(engine, "yellow", "2019-03")["nulls"] == []  # type: ignore[index]
    assert len(quality_of(engine, "yellow", "2019-02")["nulls"]) == 1  # type: ignore[index]


def test_the_trend_counts_expectations_and_takes_what_is_waived_for_accepted(engine: Engine) -> None:
    put(engine, "yellow_raw", {"expectation": "row_count"}, {"expectation": "fares", "success": False},
        {"expectation": "tips", "success": False, "waived_by": "ana"},
        {"expectation": "tolls", "success": False, "severity": "warning"})  # fmt: skip
    put(engine, "yellow_features", {"expectation": "nulls"})
    put(engine, "cleaning", {"expectation": "negative_amount", "unexpected_count": 30})
    save_quality_metrics_to_db(engine, month_report(checks=(check(success=False),), nulls=(band(outside=True),)), AT)
    query = "SELECT suite, expectations, broken, broken_critical, waived FROM quality_trend ORDER BY suite"
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    assert found == [("yellow_features", 1, 0, 0, 0), ("yellow_raw", 4, 2, 1, 1)]
