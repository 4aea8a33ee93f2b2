"""Does history, or weather, lower later months' error? The project's LightGBM without, with, and in three variants.

Real months come from the folder that TAXI_TEST_DATA or TAXI_SOURCE names. `--tests 2019-05 2019-07 --window 12`.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from include.features.build_month import quote_of
from include.features.engineer_features import engineer_all_features
from include.features.history import ARRAYS, History
from include.features.summaries import Summary, summarise
from include.features.temporal_features import minute_of_week
from include.features.trip_features import TARGETS, compute_labels
from include.lake.lake import columns_of
from include.models.families import REGRESSION, find_row
from include.models.recipes import Lesson
from include.processing.clean_data import clean_taxi_data
from include.trips.contract import to_canonical
from include.trips.month import Month

FOLDS = 8
WEATHER = ("PRCP", "SNOW", "SNWD", "TMAX", "TMIN", "AWND")
Trips = dict[str, np.ndarray]


def main() -> None:
    """Prints mean absolute errors per variant, test month and target."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--service", default="yellow")
    parser.add_argument("--tests", nargs="+", default=["2019-05", "2019-06", "2019-07"])
    parser.add_argument("--window", type=int, default=12)
    asked = parser.parse_args()
    folder = Path(os.environ.get("TAXI_TEST_DATA") or os.environ.get("TAXI_SOURCE", ""))
    if not list(folder.glob(f"**/{asked.service}_tripdata_*.parquet")):
        print("skipped: neither TAXI_TEST_DATA nor TAXI_SOURCE names a folder of real months")
        return
    for test in map(Month.parse, asked.tests):
        measure(folder, asked.service, test, asked.window)


def measure(folder: Path, service: str, test: Month, window: int) -> None:
    """One test month: each variant trains on the window but its last month, stops on that one's odd days."""
    months = [test.plus(-back) for back in range(window, -1, -1)]
    found = {month: trips for month in months if (trips := read_month(folder, service, month)) is not None}
    train, last = list(found)[:-2], list(found)[-2]
    for name, extra in VARIANTS.items():
        started = time.process_time()
        added = extra(found, train, folder)
        if added is None:
            print(f"{test} {name:14s} no daily table in the folder")
            continue
        first = 1 if name == "expanding" else 0
        x = {month: np.hstack([features(trips), added[month]]) for month, trips in found.items()}
        odd = days(found[last]) % 2 == 1
        scores = [score(x, found, train[first:], last, odd, test, target) for target in TARGETS]
        shown = "  ".join(f"{target} {error:.4f}" for target, error in zip(TARGETS, scores, strict=True))
        print(f"{test} {name:14s} {shown}  {time.process_time() - started:5.0f} CPU s", flush=True)


def score(
    x: dict[Month, np.ndarray],
    trips: dict[Month, Trips],
    train: list[Month],
    last: Month,
    odd: np.ndarray,
    test: Month,
    target: str,
) -> float:
    """Mean absolute error on the test month."""
    y = {month: compute_labels(columns)[target] for month, columns in trips.items()}
    row = find_row("lightgbm", REGRESSION)
    if row is None:
        raise SystemExit("the family table has no lightgbm to measure with")
    rows = np.concatenate([x[m] for m in train]), np.concatenate([y[m] for m in train])
    fitted = row.fit(row.estimator, row.params, Lesson(*rows, x[last][odd], y[last][odd]))
    return float(np.abs(fitted.predict(x[test]) - y[test]).mean())


def read_month(folder: Path, service: str, month: Month) -> Trips | None:
    """A published month, canonical and clean; None when the folder lacks it."""
    files = list(folder.glob(f"**/{service}_tripdata_{month}.parquet"))
    if not files:
        return None
    trips, _ = to_canonical(pq.read_table(files[0]), service, files[0].name)
    return columns_of(clean_taxi_data(trips, service, month)[0])


def features(trips: Trips) -> np.ndarray:
    """What the project's models see."""
    return engineer_all_features(quote_of(trips))


def days(trips: Trips) -> np.ndarray:
    """(n,) day of the month."""
    start = trips["pickup_at"].astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray((trips["pickup_at"].astype("datetime64[D]") - start).astype(np.int64) + 1)


def look_up(history: History, trips: Trips) -> np.ndarray:
    """(n, len(ARRAYS)) what the history says of these trips."""
    quote = quote_of(trips)
    found = history.lookup(quote["pickup_zone"], quote["dropoff_zone"], minute_of_week(quote["pickup_at"]))
    return np.stack([found[name] for name in ARRAYS], axis=1)


def nothing(found: dict[Month, Trips], train: list[Month], folder: Path) -> dict[Month, np.ndarray]:
    """No history."""
    return {month: np.empty((len(trips["pickup_at"]), 0), np.float32) for month, trips in found.items()}


def expanding(found: dict[Month, Trips], train: list[Month], folder: Path) -> dict[Month, np.ndarray]:
    """Every month sees the months before it."""
    summaries: dict[Month, Summary] = {month: summarise(trips) for month, trips in found.items()}
    return {
        month: look_up(History.from_summaries(s for m, s in summaries.items() if m < month), trips)
        for month, trips in found.items()
    }


def cross_fitted(found: dict[Month, Trips], train: list[Month], folder: Path) -> dict[Month, np.ndarray]:
    """A training trip sees the training months but its own fold of days; later months see all of them."""
    parts = [
        [summarise({name: column[fold_of(trips) == fold] for name, column in trips.items()}) for fold in range(FOLDS)]
        for trips in (found[month] for month in train)
    ]
    without = [History.from_summaries(p[f] for p in parts for f in range(FOLDS) if f != fold) for fold in range(FOLDS)]
    whole = History.from_summaries(summary for part in parts for summary in part)
    added = {month: look_up(whole, trips) for month, trips in found.items()}
    for month in train:
        for fold, history in enumerate(without):
            own = fold_of(found[month]) == fold
            added[month][own] = look_up(history, {name: column[own] for name, column in found[month].items()})
    return added


def fold_of(trips: Trips) -> np.ndarray:
    """(n,) 0..FOLDS-1, one for all trips of a date."""
    return np.asarray(trips["pickup_at"].astype("datetime64[D]").astype(np.int64) % FOLDS)


def weather(found: dict[Month, Trips], train: list[Month], folder: Path) -> dict[Month, np.ndarray] | None:
    """The day's measurements, as if they were forecast without error: the most that weather can bring."""
    table = folder / "central_park_weather.csv"
    if not table.exists():
        return None
    with table.open(newline="", encoding="utf-8") as file:
        rows = {row["DATE"]: [float(row[name] or "nan") for name in WEATHER] for row in csv.DictReader(file)}
    absent = [np.nan] * len(WEATHER)
    return {
        month: np.array([rows.get(str(day), absent) for day in trips["pickup_at"].astype("datetime64[D]")], np.float32)
        for month, trips in found.items()
    }


VARIANTS = {"none": nothing, "expanding": expanding, "cross-fitted": cross_fitted, "weather": weather}


if __name__ == "__main__":
    main()
