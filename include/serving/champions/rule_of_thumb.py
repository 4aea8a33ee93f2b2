"""The last word when no model and no table is left: minutes by distance and hour, dollars by the date's meter.

The curves were fitted to yellow trips of 2019-01 to 2019-09 (87,000 of them): mean errors of 4.3 minutes and 2.32
dollars there, 4.1 minutes and 3.3 dollars on green 2023-01. They say nothing about tips.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from include.features.geospatial_features import is_jfk_flat_trip, pair_index, pair_table
from include.features.temporal_features import TIME_BANDS, time_of_day_category
from include.models.bundle import PREDICTION_BOUNDS
from include.trips.tariff import tariff_at

MILES_A_KM = 0.621371
LEAST_MILES = 0.8
"""What a trip inside a zone, or between two whose centres are near, is taken to be long."""
MINUTES = {
    "night": (-8.06, 13.39, 0.39), "morning": (-6.87, 13.58, 0.47), "midday": (-10.69, 18.50, 0.43),
    "evening": (-6.79, 14.07, 0.52), "late": (-9.81, 16.17, 0.39),
}  # fmt: skip
"""Minutes are a + b * miles ** c, by band of the day; miles along the street grid between the zones' centres."""
METER_UNITS = (4.53, 3.72, 0.78)
"""Units that the meter counts are a * miles + b * miles ** c: those by the mile, and those by the minute."""
SPREAD = {"duration_min": (0.54, 1.80), "fare_usd": (0.71, 1.44)}
"""What nine trips in ten were above, and below, as shares of the estimate."""


def rule_of_thumb(target: str, service: str, pickup_zone: int, dropoff_zone: int, at: datetime) -> list[float] | None:
    """Value, p10 and p90 in the target's unit; None for a target or a service that no rule is known for."""
    pair = pair_index(np.array([pickup_zone]), np.array([dropoff_zone]))
    miles = max(float(pair_table().columns(pair)["manhattan_km"][0]) * MILES_A_KM, LEAST_MILES)
    if target == "duration_min":
        a, b, c = MINUTES[TIME_BANDS[int(time_of_day_category(np.array(at.hour)))]]
        value: float | None = a + b * float(miles**c)
    elif target == "fare_usd":
        value = _metered(service, pickup_zone, dropoff_zone, at, miles)
    else:
        value = None
    if value is None:
        return None
    low, high = PREDICTION_BOUNDS[target]
    return [min(max(value * share, low), high) for share in (1.0, *SPREAD[target])]


def _metered(service: str, pickup_zone: int, dropoff_zone: int, at: datetime, miles: float) -> float | None:
    tariff, (a, b, c) = tariff_at(at, service), METER_UNITS
    if not tariff.unit_usd:
        return None
    if is_jfk_flat_trip(np.array([pickup_zone]), np.array([dropoff_zone]))[0]:
        return tariff.jfk_flat_usd
    return tariff.base_usd + tariff.unit_usd * round(a * miles + b * float(miles**c))
