"""A law of its own kind is found again; what nobody travelled gets the distance's."""

from __future__ import annotations

import numpy as np
import pytest

from include.features.engineer_features import engineer_all_features
from include.models.additive_log import TRAITS, WEIGHTS, AdditiveLog, cells_of, distance_terms, weighted_median
from include.models.recipes import COLUMN
from include.trips.zones import ZONE_COUNT


def trips(n: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    start = np.datetime64("2019-06-03", "us")
    return engineer_all_features(
        {"pickup_at": start + rng.integers(0, 28 * 1440, n) * np.timedelta64(1, "m"),
         "pickup_zone": rng.choice([48, 68, 79, 132, 138, 230], n), "dropoff_zone": rng.choice([7, 48, 68, 79, 161], n),
         "passenger_count": np.ones(n)}
    )  # fmt: skip


def test_effects_of_distance_hour_and_zone_are_found_again() -> None:
    x = trips(30_000)
    busy = np.where(np.isin(x[:, COLUMN["hour"]], (8, 17, 18)), 1.5, 1.0)
    law = 3 * (x[:, COLUMN["manhattan_km"]] + 0.6) ** 0.8 * busy * np.where(x[:, COLUMN["pickup_zone"]] == 132, 1.3, 1)
    y = law * np.random.default_rng(2).lognormal(0, 0.2, len(x))
    said = AdditiveLog(shrink=1.0, rounds=15).fit(x[:25_000], y[:25_000]).predict(x[25_000:])
    assert np.median(np.abs(said / law[25_000:] - 1)) < 0.04


def test_a_pair_that_nobody_travelled_follows_the_distance() -> None:
    x = trips(20_000)
    y = 2 * (x[:, COLUMN["manhattan_km"]] + 0.6)
    unseen = engineer_all_features(
        {"pickup_at": np.array(["2019-06-14T12:00"] * 2, "datetime64[us]"), "pickup_zone": np.array([100, 132]),
         "dropoff_zone": np.array([170, 246]), "passenger_count": np.ones(2)}
    )  # fmt: skip
    near, far = AdditiveLog(shrink=1.0, rounds=15).fit(x, y).predict(unseen)
    assert near < 8 < 30 < far < 90  # Garment District to Murray Hill; JFK to West Chelsea


def test_a_label_without_a_logarithm_is_refused() -> None:
    with pytest.raises(ValueError, match="a label is 0: logarithms need positive ones"):
        AdditiveLog(1.0, 1).fit(trips(10), np.zeros(10))


def test_every_trip_has_a_cell_of_its_own_range_in_every_effect() -> None:
    cells = cells_of(trips(500))
    assert WEIGHTS.shape == (len(TRAITS), cells.shape[1])
    assert (np.diff(cells, axis=1) > 0).all()
    assert distance_terms().shape[0] == ZONE_COUNT**2


def test_the_weighted_median_is_where_half_of_the_weight_is() -> None:
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 5.0])) == 2
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([9.0, 1.0, 1.0])) == 3
