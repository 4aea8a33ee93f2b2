"""How months went, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert

from include.warehouse.metadata import DRIFT, INGESTION, METADATA, QUALITY
from include.warehouse.months import drift_by_month, month_calendar, nulls_by_month, services_with_months


def check(month: str, suite: str, name: str, **more: Any) -> dict[str, Any]:
    plain = {"severity": "warning", "success": True, "observed": "", "limit_text": "", "unexpected_percent": 0.0,
             "waived_by": None}  # fmt: skip
    return {"service": "yellow", "month": month, "suite": suite, "expectation": name} | plain | more


ROWS = [
    check("2019-01", "yellow_raw", "a"), check("2019-01", "report", "verdict", limit_text="good", observed="Fit."),
    check("2019-02", "yellow_raw", "a", success=False),
    check("2019-02", "report", "verdict", limit_text="look", observed="Look."),
    check("2019-03", "yellow_raw", "a", success=False, severity="critical", waived_by="A. Keeper"),
    check("2019-03", "report", "verdict", limit_text="look", observed="Waived."),
    check("2019-04", "yellow_raw", "a", success=False, severity="critical"),
    check("2019-04", "nulls", "passenger_count", success=False, unexpected_percent=12.5, limit_text="0 to 1 %"),
]  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/warehouse.db")
    METADATA.create_all(engine, [QUALITY, INGESTION, DRIFT])
    with engine.begin() as connection:
        connection.execute(insert(QUALITY), ROWS)
        connection.execute(insert(INGESTION), [{"service": "yellow", "month": f"2019-0{n}", "rows_read": n}
                                               for n in (1, 2, 3, 4, 6)])  # fmt: skip
        key = {"service": "yellow", "month": "2019-04", "column_name": "fare_usd", "metric": "psi", "value": 0.3,
               "limit_value": 0.1, "verdict": "alarm"}  # fmt: skip
        connection.execute(insert(DRIFT), [key | {"segment": "month", "segment_value": ""},
                                           key | {"segment": "borough", "segment_value": "Queens"}])  # fmt: skip
    yield engine
    engine.dispose()


def test_every_month_from_first_to_last_has_a_state(engine: Engine) -> None:
    found = {row["month"]: row["state"] for row in month_calendar(engine, "yellow")}
    assert found == {"2019-01": "passed", "2019-02": "look", "2019-03": "waived", "2019-04": "blocked",
                     "2019-05": "missing", "2019-06": "unfinished"}  # fmt: skip


def test_a_month_tells_rows_counts_and_its_sentence(engine: Engine) -> None:
    row = month_calendar(engine, "yellow")[2]
    assert (row["rows_read"], row["broken"], row["critical"], row["waived"]) == (3, 0, 0, 1)
    assert row["sentence"] == "Waived."
    assert month_calendar(engine, "green") == []
    assert services_with_months(engine) == ["yellow"]


def test_nulls_and_drift_come_by_month(engine: Engine) -> None:
    (null,) = nulls_by_month(engine, "yellow")
    assert (null["column"], null["percent"], bool(null["usual"])) == ("passenger_count", 12.5, False)
    assert [row["segment"] for row in drift_by_month(engine, "yellow")] == ["month"]
    assert len(drift_by_month(engine, "yellow", "2019-04")) == 2
    assert drift_by_month(engine, "yellow", "2019-03") == []
