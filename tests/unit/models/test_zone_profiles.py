"""Zones as rows: shares by hand, and zones with too few trips left out."""

from __future__ import annotations

import numpy as np
import pytest

from include.errors import NothingToDo
from include.models.zone_profiles import LEAST_TRIPS, ZONE_TRAITS, zone_profiles

COLUMN = {trait.name: place for place, trait in enumerate(ZONE_TRAITS)}


def trips(n: int = LEAST_TRIPS) -> dict[str, np.ndarray]:
    """n trips from zone 4 to zone 7 in the morning, half of them at weekends, and one back in the evening."""
    return {
        "pickup_zone": np.array([4.0] * n + [7.0]),
        "dropoff_zone": np.array([7.0] * n + [4.0]),
        "time_band": np.array([1.0] * n + [3.0]),
        "is_weekend": np.array([0.0, 1.0] * (n // 2) + [0.0]),
        "manhattan_km": np.array([3.0] * n + [9.0]),
    }


def test_a_profile_by_hand() -> None:
    profiles = zone_profiles(trips())
    assert profiles.zones.tolist() == [4]  # zone 7 has one pick-up
    (row,) = profiles.values
    told = {name: row[COLUMN[name]] for name in ("morning", "evening", "weekend", "distance_km", "busyness")}
    assert told == pytest.approx(
        {"morning": 1, "evening": 0, "weekend": 0.5, "distance_km": 3, "busyness": np.log(LEAST_TRIPS)}
    )
    assert row[COLUMN["morning_arrivals"]] == -1  # they all leave
    assert row[COLUMN["evening_arrivals"]] == 1


def test_places_that_are_no_zone_have_no_profile() -> None:
    unknown = trips() | {"pickup_zone": np.full(LEAST_TRIPS + 1, 264.0)}
    with pytest.raises(NothingToDo, match="too few to profile"):
        zone_profiles(unknown)
