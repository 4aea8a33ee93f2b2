"""Features of a month: ours, the same in idiomatic pandas, one request, and the streamed step. `--rows 3000000`.

Each figure is of a process of its own, so that peaks are not one another's; seconds are of CPU, as the machine may be
busy.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from include.features.build_month import publish_features
from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import engineer_all_features
from include.lake import Lake, Manifest
from include.serving.quotes.trips import request_matrix, trip_of
from include.serving.schemas import PredictionRequest
from include.trips.columns import schema_for
from include.trips.month import Month
from include.trips.tariff import tariff_at
from include.trips.zones import load_zones

MONTH = Month(2019, 3)
STREAMED = (1_000_000, 3_000_000, 9_000_000)
REQUESTS, GROUP = 20_000, 20
GRID = np.radians(29.0)


def main() -> None:
    """Prints one line per measurement, beside its target."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=3_000_000)
    rows = parser.parse_args().rows
    ours, pandas = (apart(work, rows) for work in (matrix_of_a_month, matrix_by_pandas))
    print(f"engineer_all_features, {rows:,} rows x {len(FEATURE_NAMES)}: {told(ours)} (target 5 s, 1,200 MB)")
    print(f"the same in pandas: {told(pandas)}; pandas / ours {pandas['cpu'] / ours['cpu']:.1f} (target 3)")
    print(f"largest difference between both: {pandas['difference']:.1e} of a feature's range")
    one = apart(one_request, REQUESTS)
    print(f"one request, features: median {one['median']:.1f}, p99 {one['p99']:.1f} CPU microseconds (target 60)")
    for size in STREAMED:
        print(f"streamed month, {size:,} rows: {told(apart(streamed_month, size))} (linear, flat)")


def told(found: dict[str, float]) -> str:
    return f"{found['cpu']:.2f} CPU s, peak {found['peak']:,.0f} MB ({found['peak'] - found['before']:,.0f} of its own)"


def apart(work: Callable[[int], dict[str, float]], rows: int) -> dict[str, float]:
    """The work's figures, from a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, rows).result()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def trips_of(rows: int) -> dict[str, np.ndarray]:
    """A month of trips in order of time, zones drawn as the city rides: a few are most of them."""
    random = np.random.default_rng(1)
    seconds = np.sort(random.integers(0, 31 * 86_400, rows)).astype("timedelta64[s]")
    zones = [np.minimum(random.geometric(0.02, rows), 265).astype(np.int32) for _ in range(2)]
    return {
        "pickup_at": np.datetime64(MONTH.start, "us") + seconds,
        "pickup_zone": zones[0],
        "dropoff_zone": zones[1],
        "passenger_count": random.integers(0, 7, rows).astype(np.float64),
    }


def matrix_of_a_month(rows: int) -> dict[str, float]:
    """Tables included, as a process pays for them once."""
    trips, before, started = trips_of(rows), peak_mb(), time.process_time()
    engineer_all_features(trips)
    return {"cpu": time.process_time() - started, "peak": peak_mb(), "before": before}


def matrix_by_pandas(rows: int) -> dict[str, float]:
    """Idiomatic pandas on the same trips, compared with ours on the first 10,000."""
    trips = trips_of(rows)
    frame = pd.DataFrame(trips)
    before, started = peak_mb(), time.process_time()
    matrix = by_pandas(frame).to_numpy(np.float32)
    found = {"cpu": time.process_time() - started, "peak": peak_mb(), "before": before}
    ours = engineer_all_features({name: values[:10_000] for name, values in trips.items()})
    scale = np.maximum(np.abs(ours).max(axis=0), 1)
    return {**found, "difference": float((np.abs(matrix[:10_000] - ours) / scale).max())}


def by_pandas(trips: pd.DataFrame) -> pd.DataFrame:
    """Every feature as somebody who knows pandas would write it: vectorised, joined by keys, without look-up tables."""
    import holidays

    from include.trips.manhattan import FIFTH_AND_60TH, FIFTH_AND_96TH, KM_A_DEGREE, zones_south_of

    zones = load_zones()
    table = pd.DataFrame({"lat": zones.lat, "lon": zones.lon, "borough": zones.borough, "airport": zones.airport,
                          "known": zones.known, "cbd": zones_south_of(FIFTH_AND_60TH),
                          "south": zones_south_of(FIFTH_AND_96TH)})  # fmt: skip
    start, end = (
        table.add_prefix(side).reindex(trips[f"{side}zone"]).set_index(trips.index) for side in ("pickup_", "dropoff_")
    )
    out = pd.concat([trips[["pickup_zone", "dropoff_zone"]], start, end], axis="columns")
    out = out.rename(columns={"pickup_cbd": "pickup_in_cbd", "dropoff_cbd": "dropoff_in_cbd"})
    phi1, phi2 = np.radians(out["pickup_lat"]), np.radians(out["dropoff_lat"])
    delta = np.radians(out["dropoff_lon"] - out["pickup_lon"])
    a = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(delta / 2) ** 2
    corner_lat, corner_lon = FIFTH_AND_60TH
    for side in ("pickup", "dropoff"):
        north = (out[f"{side}_lat"] - corner_lat) * KM_A_DEGREE
        east = (out[f"{side}_lon"] - corner_lon) * KM_A_DEGREE * np.cos(np.radians(corner_lat))
        out[f"{side}_along_km"] = east * np.sin(GRID) + north * np.cos(GRID)
        out[f"{side}_across_km"] = east * np.cos(GRID) - north * np.sin(GRID)
    out["haversine_km"] = 2 * 6371.0088 * np.arcsin(np.sqrt(a))
    angle = np.arctan2(np.sin(delta) * np.cos(phi2),
                       np.cos(phi1) * np.sin(phi2) - np.sin(phi1) * np.cos(phi2) * np.cos(delta))  # fmt: skip
    out["avenue_km"] = (out["haversine_km"] * np.cos(angle - GRID)).abs()
    out["street_km"] = (out["haversine_km"] * np.sin(angle - GRID)).abs()
    out["manhattan_km"] = out["avenue_km"] + out["street_km"]
    out["bearing_sin"], out["bearing_cos"] = np.sin(angle), np.cos(angle)
    out["is_surcharge_trip"] = (out["pickup_south"] == 1) | (out["dropoff_south"] == 1)
    out["same_zone"] = out["pickup_zone"] == out["dropoff_zone"]
    out["is_airport"] = (out["pickup_airport"] == 1) | (out["dropoff_airport"] == 1)
    out["is_jfk_flat"] = ((out["pickup_zone"] == 132) & (out["dropoff_borough"] == 2)) | (
        (out["dropoff_zone"] == 132) & (out["pickup_borough"] == 2)
    )
    out["places_known"] = (out["pickup_known"] == 1) & (out["dropoff_known"] == 1)
    at = trips["pickup_at"].dt
    out["hour"], out["weekday"] = at.hour, at.weekday
    out["minute_of_day"] = at.hour * 60 + at.minute
    out["minute_of_week"], out["day_of_year"] = out["weekday"] * 1440 + out["minute_of_day"], at.dayofyear - 1
    for name, place, period in (("day", out["minute_of_day"], 1440), ("week", out["minute_of_week"], 10080)):
        out[f"{name}_sin"] = np.sin(2 * np.pi * place / period)
        out[f"{name}_cos"] = np.cos(2 * np.pi * place / period)
    out["is_weekend"] = out["weekday"] >= 5
    out["time_band"] = pd.cut(out["hour"], [-1, 5, 9, 15, 19, 23], labels=False)
    dates = at.normalize()
    off = pd.DatetimeIndex(sorted(holidays.country_holidays("US", subdiv="NY", years=range(2018, 2021))))
    out["is_holiday"] = dates.isin(off)
    out["is_holiday_eve"] = dates.isin(off - pd.Timedelta(days=1))
    out["is_day_after_holiday"] = dates.isin(off + pd.Timedelta(days=1))
    tariffs = {day: tariff_at(day.to_pydatetime()) for day in dates.unique()}
    for name, fact in (("meter_base_usd", "base_usd"), ("meter_unit_usd", "unit_usd"), ("jfk_flat_usd", "jfk_flat_usd"),
                       ("rush", "rush_usd"), ("overnight", "overnight_usd")):  # fmt: skip
        out[name] = dates.map({day: getattr(tariff, fact) for day, tariff in tariffs.items()})
    rush = out["hour"].between(16, 19) & ~out["is_weekend"] & ~out["is_holiday"]
    night = (out["hour"] >= 20) | (out["hour"] < 6)
    out["hour_surcharge_usd"] = np.select([rush, night], [out["rush"], out["overnight"]], 0.0)
    out["passenger_count"] = trips["passenger_count"].where(trips["passenger_count"].between(0, 9)).fillna(0)
    return out[list(FEATURE_NAMES)]


def one_request(count: int) -> dict[str, float]:
    """From a validated request to its row of the matrix, one at a time; the clock is read once a group."""
    requests = [
        PredictionRequest(service="yellow", pickup_zone=1 + i % 265, dropoff_zone=1 + 7 * i % 265,
                          pickup_datetime=datetime(2019, 6, 1 + i % 30, i % 24, i % 60), passenger_count=i % 7)
        for i in range(count)
    ]  # fmt: skip
    for request in requests[:1000]:
        request_matrix([trip_of(request)])
    taken = []
    for start in range(0, count, GROUP):
        started = time.process_time_ns()
        for request in requests[start : start + GROUP]:
            request_matrix([trip_of(request)])
        taken.append((time.process_time_ns() - started) / GROUP / 1000)
    median, p99 = np.percentile(taken, [50, 99])
    return {"median": float(median), "p99": float(p99)}


def streamed_month(rows: int) -> dict[str, float]:
    """The step without the warehouse: Parquet in, features, labels, statistics, Parquet out."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        lake = Lake(f"{scratch}/lake")
        clean = clean_month(lake, rows)
        before, started = peak_mb(), time.process_time()
        publish_features(lake, clean, "yellow", MONTH, "k")
        return {"cpu": time.process_time() - started, "peak": peak_mb(), "before": before}


def clean_month(lake: Lake, rows: int) -> Manifest:
    """A clean month of so many trips in the lake, written in portions."""
    portion = 500_000
    schema = schema_for("yellow")

    def batches() -> Any:
        trips = trips_of(portion)
        minutes = np.random.default_rng(2).integers(60, 5400, portion)
        trips["dropoff_at"] = trips["pickup_at"] + minutes.astype("timedelta64[s]")
        trips |= {"fare_usd": 2.5 + minutes // 60 * 0.5, "tip_usd": np.ones(portion), "total_usd": 20.0 + minutes // 60}
        for start in range(0, rows, portion):
            trips["source_row"] = np.arange(start, start + portion)
            columns = [pa.array(trips[f.name]).cast(f.type, safe=False) if f.name in trips
                       else pa.nulls(portion, f.type) for f in schema]  # fmt: skip
            yield pa.record_batch(columns, schema=schema)

    return lake.publish_batches("clean", "yellow", MONTH, batches(), schema, "k", dict)


if __name__ == "__main__":
    main()
