"""From a run in the UI to what the platform calls it: service and month."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow.models.dagrun import DagRun
from sqlalchemy import select
from sqlalchemy.orm import Session

from include.config import SERVICES
from taxi_ui.catalog import is_month


@dataclass(frozen=True)
class MonthOfRun:
    """A service-month, or `why` there is none."""

    service: str = ""
    month: str = ""
    why: str = ""


def month_of(dag_id: str, run_id: str, session: Session) -> MonthOfRun:
    """The month that a run is about: its partition key, whether it was scheduled, triggered or part of a backfill."""
    service = service_of(dag_id)
    if service is None:
        return MonthOfRun(why=f"{dag_id} is not one of the monthly pipelines of taxi trips, which have these pages.")
    query = select(DagRun.partition_key).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id)
    keys = session.execute(query).scalars().all()
    if not keys:
        return MonthOfRun(service, why=f"{dag_id} has no run {run_id}: it was deleted, or the address is wrong.")
    key = keys[0] or ""
    if not is_month(key):
        return MonthOfRun(service, why=f"This run has no month: its partition key is {key or 'empty'}, where one as "
                                       "2019-03 was expected. Trigger the DAG with a month.")  # fmt: skip
    return MonthOfRun(service, key)


def service_of(dag_id: str) -> str | None:
    """`nyc_taxi_green_monthly` -> green; None for the DAG of something else."""
    match = re.fullmatch(r"nyc_taxi_([a-z]+)_monthly", dag_id)
    return match[1] if match and match[1] in SERVICES else None
