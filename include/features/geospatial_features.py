"""Where a trip goes, as numbers: pure functions of the two zones, by their centroids.

Distances are computed once for all pairs of the 266 zones and looked up afterwards, so one trip and three million get
the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from include.trips.places import assign_zone
from include.trips.zones import BOROUGHS, load_zones

__all__ = [
    "PairTables", "assign_zone", "bearing", "extract_zone_features", "haversine_distance", "is_airport_trip",
    "is_jfk_flat_trip", "manhattan_distance", "pair_tables",
]  # fmt: skip

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG."""
GRID_BEARING_DEG = 29.0
"""Manhattan's avenues run 29 degrees east of true north."""
JFK_ZONE = 132


@dataclass(frozen=True)
class PairTables:
    """float32 look-up arrays of shape (266, 266), [pickup_zone, dropoff_zone]."""

    haversine_km: np.ndarray
    manhattan_km: np.ndarray
    bearing_sin: np.ndarray
    bearing_cos: np.ndarray


def haversine_distance(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Four (n,) arrays in degrees -> (n,) great-circle km; NaN in, NaN out. Sphere, R = 6371.0088 (IUGG)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    a = np.sin((phi2 - phi1) / 2) ** 2
    a = a + np.cos(phi1) * np.cos(phi2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(a, 0, 1))))


def bearing(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Four (n,) arrays in degrees -> (n,) initial bearing in radians, clockwise from north; 0 for the same point."""
    phi1, phi2, delta = np.radians(lat1), np.radians(lat2), np.radians(lon2 - lon1)
    y = np.sin(delta) * np.cos(phi2)
    x = np.cos(phi1) * np.sin(phi2) - np.sin(phi1) * np.cos(phi2) * np.cos(delta)
    return np.asarray(np.arctan2(y, x))


def manhattan_distance(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Four (n,) arrays in degrees -> (n,) km along the city's street grid, rotated 29 degrees from north."""
    direct = haversine_distance(lat1, lon1, lat2, lon2)
    angle = bearing(lat1, lon1, lat2, lon2) - np.radians(GRID_BEARING_DEG)
    return np.asarray(direct * (np.abs(np.cos(angle)) + np.abs(np.sin(angle))))


@cache
def pair_tables() -> PairTables:
    """The geometry of every zone pair, computed once a process; arrays are read-only."""
    zones = load_zones()
    places = (zones.lat[:, None], zones.lon[:, None], zones.lat[None, :], zones.lon[None, :])
    angle = bearing(*places)
    arrays = [
        array.astype(np.float32)
        for array in (haversine_distance(*places), manhattan_distance(*places), np.sin(angle), np.cos(angle))
    ]
    for array in arrays:
        array.setflags(write=False)
    return PairTables(*arrays)


def is_airport_trip(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> np.ndarray:
    """Two (n,) zone arrays -> (n,) bool, either end at JFK, LaGuardia or Newark."""
    airport = load_zones().airport
    return np.asarray((airport[pickup_zone] | airport[dropoff_zone]) == 1)


def is_jfk_flat_trip(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> np.ndarray:
    """Two (n,) zone arrays -> (n,) bool, between JFK and Manhattan, where the flat fare applies."""
    manhattan = load_zones().borough == BOROUGHS.index("Manhattan")
    outward = (pickup_zone == JFK_ZONE) & manhattan[dropoff_zone]
    return np.asarray(outward | ((dropoff_zone == JFK_ZONE) & manhattan[pickup_zone]))


def extract_zone_features(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> dict[str, np.ndarray]:
    """Two (n,) integer zone arrays, each 1..265 -> the geospatial features by name, each (n,)."""
    zones, pairs = load_zones(), pair_tables()
    return {
        "pickup_zone": pickup_zone,
        "dropoff_zone": dropoff_zone,
        "pickup_lat": zones.lat[pickup_zone],
        "pickup_lon": zones.lon[pickup_zone],
        "dropoff_lat": zones.lat[dropoff_zone],
        "dropoff_lon": zones.lon[dropoff_zone],
        "haversine_km": pairs.haversine_km[pickup_zone, dropoff_zone],
        "manhattan_km": pairs.manhattan_km[pickup_zone, dropoff_zone],
        "bearing_sin": pairs.bearing_sin[pickup_zone, dropoff_zone],
        "bearing_cos": pairs.bearing_cos[pickup_zone, dropoff_zone],
        "pickup_borough": zones.borough[pickup_zone],
        "dropoff_borough": zones.borough[dropoff_zone],
        "same_zone": pickup_zone == dropoff_zone,
        "is_airport": is_airport_trip(pickup_zone, dropoff_zone),
        "is_jfk_flat": is_jfk_flat_trip(pickup_zone, dropoff_zone),
        "places_known": zones.known[pickup_zone] & zones.known[dropoff_zone],
    }
