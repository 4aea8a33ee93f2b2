"""Who may only read: a connection of MySQL that may change nothing, and a SQLite file that may not be written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, insert, text

from include.errors import WarehouseError
from include.warehouse import experiments, models, months, performance, predictions, quality, totals
from include.warehouse.engine import engine_for, warehouse_faults
from include.warehouse.metadata import LOADS
from include.warehouse.schema import init_db

pytestmark = pytest.mark.integration
FARE, DAYS = "nyc_taxi_yellow_fare_usd", ("2026-03-01", "2026-03-02")
QUESTIONS: tuple[Callable[[Engine], Any], ...] = (
    totals.months_loaded, models.models_known, months.services_with_months, quality.months_with_quality,
    lambda engine: totals.totals(engine, "yellow", ["2019-01"], "month", ("month",)),
    lambda engine: experiments.experiments(engine, "yellow", "fare_usd").rows,
    lambda engine: models.scores(engine, FARE), lambda engine: models.versions(engine, FARE),
    lambda engine: performance.promotions(engine, FARE), lambda engine: models.staleness(engine, "yellow", "fare_usd"),
    lambda engine: months.month_calendar(engine, "yellow"), lambda engine: months.nulls_by_month(engine, "yellow"),
    lambda engine: months.drift_by_month(engine, "yellow"),
    lambda engine: quality.quality_of(engine, "yellow", "2019-01"),
    lambda engine: predictions.volume(engine, DAYS), lambda engine: predictions.latency(engine, DAYS),
)  # fmt: skip
"""What the dashboard's pages ask."""


def loaded(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(LOADS).values(table_name="trip_totals", service="yellow", month="2019-01"))


def test_a_connection_that_may_only_read_is_enough(mysql_database: str) -> None:
    reader = create_engine(mysql_database)
    event.listen(reader, "connect", only_reads)
    assert not any(ask(reader) for ask in QUESTIONS), "an empty database has no answers, and no faults"
    owner = engine_for(mysql_database)
    init_db(owner)
    loaded(owner)
    assert next(ask(reader) for ask in QUESTIONS) == {"yellow": ["2019-01"]}
    assert not any(ask(reader) for ask in QUESTIONS[1:])
    with pytest.raises(WarehouseError, match="READ ONLY"), warehouse_faults(reader), reader.begin() as connection:
        connection.execute(text("DELETE FROM load_log"))
    reader.dispose()


def only_reads(connection: Any, _record: Any) -> None:
    """The server refuses whatever would change something, as it does to an account with SELECT alone."""
    connection.cursor().execute("SET SESSION TRANSACTION READ ONLY")


@pytest.mark.parametrize("written_now", [False, True])
def test_a_file_that_may_not_be_written_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written_now: bool
) -> None:
    address = f"sqlite:///{tmp_path / 'warehouse.db'}"
    writer = create_engine(address)
    init_db(writer)
    if written_now:
        with writer.begin() as connection:
            connection.execute(text("SELECT 1"))
        held = writer.connect()
        held.exec_driver_sql("PRAGMA journal_mode=WAL")
    loaded(writer)
    monkeypatch.setattr(os, "access", lambda *_: False)
    reader = engine_for.__wrapped__(address)
    assert next(ask(reader) for ask in QUESTIONS) == {"yellow": ["2019-01"]}
    with pytest.raises(WarehouseError, match="readonly"), warehouse_faults(reader), reader.begin() as connection:
        connection.execute(text("DELETE FROM load_log"))
    writer.dispose()


def test_what_is_written_between_two_readings_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{tmp_path / 'warehouse.db'}"
    writer = create_engine(address)
    init_db(writer)
    with monkeypatch.context() as mounted:
        mounted.setattr(os, "access", lambda *_: False)
        reader = engine_for.__wrapped__(address)
    assert totals.months_loaded(reader) == {}
    loaded(writer)
    writer.dispose()
    assert totals.months_loaded(reader) == {"yellow": ["2019-01"]}
