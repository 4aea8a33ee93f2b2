"""Answers reach the table once each, whatever happens on the way, in both databases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from include.config import Settings
from include.serving.log import prediction_log
from include.serving.log import writer as module
from include.serving.log.prediction_log import PredictionLog
from include.serving.log.rows import ASKED, Asked
from include.warehouse.engine import engine_for
from include.warehouse.metadata import PREDICTIONS
from include.warehouse.schema import init_db
from tests.answers import answered, eventually, logged

pytestmark = pytest.mark.integration


@pytest.fixture(params=["sqlite", "mysql"])
def home(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings of a home with an empty warehouse of each kind."""
    if request.param == "mysql":
        url = request.getfixturevalue("mysql_database")
        settings = settings.model_copy(update={"warehouse_url": url})
    init_db(engine_for(settings.warehouse))
    return settings


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a log waits for its rows: a server that syncs each commit to a busy disk takes its time."""
    monkeypatch.setattr(prediction_log, "GRACE_SECONDS", 60)


@contextmanager
def running(settings: Settings) -> Iterator[PredictionLog]:
    """A log between its start and its end."""
    log = PredictionLog(settings)
    asyncio.run(log.start())
    try:
        yield log
    finally:
        asyncio.run(log.stop())


def the_rows(settings: Settings) -> list[dict[str, Any]]:
    with engine_for(settings.warehouse).connect() as connection:
        return [dict(row) for row in connection.execute(select(PREDICTIONS)).mappings()]


@pytest.mark.usefixtures("patient")
def test_an_answer_is_there_with_all_that_was_said(home: Settings) -> None:
    token = ASKED.set(Asked(1_560_550_000.25, time.perf_counter(), "dispatcher"))
    with running(home.model_copy(update={"prediction_log_days": 0})) as log:
        log.record([answered(5, "mine"), answered(6, "mine", degraded=True, duration_min=None)])
    ASKED.reset(token)
    first, second = the_rows(home)
    assert first["asked_at"] == datetime(2019, 6, 14, 22, 6, 40, 250_000)
    assert (first["request_id"], first["place"], first["answered_together"]) == ("mine-5", 0, 2)
    assert (first["service"], first["pickup_zone"], first["dropoff_zone"]) == ("yellow", 132, 6)
    assert (first["pickup_at"], first["passenger_count"]) == (datetime(2019, 6, 14, 18, 30), 1)
    assert (first["duration_min"], first["duration_min_p10"], first["duration_min_p90"]) == (20.5, 15.0, 28.0)
    assert first["duration_min_model"] == "nyc_taxi_yellow_duration_min/3"
    assert (first["fare_usd"], first["fare_usd_model"]) == (None, None)
    assert (first["high_tip"], first["high_tip_model"], first["api_key"]) == (0.25, "m/1", "dispatcher")
    assert first["latency_us"] > 0
    assert not first["degraded"]
    assert (second["duration_min"], bool(second["degraded"]), second["place"]) == (None, True, 1)
    assert list(home.spool_folder.iterdir()) == []


def test_the_same_request_id_twice_is_two_answers(home: Settings) -> None:
    with running(home) as log:
        log.record([answered(1)])
        log.record([answered(1)])
    assert len(the_rows(home)) == 2


def test_a_segment_that_is_sent_twice_adds_nothing(home: Settings, tmp_path: Path) -> None:
    log = PredictionLog(home)
    log.record([answered(number) for number in range(1200)])
    log.writer.round()
    log.writer.spool.close()
    (segment,) = log.writer.spool.segments()
    kept = segment.read_bytes()
    log.shipper.ship_all()
    assert logged(engine_for(home.warehouse)) == 1200
    segment.write_bytes(kept)
    log.shipper.ship_all()
    assert logged(engine_for(home.warehouse)) == 1200
    assert log.writer.spool.segments() == []


def test_rows_wait_for_a_table_that_is_not_there_yet(settings: Settings) -> None:
    engine = engine_for(settings.warehouse)
    with running(settings) as log:
        log.record([answered(1)])
        assert eventually(lambda: "has not been made yet" in log.state.database_problem)
        assert log.health()["status"] == "degraded"
        init_db(engine)
        log.record([answered(2)])
        assert eventually(lambda: logged(engine) == 2)
        assert log.health() == {"status": "ok", "detail": ""}


def test_a_service_that_ends_without_its_database_leaves_the_rows_to_the_next(settings: Settings) -> None:
    with running(settings) as log:
        log.record([answered(number) for number in range(3)])
    assert log.state.shipped == 0
    init_db(engine_for(settings.warehouse))
    with running(settings):
        pass
    assert logged(engine_for(settings.warehouse)) == 3


@pytest.mark.usefixtures("patient")
def test_a_row_that_the_database_refuses_does_not_hold_up_the_others(mysql_database: str, settings: Settings) -> None:
    settings = settings.model_copy(update={"warehouse_url": mysql_database})
    init_db(engine_for(mysql_database))
    with running(settings) as log:
        log.record([answered(1), answered(2, "r" * 200), answered(3)])
    assert [row["request_id"] for row in the_rows(settings)] == ["r-1", "r-3"]
    assert (log.state.refused, log.state.dropped) == (1, 1)
    assert log.health()["detail"] == "1 answers are in no log"


def test_beyond_its_limit_the_spool_drops_new_rows_and_counts_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = PredictionLog(settings.model_copy(update={"spool_mb": 5}))
    for start in range(0, 40_000, 1000):
        log.record([answered(number) for number in range(start, start + 1000)])
        log.writer.round()
    assert log.state.spooled + log.state.dropped_spool == 40_000
    assert log.state.dropped_spool > 0
    assert log.writer.spool.size() <= 5_000_000
    assert "TAXI_SPOOL_MB" in log.health()["detail"]
    assert log.writer.depth() == 0


def test_rows_that_wait_for_the_disk_are_bounded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING_ROWS", 10)
    log = PredictionLog(settings)

    def full(_lines: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log.writer.spool, "append", full)
    for number in range(25):
        log.record([answered(number)])
        log.writer.round()
    assert (log.writer.depth(), log.state.dropped_memory) == (10, 15)
    assert "No space left" in log.health()["detail"]
    monkeypatch.undo()
    log.writer.round()
    assert (log.writer.depth(), log.state.spooled) == (0, 10)


@pytest.mark.usefixtures("patient")
def test_answers_older_than_the_retention_go_and_the_others_stay(home: Settings) -> None:
    with running(home.model_copy(update={"prediction_log_days": 0})) as log:
        log.record([answered(number) for number in range(9000)])
    engine = engine_for(home.warehouse)
    old = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=91)
    with engine.begin() as connection:
        for place in range(0, 8000, 1000):
            aged = old - timedelta(minutes=place)
            here = PREDICTIONS.c.place.between(place, place + 999)
            connection.execute(update(PREDICTIONS).where(here).values(asked_at=aged))
    PredictionLog(home).shipper.sweep()
    with engine.connect() as connection:
        left = connection.execute(text("SELECT COUNT(*), MIN(place) FROM prediction_log")).one()
    assert tuple(left) == (1000, 8000)


def test_switched_off_nothing_is_kept_and_the_metrics_are_still_told(home: Settings) -> None:
    told: list[int] = []
    log = PredictionLog(home.model_copy(update={"prediction_log": False}), lambda told_now: told.append(1))
    asyncio.run(log.start())
    log.record([answered(1)])
    asyncio.run(log.stop())
    assert told == [1]
    assert log.health()["status"] == "off"
    assert not home.spool_folder.exists()
    assert the_rows(home) == []
