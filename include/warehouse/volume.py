"""What the service was asked, by day, from `prediction_log`: a range of its key, which begins with the time (UTC)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, case, func, select

from include.warehouse.metadata import PREDICTIONS
from include.warehouse.reading import Row, read_rows


def answers_by_day(engine: Engine, since: datetime) -> list[Row]:
    """Per day (UTC, YYYY-MM-DD) and service: answers, share degraded, mean latency in milliseconds."""
    day, c = func.date(PREDICTIONS.c.asked_at), PREDICTIONS.c
    query = (
        select(
            day.label("day"), c.service, func.count().label("answers"),
            func.avg(case((c.degraded.is_(True), 1.0), else_=0.0)).label("degraded_share"),
            func.avg(c.latency_us).label("latency_us"),
        )
        .where(c.asked_at >= since)
        .group_by(day, c.service)
        .order_by(day, c.service)
    )  # fmt: skip
    return [
        {"day": row["day"], "service": row["service"], "answers": row["answers"],
         "degraded_share": float(row["degraded_share"]), "latency_ms": float(row["latency_us"] or 0) / 1000}
        for row in read_rows(engine, query)
    ]  # fmt: skip
