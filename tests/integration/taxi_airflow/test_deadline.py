"""From when a run is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from airflow.serialization.encoders import encode_deadline_alert
from taxi_airflow.deadline import begun, month_deadline

from include.config import Settings

pytestmark = pytest.mark.integration
QUEUED = datetime(2026, 11, 5, tzinfo=UTC)


def test_a_run_that_somebody_asked_for_begins_when_it_is_queued() -> None:
    for kind in ("manual", "backfill"):
        assert begun(kind, "2026-09", QUEUED) == QUEUED


def test_a_scheduled_run_is_given_until_the_latest_day_of_publication() -> None:
    assert begun("scheduled", "2026-09", QUEUED) == datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=78)
    late = datetime(2027, 3, 1, tzinfo=UTC)
    assert begun("scheduled", "2026-09", late) == late
    assert begun("scheduled", None, QUEUED) == QUEUED


def test_the_alert_is_stored_by_names_that_airflow_can_import(settings: Settings) -> None:
    stored = encode_deadline_alert(month_deadline("green", settings))
    assert stored["reference"]["__class_path"] == "taxi_airflow.deadline.MonthBegun"
    assert "taxi_airflow.alerts.overdue" in str(stored["callback"])
