"""Every fit that was recorded, a page at a time, for the API and the dashboard."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from include.warehouse.metadata import RUNS
from include.warehouse.reading import Row, read_rows


@dataclass(frozen=True)
class Page:
    """Some of `total` rows, from `offset` on."""

    total: int
    offset: int
    rows: list[Row]


def experiments(
    engine: Engine, service: str | None = None, target: str | None = None, family: str | None = None,
    month: str | None = None, limit: int = 50, offset: int = 0,
) -> Page:  # fmt: skip
    """Fits by filter, the newest month first, and in it the best of each target first."""
    given = {RUNS.c.service: service, RUNS.c.target: target, RUNS.c.family: family, RUNS.c.month: month}
    wanted = [column == value for column, value in given.items() if value]
    counted = read_rows(engine, select(func.count().label("fits")).select_from(RUNS).where(*wanted))
    query = select(RUNS).where(*wanted).order_by(
        RUNS.c.month.desc(), RUNS.c.service, RUNS.c.target, RUNS.c.loss_tune, RUNS.c.family, RUNS.c.run_id
    )  # fmt: skip
    rows = read_rows(engine, query.limit(limit).offset(offset))
    return Page(int(counted[0]["fits"]) if counted else 0, offset, rows)
