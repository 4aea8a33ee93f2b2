"""The sample beside the real months: the same marginals, rates and difficulty, within the bands stated here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.features.build_month import feature_table
from include.features.dictionary import FEATURE_NAMES
from include.ingestion.sample import generate_month
from include.lake.lake import columns_of
from include.models.families import find_row
from include.models.recipes import Lesson
from include.processing.clean_data import clean_taxi_data
from include.processing.expectations import raw_suite
from include.processing.run_suite import examine, outcomes
from include.trips.contract import to_canonical
from include.trips.month import Month, parse_months

pytestmark = pytest.mark.integration
MONTHS = [("yellow", "2018-03"), ("yellow", "2019-03"), ("yellow", "2019-09"), ("yellow", "2020-02"),
          ("yellow", "2020-06"), ("green", "2020-08"), ("green", "2023-01"), ("green", "2025-02")]  # fmt: skip
ROWS = 30_000
RATIO = {"minutes": (0.80, 1.25), "miles": (0.75, 1.30), "fare": (0.70, 1.30)}
"""Sample over real, of medians and 90th percentiles."""
SHARES = {
    "tipped": (0.05, 0.0), "card": (0.03, 0.0), "app": (0.015, 0.0), "null_zone": (0.01, 0.0), "night": (0.05, 0.0),
    "reversed": (0.001, 0.7), "under_a_minute": (0.004, 0.4), "no_distance": (0.005, 0.4), "a_day": (0.002, 0.5),
    "same_zone": (0.03, 0.0), "tolled": (0.06, 0.0), "jfk": (0.008, 0.0),
}  # fmt: skip
"""Largest difference of a share of rows: absolute, and relative on top of it."""
SUITES = [("yellow", "2010-05"), ("yellow", "2015-01"), ("yellow", "2019-03"), ("yellow", "2020-04"),
          ("yellow", "2022-12"), ("yellow", "2025-03"), ("green", "2014-01"), ("green", "2020-08"),
          ("green", "2025-02"), ("fhv", "2017-03"), ("fhv", "2019-01"), ("fhvhv", "2019-02"),
          ("fhvhv", "2025-02")]  # fmt: skip

Columns = dict[str, np.ndarray]


def columns(table: pa.Table, service: str) -> Columns:
    trips, _ = to_canonical(table, service, "month")
    return {name: trips[name].to_numpy(zero_copy_only=False) for name in trips.column_names}


def real_month(folder: Path, service: str, month: str) -> pa.Table:
    return pq.read_table(folder / service / f"{service}_tripdata_{month}.parquet")


def minutes(trips: Columns) -> np.ndarray:
    return np.asarray((trips["dropoff_at"] - trips["pickup_at"]) / np.timedelta64(60, "s"))


def quantiles(trips: Columns) -> dict[str, np.ndarray]:
    ok = (trips["fare_usd"] > 0) & (minutes(trips) >= 1) & (minutes(trips) <= 180)
    values = {"minutes": minutes(trips), "miles": trips["distance_mi"], "fare": trips["fare_usd"]}
    return {name: np.quantile(value[ok], (0.5, 0.9)) for name, value in values.items()}


def shares(trips: Columns) -> dict[str, float]:
    hour = trips["pickup_at"].astype("datetime64[h]").astype(np.int64) % 24
    held = {
        "tipped": trips["tip_usd"] > 0, "card": trips["payment_type"] == 1, "app": np.isnan(trips["rate_code"] * 1.0),
        "null_zone": trips["pickup_zone"] >= 264, "night": (hour >= 20) | (hour < 6), "reversed": trips["fare_usd"] < 0,
        "under_a_minute": minutes(trips) < 1, "no_distance": trips["distance_mi"] == 0, "a_day": minutes(trips) > 180,
        "same_zone": trips["pickup_zone"] == trips["dropoff_zone"], "tolled": trips["tolls_usd"] > 0,
        "jfk": trips["rate_code"] == 2,
    }  # fmt: skip
    return {name: float(np.mean(value)) for name, value in held.items()}


def hour_of_week(trips: Columns) -> np.ndarray:
    hours = trips["pickup_at"].astype("datetime64[h]").astype(np.int64)
    return np.bincount((hours // 24 + 3) % 7 * 24 + hours % 24, minlength=168) / len(hours)


def top_zones(trips: Columns) -> tuple[set[int], float]:
    counts = np.bincount(trips["pickup_zone"].astype(np.int64), minlength=266)
    top = np.argsort(counts)[-20:]
    return set(top.tolist()), float(counts[top].sum() / counts.sum())


@pytest.mark.parametrize(("service", "month"), MONTHS)
def test_a_sample_month_looks_like_the_real_one(real_data: Path, service: str, month: str) -> None:
    real = columns(real_month(real_data, service, month), service)
    made = columns(generate_month(service, Month.parse(month), ROWS, 1), service)
    for name, values in quantiles(real).items():
        low, high = RATIO[name]
        assert (quantiles(made)[name] / values > low).all(), (name, quantiles(made)[name], values)
        assert (quantiles(made)[name] / values < high).all(), (name, quantiles(made)[name], values)
    for name, share in shares(real).items():
        absolute, relative = SHARES[name]
        assert abs(shares(made)[name] - share) <= absolute + relative * share, (name, shares(made)[name], share)
    assert np.corrcoef(hour_of_week(made), hour_of_week(real))[0, 1] > (0.9 if month != "2020-06" else 0.7)
    assert len(top_zones(made)[0] & top_zones(real)[0]) >= 14
    assert abs(top_zones(made)[1] - top_zones(real)[1]) < 0.08


@pytest.mark.parametrize(("service", "month"), SUITES)
def test_quality_suites_find_a_sample_month_usable(service: str, month: str) -> None:
    parsed = Month.parse(month)
    trips, _ = to_canonical(generate_month(service, parsed, 4000, 1), service, "sample")
    suite = raw_suite(service, parsed.start, parsed.end)
    _, merged = examine(trips, suite, "suite", "month")
    failed = [outcome for outcome in outcomes(suite, merged) if not outcome.success]
    assert [outcome.expectation for outcome in failed] == []


def rows_of(tables: list[tuple[Month, pa.Table]]) -> dict[str, np.ndarray]:
    features = []
    for month, table in tables:
        kept, _ = clean_taxi_data(to_canonical(table, "yellow", "month")[0], "yellow", month)
        features.append(feature_table(columns_of(kept)))
    joined = pa.concat_tables(features)
    x = np.stack([joined[name].to_numpy() for name in FEATURE_NAMES], axis=1).astype(np.float32)
    return {"x": x, "duration_min": joined["duration_min"].to_numpy(), "fare_usd": joined["fare_usd"].to_numpy()}


def errors(train: Columns, tune: Columns, test: Columns, target: str) -> tuple[float, float]:
    """Mean absolute errors of the floor and of LightGBM."""
    found = []
    for name in ("zone_pair_median", "lightgbm"):
        row = find_row(name, "regression")
        assert row is not None
        fitted = row.fit(row.estimator, row.params, Lesson(train["x"], train[target], tune["x"], tune[target]))
        found.append(float(np.abs(fitted.predict(test["x"]) - test[target]).mean()))
    return found[0], found[1]


def test_models_find_it_as_hard_as_the_city(real_data: Path) -> None:
    """Ten thousand trips a month, as the real ones: the floor within 20 %, LightGBM's gain over it within 12 points."""
    months = parse_months("2019-03:2019-09")
    real = [(month, real_month(real_data, "yellow", str(month))) for month in months]
    made = [(month, generate_month("yellow", month, 10_000, 1)) for month in months]
    for target, easiest, hardest in (("duration_min", 3.4, 4.4), ("fare_usd", 1.7, 2.6)):
        floors, gains = [], []
        for tables in (real, made):
            train, tune, test = rows_of(tables[:-2]), rows_of(tables[-2:-1]), rows_of(tables[-1:])
            floor, best = errors(train, tune, test, target)
            assert easiest < best < hardest, (target, floor, best)
            floors.append(floor)
            gains.append(1 - best / floor)
        assert 0.8 < floors[1] / floors[0] < 1.2, (target, floors)
        assert abs(gains[1] - gains[0]) < 0.12, (target, gains)
