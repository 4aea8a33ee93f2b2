"""Drift over sample months, into both kinds of warehouse."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from include.config import Settings, load_settings
from include.ingestion.ingest_data import ingest_month, land_month
from include.processing.clean_data import clean_month
from include.processing.drift import measure_drift
from include.warehouse.engine import get_engine

pytestmark = pytest.mark.integration
MONTHS = ("2018-03", "2018-04", "2018-05", "2018-06", "2018-07")


def cleaned(settings: Settings, service: str) -> None:
    for month in MONTHS:
        for step in (land_month, ingest_month, clean_month):
            step(service, month, settings)


def measured(settings: Settings, service: str) -> dict[str, dict[str, Any]]:
    return {month: measure_drift(service, month, settings) for month in MONTHS}


@pytest.mark.parametrize("service", ["yellow", "green", "fhv"])
def test_sample_months_do_not_alarm(settings: Settings, service: str) -> None:
    cleaned(settings, service)
    verdicts = [outcome["verdict"] for outcome in measured(settings, service).values()]
    assert verdicts[:3] == ["insufficient_history"] * 3
    assert set(verdicts[3:]) <= {"ok", "warning"}


def test_the_order_of_months_does_not_matter(settings: Settings) -> None:
    cleaned(settings, "yellow")
    backwards = {month: measure_drift("yellow", month, settings)["uri"] for month in reversed(MONTHS)}
    assert {month: outcome["uri"] for month, outcome in measured(settings, "yellow").items()} == backwards


def test_results_reach_mysql_and_replace_those_of_the_month(settings: Settings, mysql_database: str) -> None:
    shared = load_settings({"home": settings.home, "sample_rows": 4000, "warehouse_url": mysql_database})
    cleaned(shared, "green")
    for _ in range(2):
        outcomes = measured(shared, "green")
    count = "SELECT month, COUNT(*), MIN(reference_months) FROM drift_metrics GROUP BY month ORDER BY month"
    with get_engine(shared).connect() as connection:
        stored = [tuple(row) for row in connection.execute(text(count))]
    assert [(month, rows) for month, rows, _ in stored] == [(m, o["results"]) for m, o in outcomes.items()]
    assert [least for _, _, least in stored] == [0, 1, 2, 3, 4]
