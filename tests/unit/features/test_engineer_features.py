"""One trip and many give the same bits, from columns known at pick-up alone."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.features.dictionary import FEATURE_NAMES, FEATURES
from include.features.engineer_features import engineer_all_features

ZONES = st.integers(1, 265)
TIMES = st.datetimes(min_value=datetime(2009, 1, 1), max_value=datetime(2040, 12, 31))
TRIPS = st.lists(st.tuples(TIMES, ZONES, ZONES, st.one_of(st.none(), st.integers(0, 9))), min_size=1, max_size=20)


def _columns(trips: list[tuple[object, int, int, int | None]]) -> dict[str, np.ndarray]:
    when, start, end, passengers = zip(*trips, strict=True)
    return {
        "pickup_at": np.array(when, "datetime64[us]"),
        "pickup_zone": np.array(start),
        "dropoff_zone": np.array(end),
        "passenger_count": np.array(passengers, np.float64),
    }


@given(TRIPS)
def test_a_batch_equals_its_rows_bit_for_bit(trips: list[tuple[object, int, int, int | None]]) -> None:
    together = engineer_all_features(_columns(trips))
    apart = np.concatenate([engineer_all_features(_columns([trip])) for trip in trips])
    assert together.tobytes() == apart.tobytes()


@given(TRIPS)
def test_every_feature_stays_in_its_declared_range(trips: list[tuple[object, int, int, int | None]]) -> None:
    matrix = engineer_all_features(_columns(trips))
    for position, feature in enumerate(FEATURES):
        assert feature.low - 1e-5 <= matrix[:, position].min(), feature.name
        assert matrix[:, position].max() <= feature.high + 1e-5, feature.name


def test_a_column_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="pickup_at"):
        engineer_all_features({"pickup_zone": np.array([1]), "dropoff_zone": np.array([2])})


def test_known_trip() -> None:
    row = engineer_all_features(_columns([(np.datetime64("2019-07-04T18:30", "us").item(), 132, 230, None)]))[0]
    named = dict(zip(FEATURE_NAMES, row.tolist(), strict=True))
    assert (named["hour"], named["weekday"], named["is_holiday"], named["is_airport"]) == (18, 3, 1, 1)
    assert named["is_jfk_flat"] == 1
    assert 20 < named["haversine_km"] < 22  # JFK to Times Square
