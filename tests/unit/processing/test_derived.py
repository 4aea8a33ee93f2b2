"""Rules over several columns as one column: what each row's distance from the rule is, and where it does not apply."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from include.processing import derived as d
from include.processing.derived import derive
from include.trips.columns import schema_for
from include.trips.tariff import tariff_at

NAN = float("nan")
NOON = datetime(2019, 3, 14, 12)
TRIP: dict[str, Any] = {
    "vendor_id": 2, "pickup_at": NOON, "dropoff_at": datetime(2019, 3, 14, 12, 12), "passenger_count": 1,
    "distance_mi": 2.0, "rate_code": 1, "store_and_fwd": "N", "pickup_zone": 161, "dropoff_zone": 236,
    "payment_type": 1, "fare_usd": 10.0, "extra_usd": 0.0, "mta_tax_usd": 0.5, "tip_usd": 2.0, "tolls_usd": 0.0,
    "improvement_usd": 0.3, "total_usd": 15.3, "congestion_usd": 2.5, "source_row": 0,
}  # fmt: skip


def value(name: str, **changes: Any) -> float:
    table = pa.Table.from_pylist([TRIP | changes], schema=schema_for("yellow"))
    return float(derive(name, table)[0])


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({}, 0),
        ({"total_usd": 14.3}, -1),
        ({"vendor_id": 1, "extra_usd": 2.5}, 0),
        ({"vendor_id": 1, "total_usd": 15.3}, 2.5),
        ({"vendor_id": None}, 0),
        ({"vendor_id": None, "extra_usd": 2.5}, 0),
        ({"congestion_usd": None}, 2.5),
        ({"vendor_id": 1, "mta_tax_usd": 1.5, "improvement_usd": 1.0, "total_usd": 13.5}, 0),
        ({"airport_fee_usd": 1.75, "cbd_fee_usd": 0.75, "total_usd": 17.8}, 0),
        ({"vendor_id": 1, "extra_usd": 5.0, "airport_fee_usd": 1.75, "cbd_fee_usd": 0.75, "total_usd": 17.8}, 0),
    ],
)
def test_a_total_is_the_sum_of_its_parts_as_its_vendor_reports_them(changes: dict[str, Any], gap: float) -> None:
    assert value(d.TOTAL_GAP, **changes) == pytest.approx(gap, abs=1e-9)


def test_a_dispatched_trip_leaves_surcharges_out_and_cannot_be_summed() -> None:
    block = dict.fromkeys(("passenger_count", "rate_code", "store_and_fwd", "congestion_usd"))
    assert np.isnan(value(d.TOTAL_GAP, **block))


@pytest.mark.parametrize(
    ("changes", "off"),
    [
        ({"fare_usd": 2.5}, 0),
        ({"fare_usd": 10.2}, 0.2),
        ({"fare_usd": 10.3}, 0.2),
        ({"fare_usd": 3.7, "pickup_at": datetime(2022, 12, 19)}, 0),
        ({"fare_usd": 3.5, "pickup_at": datetime(2022, 12, 18, 23, 59)}, 0),
        ({"fare_usd": 3.7, "pickup_at": datetime(2022, 12, 18, 23, 59)}, 0.2),
        ({"fare_usd": 2.9, "pickup_at": datetime(2010, 5, 1)}, 0),
        ({"rate_code": 2, "fare_usd": 10.2}, NAN),
        ({"rate_code": None}, NAN),
        ({"fare_usd": -10.2}, NAN),
        ({"pickup_at": None}, NAN),
        ({"pickup_at": datetime(2008, 12, 31)}, NAN),
    ],
)
def test_a_standard_fare_is_base_and_whole_units_of_its_day(changes: dict[str, Any], off: float) -> None:
    assert value(d.OFF_METER, **changes) == pytest.approx(off, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("changes", "off"),
    [({"fare_usd": 52.0}, 0), ({"fare_usd": 70.0, "pickup_at": datetime(2023, 1, 1)}, 0), ({"fare_usd": 45.0}, 7)],
)
def test_the_jfk_rate_is_the_flat_fare_of_its_day(changes: dict[str, Any], off: float) -> None:
    assert value(d.OFF_FLAT, rate_code=2, **changes) == off
    assert np.isnan(value(d.OFF_FLAT, **changes))


@pytest.mark.parametrize("day", [datetime(2009, 1, 1), datetime(2015, 6, 1), datetime(2026, 1, 1)])
def test_one_meter_serves_yellow_and_green(day: datetime) -> None:
    yellow, green = (tariff_at(day, service) for service in ("yellow", "green"))
    names = ("base_usd", "unit_usd", "jfk_flat_usd")
    assert [getattr(yellow, name) for name in names] == [getattr(green, name) for name in names]


def test_tips_are_told_apart_by_how_was_paid() -> None:
    assert (value(d.CARD_TIP), value(d.CASH_TIP, payment_type=2)) == (2.0, 2.0)
    assert np.isnan([value(d.CASH_TIP), value(d.CARD_TIP, payment_type=2), value(d.CARD_TIP, payment_type=None)]).all()


@pytest.mark.parametrize(
    ("pickup", "dropoff", "over"),
    [
        ("2019-11-03T01:50", "2019-11-03T01:10", 1),
        ("2019-11-03T01:50", "2019-11-03T02:10", 0),
        ("2019-11-03T02:00", "2019-11-03T02:10", 0),
        ("2019-11-02T01:50", "2019-11-02T02:10", 0),
        ("2019-03-10T01:50", "2019-03-10T03:10", 1),
        ("2019-03-10T01:50", "2019-03-10T01:59", 0),
        ("2019-06-02T01:50", "2019-06-02T02:10", 0),
    ],
)
def test_a_trip_over_a_change_of_the_clocks_is_flagged(pickup: str, dropoff: str, over: int) -> None:
    times = {"pickup_at": datetime.fromisoformat(pickup), "dropoff_at": datetime.fromisoformat(dropoff)}
    assert value(d.OVER_CLOCK_CHANGE, **times) == over


def test_the_null_block_is_flagged_when_it_is_whole() -> None:
    block = dict.fromkeys(d.NULL_BLOCK_COLUMNS)
    assert (value(d.IN_BLOCK, **block), value(d.IN_BLOCK, rate_code=None), value(d.IN_BLOCK)) == (1, 0, 0)
    assert (value(d.NULL_BLOCK, **block), value(d.NULL_BLOCK, rate_code=None)) == (3, 1)
