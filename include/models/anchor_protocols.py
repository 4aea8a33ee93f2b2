"""The protocols that anchors replay: arrays and tables in, figures by label out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from include.features.build_month import feature_table
from include.features.trip_features import compute_trip_duration
from include.lake.lake import columns_of
from include.models.base_trainer import TrainerConfig
from include.models.evaluate import compute_regression_metrics
from include.models.families import BASELINE
from include.models.rows import Rows, Window, join_rows, rows_of
from include.models.trainers import make_trainer
from include.processing.clean_data import clean_taxi_data
from include.trips.month import Month
from include.trips.zones import ZONE_COUNT

DURATION = "duration_min"
LAST_TRAIN_DAY = 20
"""Where no month tunes: later days of the last training month do, odd ones tune, even ones calibrate."""
TUNED = {
    "learning_rate": 0.09585355369315604, "max_depth": 30, "min_child_weight": 1.060597050922164,
    "reg_alpha": 0.018060244040060163, "reg_lambda": 0.011658731377413597, "seed": 42,
    "objective": "reg:squarederror", "tree_method": "exact",
}  # fmt: skip
"""The parameters that the course's search ended with; exact trees are what XGBoost took for so few rows then."""
TUNED_ROUNDS, TUNED_PATIENCE = 1000, 50


@dataclass(frozen=True)
class Months:
    """Canonical, uncleaned months by role, each with its table; `minutes` bounds the trips that count."""

    service: str
    minutes: tuple[float, float]
    train: Sequence[tuple[Month, pa.Table]]
    tune: Sequence[tuple[Month, pa.Table]]
    test: Sequence[tuple[Month, pa.Table]]

    def bounded(self, table: pa.Table) -> pa.Table:
        """The trips that the protocol counts."""
        low, high = self.minutes
        minutes = duration_of(table)
        return table.filter(pa.array((minutes >= low) & (minutes <= high)))

    def rows(self, months: Sequence[tuple[Month, pa.Table]], cleaned: bool = True) -> Rows:
        """The counted trips as models see them; `cleaned` leaves out what our cleaning quarantines."""
        parts = []
        for month, table in months:
            kept = clean_taxi_data(table, self.service, month)[0] if cleaned else table
            parts.append(rows_of(feature_table(columns_of(self.bounded(kept))), self.service))
        return join_rows(parts)


def duration_of(table: pa.Table) -> np.ndarray:
    """Trips -> (n,) minutes."""
    pickup, dropoff = (table[name].to_numpy(zero_copy_only=False) for name in ("pickup_at", "dropoff_at"))
    return compute_trip_duration(pickup, dropoff)


def pair_and_metered_distance(months: Months, threads: int) -> dict[str, float]:
    """RMSE of minutes by label: the course's two models on its features, and what we would have quoted.

    Ours are scored on the same trips, cleaned or not.
    """
    (train, test), (y, truth) = _bounded_pair(months)
    x, x_test = _one_hot([_pair_of(train)], [_pair_of(test)], (_distance_of(train), _distance_of(test)))
    return {
        "linear on zone pair and metered distance": _rmse(truth, _linear(x, y, x_test)),
        "XGBoost on zone pair and metered distance": _rmse(truth, _xgboost(x, y, x_test, truth, threads)),
        **_our_quotes(months, threads),
    }


def one_hot_zones(months: Months, threads: int) -> dict[str, float]:
    """RMSE of minutes by label: least squares on both zones, one-hot, and what we would have quoted."""
    (train, test), (y, truth) = _bounded_pair(months)
    zones = ("pickup_zone", "dropoff_zone")
    x, x_test = _one_hot([_zone(train, z) for z in zones], [_zone(test, z) for z in zones])
    return {"linear on both zones": _rmse(truth, _linear(x, y, x_test)), **_our_quotes(months, threads)}


def quote_time(months: Months, threads: int) -> dict[str, float]:
    """MAE by family and target, of the floor and of LightGBM, on cleaned trips of the test month."""
    tune = months.rows(months.tune)
    odd = tune.day % 2 == 1
    window, test = Window(months.rows(months.train), tune.where(odd), tune.where(~odd)), months.rows(months.test)
    return {
        f"{family} {target}": _trained(family, target, months.service, window, test, threads)["mae"]
        for target in (DURATION, "fare_usd")
        for family in (BASELINE, "lightgbm")
    }


def _our_quotes(months: Months, threads: int) -> dict[str, float]:
    """RMSE of what is quoted without the metered distance. Our objective is the absolute error, RMSE's the squared."""
    held, test = months.rows(months.train), months.rows(months.test, cleaned=False)
    early, odd = held.day <= LAST_TRAIN_DAY, held.day % 2 == 1
    window = Window(held.where(early), held.where(~early & odd), held.where(~early & ~odd))
    ways: dict[str, tuple[str, dict[str, Any]]] = {
        "at quote time: floor": (BASELINE, {}),
        "at quote time: LightGBM on absolute error": ("lightgbm", {}),
        "at quote time: LightGBM on squared error": ("lightgbm", {"objective": "l2"}),
    }
    return {
        label: _trained(family, DURATION, months.service, window, test, threads, params)["rmse"]
        for label, (family, params) in ways.items()
    }


def _trained(
    family: str, target: str, service: str, window: Window, test: Rows, threads: int,
    params: dict[str, Any] | None = None,
) -> dict[str, float]:  # fmt: skip
    trainer = make_trainer(family, TrainerConfig(target, service, params or {}, threads))
    data = trainer.prepare_data(window)
    trainer.train(data)
    trainer.export(data)
    return trainer.evaluate(test.of(target))


def _bounded_pair(months: Months) -> tuple[tuple[pa.Table, pa.Table], tuple[np.ndarray, np.ndarray]]:
    tables = tuple(pa.concat_tables([months.bounded(t) for _, t in part]) for part in (months.train, months.test))
    return (tables[0], tables[1]), (duration_of(tables[0]), duration_of(tables[1]))


def _zone(table: pa.Table, name: str) -> np.ndarray:
    return np.asarray(table[name].to_numpy(zero_copy_only=False))


def _pair_of(table: pa.Table) -> np.ndarray:
    return np.asarray(_zone(table, "pickup_zone") * ZONE_COUNT + _zone(table, "dropoff_zone"))


def _distance_of(table: pa.Table) -> np.ndarray:
    return np.asarray(table["distance_mi"].to_numpy(zero_copy_only=False), np.float64)


def _one_hot(
    train: list[np.ndarray], test: list[np.ndarray], number: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[Any, Any]:
    """Categories of train and test as sparse matrices, a number beside them; one that train lacks is all 0."""
    from scipy import sparse
    from sklearn.preprocessing import OneHotEncoder

    encoder = OneHotEncoder(handle_unknown="ignore").fit(np.column_stack(train))
    matrices = [encoder.transform(np.column_stack(columns)) for columns in (train, test)]
    if number is not None:
        matrices = [sparse.hstack([m, sparse.csr_matrix(n[:, None])]) for m, n in zip(matrices, number, strict=True)]
    return matrices[0].tocsr(), matrices[1].tocsr()


def _linear(x: Any, y: np.ndarray, x_test: Any) -> np.ndarray:
    from sklearn.linear_model import LinearRegression

    return np.asarray(LinearRegression().fit(x, y).predict(x_test))


def _xgboost(x: Any, y: np.ndarray, x_test: Any, truth: np.ndarray, threads: int) -> np.ndarray:
    """As published: rounds are stopped by the very rows that are reported."""
    import xgboost

    shown = xgboost.DMatrix(x_test, truth)
    booster = xgboost.train(
        {**TUNED, "nthread": threads}, xgboost.DMatrix(x, y), TUNED_ROUNDS, evals=[(shown, "validation")],
        early_stopping_rounds=TUNED_PATIENCE, verbose_eval=False,
    )  # fmt: skip
    return np.asarray(booster.predict(shown, iteration_range=(0, booster.best_iteration + 1)))


def _rmse(truth: np.ndarray, said: np.ndarray) -> float:
    return compute_regression_metrics(truth, said)["rmse"]
