"""What the meter charges by rule when a trip starts: facts of the date and hour that a quote knows.

The yellow and the green meter are the same; other services quote with its numbers too, as facts of the date.
"""

from __future__ import annotations

import numpy as np

from include.features.temporal_features import day_index, hour_of_day, is_weekend
from include.trips.calendar import meter_holiday_table
from include.trips.tariff import tariff_by_day

RUSH_HOURS = (16, 20)
OVERNIGHT_HOURS = (20, 6)
"""From, to: the end is not included."""


def extract_tariff_features(pickup_at: np.ndarray) -> dict[str, np.ndarray]:
    """(n,) datetime64 -> dollars of the tariff in force, by name, each (n,)."""
    tariff, day = tariff_by_day(), day_index(pickup_at)
    return {
        "meter_base_usd": tariff["base_usd"][day],
        "meter_unit_usd": tariff["unit_usd"][day],
        "jfk_flat_usd": tariff["jfk_flat_usd"][day],
        "hour_surcharge_usd": hour_surcharge(pickup_at),
    }


def hour_surcharge(pickup_at: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) dollars added for the hour: rush on working days 16-20 h, overnight 20-06 h, else 0."""
    tariff, day, hour = tariff_by_day(), day_index(pickup_at), hour_of_day(pickup_at)
    working = ~is_weekend(pickup_at) & (meter_holiday_table()[day] == 0)
    rush = working & (hour >= RUSH_HOURS[0]) & (hour < RUSH_HOURS[1])
    overnight = (hour >= OVERNIGHT_HOURS[0]) | (hour < OVERNIGHT_HOURS[1])
    return np.select([rush, overnight], [tariff["rush_usd"][day], tariff["overnight_usd"][day]], 0.0)
