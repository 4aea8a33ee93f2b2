"""Every feature a model sees, in matrix order; code, bundle, warehouse and docs derive from this declaration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One column of the matrix, float32. `low` and `high` are included."""

    name: str
    meaning: str
    sources: tuple[str, ...]
    low: float
    high: float
    unit: str = ""


_WHEN, _WHERE = ("pickup_at",), ("pickup_zone", "dropoff_zone")

FEATURES: tuple[Feature, ...] = (
    Feature("pickup_zone", "TLC zone of the pick-up", ("pickup_zone",), 1, 265),
    Feature("dropoff_zone", "TLC zone of the destination", ("dropoff_zone",), 1, 265),
    Feature("passenger_count", "passengers; 0 when not given", ("passenger_count",), 0, 9, "persons"),
    Feature("hour", "hour of the pick-up", _WHEN, 0, 23, "h"),
    Feature("weekday", "day of the week, Monday 0", _WHEN, 0, 6),
    Feature("minute_of_day", "minutes since midnight", _WHEN, 0, 1439, "min"),
    Feature("day_sin", "sine of the time of day", _WHEN, -1, 1),
    Feature("day_cos", "cosine of the time of day", _WHEN, -1, 1),
    Feature("week_sin", "sine of the time of week", _WHEN, -1, 1),
    Feature("week_cos", "cosine of the time of week", _WHEN, -1, 1),
    Feature("is_weekend", "Saturday or Sunday", _WHEN, 0, 1),
    Feature("is_holiday", "public holiday in New York", _WHEN, 0, 1),
    Feature("time_band", "night 0, morning 1, midday 2, evening 3, late 4", _WHEN, 0, 4),
    Feature("pickup_lat", "latitude of the pick-up zone's centroid", ("pickup_zone",), 40.4, 41.0, "deg"),
    Feature("pickup_lon", "longitude of the pick-up zone's centroid", ("pickup_zone",), -74.3, -73.6, "deg"),
    Feature("dropoff_lat", "latitude of the destination zone's centroid", ("dropoff_zone",), 40.4, 41.0, "deg"),
    Feature("dropoff_lon", "longitude of the destination zone's centroid", ("dropoff_zone",), -74.3, -73.6, "deg"),
    Feature("haversine_km", "great-circle distance between the centroids", _WHERE, 0, 80, "km"),
    Feature("manhattan_km", "distance along the street grid, rotated 29 degrees", _WHERE, 0, 110, "km"),
    Feature("bearing_sin", "sine of the direction, clockwise from north", _WHERE, -1, 1),
    Feature("bearing_cos", "cosine of the direction", _WHERE, -1, 1),
    Feature("pickup_borough", "borough of the pick-up, index into BOROUGHS", ("pickup_zone",), 0, 6),
    Feature("dropoff_borough", "borough of the destination", ("dropoff_zone",), 0, 6),
    Feature("same_zone", "pick-up and destination in one zone", _WHERE, 0, 1),
    Feature("is_airport", "either end at an airport", _WHERE, 0, 1),
    Feature("is_jfk_flat", "between JFK and Manhattan, where the flat fare applies", _WHERE, 0, 1),
    Feature("places_known", "both zones have a place in the city", _WHERE, 0, 1),
)

FEATURE_NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES)
"""Column order of the matrix; part of every bundle."""
