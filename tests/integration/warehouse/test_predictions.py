"""Questions about requests, on rows written here, in both databases."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from include.warehouse.metadata import PREDICTIONS
from include.warehouse.prediction_rows import insert_once
from include.warehouse.predictions import latency, request_mix, volume
from include.warehouse.schema import init_db
from include.warehouse.tables import PROCESSED

pytestmark = pytest.mark.integration
NOON = datetime(2026, 3, 1, 12)


def row(number: int, **chosen: Any) -> dict[str, Any]:
    base = dict.fromkeys(column.name for column in PREDICTIONS.columns)
    return base | {
        "asked_at": NOON + timedelta(microseconds=number), "answer_key": f"k{number}", "place": 0, "service": "yellow",
        "answered_together": 1, "pickup_zone": 132, "dropoff_zone": 1, "pickup_at": NOON, "degraded": False,
        "latency_us": 1000,
    } | chosen  # fmt: skip


def test_volume_counts_answers_requests_and_what_was_degraded(engine: Engine) -> None:
    init_db(engine)
    batch = [row(1, place=place, degraded=place == 0) for place in range(3)]
    insert_once(engine, [*batch, row(2), row(3, service="green"), row(4, asked_at=NOON + timedelta(days=1))])
    assert volume(engine, ("2026-03-01", "2026-03-01")) == [
        {"day": "2026-03-01", "service": "green", "answers": 1, "requests": 1, "degraded_share": 0.0},
        {"day": "2026-03-01", "service": "yellow", "answers": 4, "requests": 2, "degraded_share": 0.25},
    ]
    assert [found["day"] for found in volume(engine, ("2026-03-02", "2026-03-09"))] == ["2026-03-02"]


def test_latency_is_that_of_trips_asked_alone(engine: Engine) -> None:
    init_db(engine)
    alone = [row(number, latency_us=number * 1000 + 50) for number in range(1, 101)]
    insert_once(engine, [*alone, row(200, latency_us=9_000_000, answered_together=500)])
    found = latency(engine, ("2026-03-01", "2026-03-01"))
    assert found == {"yellow": {"p50": 50.1, "p95": 95.1, "p99": 99.1, "answers": 100}}
    assert latency(engine, ("2026-03-02", "2026-03-02")) == {}


@pytest.mark.parametrize(("zone", "hour", "drifted"), [(132, 12, False), (237, 12, True), (132, 3, True)])
def test_requests_from_elsewhere_or_at_other_hours_stand_out(
    engine: Engine, zone: int, hour: int, drifted: bool
) -> None:
    init_db(engine)
    keys = {"service": "yellow", "month": "2019-03"}
    if engine.dialect.name != "sqlite":
        from sqlalchemy import text

        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE processed_taxi_trips ADD PARTITION "
                                    "(PARTITION yellow_2019_03 VALUES IN (('yellow', '2019-03')))"))  # fmt: skip
    places = [132] * 900 + [237] * 100
    with engine.begin() as connection:
        driven = [keys | {"source_row": n, "pickup_zone": place, "pickup_at": datetime(2019, 3, 1 + n % 28, 12)}
                  for n, place in enumerate(places)]  # fmt: skip
        connection.execute(insert(PROCESSED), driven)
    asked = [row(n, pickup_zone=zone if n % 2 else place, pickup_at=NOON.replace(hour=hour if n % 2 else 12))
             for n, place in enumerate(places)]  # fmt: skip
    insert_once(engine, asked)
    mix = request_mix(engine, "yellow", ("2026-03-01", "2026-03-01"), "2019-03")
    assert (mix.requests, mix.trips) == (1000, 1000)
    assert mix.drifted is drifted
    none = request_mix(engine, "green", ("2026-03-01", "2026-03-01"), "2019-03")
    assert math.isnan(none.zone_psi)
    assert not none.drifted
