"""Totals as pages ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert

from include.errors import BadDataError
from include.warehouse.metadata import LOADS, METADATA, TOTALS
from include.warehouse.totals import months_loaded, totals

COMMON = {"service": "yellow", "pickup_zone": 0, "dropoff_zone": 0, "hour_of_week": -1, "distance_mi": 10.0,
          "minutes": 60.0, "moving_minutes": 60.0, "fare_usd": None}  # fmt: skip
ROWS = (
    {"month": "2019-01", "grain": "month", "trips": 5, "revenue_usd": 50.0},
    {"month": "2019-02", "grain": "month", "trips": 7, "revenue_usd": 70.0},
    {"month": "2019-01", "grain": "pickup", "pickup_zone": 4, "trips": 3, "revenue_usd": 30.0},
    {"month": "2019-02", "grain": "pickup", "pickup_zone": 4, "trips": 4, "revenue_usd": 40.0},
    {"month": "2019-02", "grain": "pickup", "pickup_zone": 7, "trips": 3, "revenue_usd": 30.0},
    {"month": "2019-02", "grain": "pair", "pickup_zone": 4, "dropoff_zone": 7, "trips": 2, "revenue_usd": 20.0},
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/warehouse.db")
    METADATA.create_all(engine, [TOTALS, LOADS])
    with engine.begin() as connection:
        connection.execute(insert(TOTALS), [COMMON | row for row in ROWS])
        connection.execute(insert(LOADS), [
            {"table_name": name, "service": "yellow", "month": month}
            for name, month in (("trip_totals", "2019-02"), ("trip_totals", "2019-01"), ("raw_taxi_trips", "2019-03"))
        ])  # fmt: skip
    yield engine
    engine.dispose()


BOTH = ("2019-01", "2019-02")


def test_months_are_those_whose_totals_were_loaded(engine: Engine) -> None:
    assert months_loaded(engine) == {"yellow": list(BOTH)}


def test_a_warehouse_that_is_not_there_yet_has_no_month_and_is_not_made(tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    engine = create_engine(f"sqlite:///{absent}")
    assert months_loaded(engine) == {}
    assert totals(engine, "yellow", BOTH, "month") == []
    assert not absent.exists()


def test_rows_are_summed_over_what_is_not_told_apart(engine: Engine) -> None:
    (whole,) = totals(engine, "yellow", BOTH, "month")
    assert (whole["trips"], whole["revenue_usd"], whole["fare_usd"]) == (12, 120.0, None)
    assert [row["trips"] for row in totals(engine, "yellow", BOTH, "pickup", ("pickup_zone",))] == [7, 3]
    assert [row["month"] for row in totals(engine, "yellow", BOTH, "month", ("month",))] == list(BOTH)


def test_months_and_zones_are_filters(engine: Engine) -> None:
    assert totals(engine, "yellow", ("2019-01",), "pickup", ("pickup_zone",))[0]["trips"] == 3
    (one,) = totals(engine, "yellow", BOTH, "pair", pickup_zones=(4,), dropoff_zones=(7,))
    assert one["trips"] == 2
    assert totals(engine, "yellow", BOTH, "pair", pickup_zones=(7,)) == []
    assert totals(engine, "green", BOTH, "month") == []
    assert totals(engine, "yellow", (), "month") == []


def test_an_unknown_name_is_refused_with_the_known_ones(engine: Engine) -> None:
    with pytest.raises(BadDataError, match="hour_of_week, not by trips; DROP"):
        totals(engine, "yellow", BOTH, "month", ("trips; DROP",))
