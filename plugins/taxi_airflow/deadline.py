"""When a month's run should have ended: so long after it could begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import BaseDeadlineReference, DeadlineAlert

from include.config import Settings
from include.trips.month import Month
from taxi_airflow.alerts import overdue

PUBLISHED_DAYS = 78
"""The latest that TLC has published after a month's end (47 to 78 days)."""


class MonthBegun(BaseDeadlineReference):
    """When a run had what it needs. One that somebody asked for has it when it is queued; a scheduled one waits for its
    month's file, and is given until the latest day on which TLC has published."""

    required_kwargs = frozenset({"dag_id", "run_id"})

    def _evaluate_with(self, *, session: Any, dag_id: str, run_id: str) -> datetime:
        from airflow.models import DagRun
        from sqlalchemy import select

        run = session.scalar(select(DagRun).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id))
        return begun(getattr(run.run_type, "value", run.run_type), run.partition_key, run.queued_at or run.run_after)


def begun(run_type: str, partition_key: str | None, queued: datetime) -> datetime:
    """`run_type` as Airflow names it, `partition_key` YYYY-MM; anything else begins when it is queued."""
    if run_type != "scheduled" or not partition_key:
        return queued
    return max(queued, Month.parse(partition_key).end.replace(tzinfo=UTC) + timedelta(days=PUBLISHED_DAYS))


def month_deadline(service: str, settings: Settings) -> DeadlineAlert:
    """Tells of a run that has not ended TAXI_DEADLINE_HOURS after it could begin. The triggerer tells: with Celery no
    worker may run a deadline's callback."""
    told = AsyncCallback(overdue, {"service": service, "hours": settings.deadline_hours})
    return DeadlineAlert(reference=MonthBegun(), interval=timedelta(hours=settings.deadline_hours), callback=told)
