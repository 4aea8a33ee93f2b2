"""Certain surcharges are what real trips were charged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from include.serving.quotes.surcharges import surcharges_of
from include.serving.quotes.trips import Trip

pytestmark = pytest.mark.integration
PARTS = ("extra", "mta_tax", "improvement_surcharge", "congestion_surcharge")


@pytest.mark.parametrize("month", ["2019-06", "2019-09"])
def test_the_sum_is_what_vendor_2_charged(real_data: Path, month: str) -> None:
    """Vendor 2 alone: the other one's `extra` holds the congestion surcharge. No negotiated rates, no reversals."""
    table = pq.read_table(real_data / "yellow" / f"yellow_tripdata_{month}.parquet").to_pylist()
    trips = [t for t in table if t["VendorID"] == 2 and t["RatecodeID"] in (1, 2) and t["fare_amount"] > 0
             and t["PULocationID"] < 264 and t["DOLocationID"] < 264]  # fmt: skip
    charged = np.array([sum(t[part] or 0 for part in PARTS) for t in trips])
    said = np.array([
        sum(i["usd"] for i in surcharges_of(Trip("yellow", t["PULocationID"], t["DOLocationID"],
                                                  t["tpep_pickup_datetime"])) if i["certain"])
        for t in trips
    ])  # fmt: skip
    assert len(trips) > 3000
    assert (np.abs(charged - said) < 0.005).mean() > 0.93


@pytest.mark.parametrize("month", ["2023-02", "2024-01", "2025-02"])
def test_what_green_meters_added_by_hour_and_zone(real_data: Path, month: str) -> None:
    """Whole months at today's rates, with the two holidays of February that are none for a meter."""
    table = pq.read_table(real_data / "green" / f"green_tripdata_{month}.parquet").to_pylist()
    trips = [t for t in table if t["VendorID"] == 2 and t["RatecodeID"] == 1 and t["fare_amount"] > 0
             and t["PULocationID"] < 264 and t["DOLocationID"] < 264
             and f"{t['lpep_pickup_datetime']:%Y-%m}" == month]  # fmt: skip
    extra, congestion = [], []
    for t in trips:
        said = {i["name"]: i for i in surcharges_of(Trip("green", t["PULocationID"], t["DOLocationID"],
                                                         t["lpep_pickup_datetime"]))}  # fmt: skip
        hour = sum(said[name]["usd"] for name in ("rush_hour", "overnight", "laguardia") if name in said)
        extra.append(abs(hour - t["extra"]) < 0.005)
        if "congestion" in said and said["congestion"]["certain"]:
            congestion.append(t["congestion_surcharge"] > 0)
    assert len(trips) > 10_000
    assert np.mean(extra) > 0.97
    assert np.mean(congestion) > 0.95
