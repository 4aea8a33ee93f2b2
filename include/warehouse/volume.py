"""What the service was asked, by day, from `prediction_log`: a range of its key, which begins with the time (UTC)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, case, func, select

from include.warehouse.engine import warehouse_faults
from include.warehouse.metadata import PREDICTIONS
from include.warehouse.schema import init_db


def answers_by_day(engine: Engine, since: datetime) -> list[dict[str, Any]]:
    """Per day (UTC, YYYY-MM-DD) and service: answers, share degraded, mean latency in milliseconds."""
    init_db(engine)
    day, c = func.date(PREDICTIONS.c.asked_at), PREDICTIONS.c
    query = (
        select(
            day.label("day"), c.service, func.count().label("answers"),
            func.avg(case((c.degraded.is_(True), 1.0), else_=0.0)).label("degraded_share"),
            (func.avg(c.latency_us) / 1000).label("latency_ms"),
        )
        .where(c.asked_at >= since)
        .group_by(day, c.service)
        .order_by(day, c.service)
    )  # fmt: skip
    with warehouse_faults(engine), engine.connect() as connection:
        return [{**row, "day": str(row["day"]), "degraded_share": float(row["degraded_share"]),
                 "latency_ms": float(row["latency_ms"] or 0)}
                for row in connection.execute(query).mappings()]  # fmt: skip
