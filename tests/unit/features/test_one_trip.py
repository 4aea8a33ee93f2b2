"""One trip by index arithmetic is the row that many get."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.features.engineer_features import engineer_all_features
from include.features.one_trip import one_trip

ZONES = st.integers(1, 265)
TIMES = st.datetimes(datetime(2008, 12, 30), datetime(2041, 1, 3))
PASSENGERS = st.none() | st.integers(-2, 12)


def many(pickup_at: datetime, pickup_zone: int, dropoff_zone: int, passengers: int | None) -> np.ndarray:
    return engineer_all_features({
        "pickup_at": np.array([pickup_at] * 2, "datetime64[us]"), "pickup_zone": np.array([pickup_zone] * 2),
        "dropoff_zone": np.array([dropoff_zone] * 2), "passenger_count": np.array([passengers] * 2, np.float64),
    })  # fmt: skip


@given(TIMES, ZONES, ZONES, PASSENGERS)
def test_one_trip_and_many_get_the_same_bits(
    pickup_at: datetime, pickup_zone: int, dropoff_zone: int, passengers: int | None
) -> None:
    row = one_trip(pickup_at, pickup_zone, dropoff_zone, passengers)
    assert row.dtype == np.float32
    assert row.tobytes() == many(pickup_at, pickup_zone, dropoff_zone, passengers)[:1].tobytes()


@pytest.mark.parametrize("zone", [0, -1, 266])
def test_a_place_that_is_no_zone_is_refused(zone: int) -> None:
    for ends in ((zone, 132), (132, zone)):
        with pytest.raises(ValueError, match="from 1 to 265"):
            one_trip(datetime(2019, 6, 14, 18, 30), *ends, None)
