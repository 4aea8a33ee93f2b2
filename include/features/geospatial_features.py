"""Where a trip goes, as numbers: pure functions of the two zones, by their centroids.

All of them are computed once for every pair of the 266 zones and looked up afterwards.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from include.features.lookup import Lookup
from include.trips.manhattan import FIFTH_AND_60TH, GRID_BEARING_DEG, congestion_zones, grid_place, zones_south_of
from include.trips.places import assign_zone
from include.trips.zones import BOROUGHS, ZONE_COUNT, load_zones

__all__ = [
    "assign_zone", "bearing", "borough_of", "extract_zone_features", "grid_components", "haversine_distance",
    "is_airport_trip", "is_in_cbd", "is_jfk_flat_trip", "is_surcharge_trip", "manhattan_distance", "pair_index",
    "pair_table",
]  # fmt: skip

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG."""
JFK_ZONE = 132


def haversine_distance(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Four (n,) arrays in degrees -> (n,) great-circle km; NaN in, NaN out. Sphere, R = 6371.0088 (IUGG)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    a = np.sin((phi2 - phi1) / 2) ** 2
    a = a + np.cos(phi1) * np.cos(phi2) * np.sin(np.radians(np.subtract(lon2, lon1)) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(a, 0, 1))))


def bearing(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Four (n,) arrays in degrees -> (n,) initial bearing in radians, clockwise from north; 0 for the same point."""
    phi1, phi2, delta = np.radians(lat1), np.radians(lat2), np.radians(np.subtract(lon2, lon1))
    y = np.sin(delta) * np.cos(phi2)
    x = np.cos(phi1) * np.sin(phi2) - np.sin(phi1) * np.cos(phi2) * np.cos(delta)
    return np.asarray(np.arctan2(y, x))


def grid_components(
    lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Four (n,) arrays in degrees -> (n,) km along the avenues and (n,) km along the streets, neither negative.

    Manhattan's grid is rotated 29 degrees from north; it is taken for the whole city.
    """
    direct = haversine_distance(lat1, lon1, lat2, lon2)
    angle = bearing(lat1, lon1, lat2, lon2) - np.radians(GRID_BEARING_DEG)
    return np.abs(direct * np.cos(angle)), np.abs(direct * np.sin(angle))


def manhattan_distance(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Four (n,) arrays in degrees -> (n,) km along the city's street grid, rotated 29 degrees from north."""
    along_avenues, along_streets = grid_components(lat1, lon1, lat2, lon2)
    return np.asarray(along_avenues + along_streets)


def borough_of(zone: np.ndarray) -> np.ndarray:
    """(n,) zones -> (n,) int8 index into BOROUGHS; Unknown for 264 and 265."""
    return np.asarray(load_zones().borough[zone])


def is_airport_trip(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> np.ndarray:
    """Two (n,) zone arrays -> (n,) bool, either end at JFK, LaGuardia or Newark."""
    airport = load_zones().airport
    return np.asarray((airport[pickup_zone] | airport[dropoff_zone]) == 1)


def is_jfk_flat_trip(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> np.ndarray:
    """Two (n,) zone arrays -> (n,) bool, between JFK and Manhattan, where the flat fare applies."""
    manhattan = load_zones().borough == BOROUGHS.index("Manhattan")
    outward = (pickup_zone == JFK_ZONE) & manhattan[dropoff_zone]
    return np.asarray(outward | ((dropoff_zone == JFK_ZONE) & manhattan[pickup_zone]))


def is_in_cbd(zone: np.ndarray) -> np.ndarray:
    """(n,) zones -> (n,) bool, in Manhattan south of 60th Street: the congestion relief zone, whatever the date."""
    return np.asarray(zones_south_of(FIFTH_AND_60TH)[zone] == 1)


def is_surcharge_trip(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> np.ndarray:
    """Two (n,) zone arrays -> (n,) bool, either end in Manhattan south of 96th Street, where the surcharge applies."""
    south = congestion_zones()
    return np.asarray((south[pickup_zone] | south[dropoff_zone]) == 1)


def pair_index(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> np.ndarray:
    """Two (n,) arrays of zones 0..265 -> (n,) row of the pair table."""
    return np.asarray(pickup_zone * ZONE_COUNT + dropoff_zone)


def extract_zone_features(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> dict[str, np.ndarray]:
    """Two (n,) integer zone arrays, each 1..265 -> the geospatial features by name, each (n,) float32."""
    return pair_table().columns(pair_index(np.asarray(pickup_zone, np.int64), np.asarray(dropoff_zone, np.int64)))


@cache
def pair_table() -> Lookup:
    """One row per zone pair, pick-up zone * 266 + destination, computed once a process."""
    pickup_zone, dropoff_zone = np.divmod(np.arange(ZONE_COUNT * ZONE_COUNT), ZONE_COUNT)
    return Lookup.of(_of_the_pair(pickup_zone, dropoff_zone))


def _of_the_pair(pickup_zone: np.ndarray, dropoff_zone: np.ndarray) -> dict[str, np.ndarray]:
    zones = load_zones()
    places = (zones.lat[pickup_zone], zones.lon[pickup_zone], zones.lat[dropoff_zone], zones.lon[dropoff_zone])
    angle = bearing(*places)
    along_avenues, along_streets = grid_components(*places)
    starts, ends = grid_place(*places[:2]), grid_place(*places[2:])
    return {
        "pickup_zone": pickup_zone,
        "dropoff_zone": dropoff_zone,
        **dict(zip(("pickup_lat", "pickup_lon", "dropoff_lat", "dropoff_lon"), places, strict=True)),
        **dict(
            zip(
                ("pickup_along_km", "pickup_across_km", "dropoff_along_km", "dropoff_across_km"),
                (*starts, *ends),
                strict=True,
            )
        ),
        "haversine_km": haversine_distance(*places),
        "manhattan_km": along_avenues + along_streets,
        "avenue_km": along_avenues,
        "street_km": along_streets,
        "bearing_sin": np.sin(angle),
        "bearing_cos": np.cos(angle),
        "pickup_borough": borough_of(pickup_zone),
        "dropoff_borough": borough_of(dropoff_zone),
        "pickup_in_cbd": is_in_cbd(pickup_zone),
        "dropoff_in_cbd": is_in_cbd(dropoff_zone),
        "is_surcharge_trip": is_surcharge_trip(pickup_zone, dropoff_zone),
        "same_zone": pickup_zone == dropoff_zone,
        "is_airport": is_airport_trip(pickup_zone, dropoff_zone),
        "is_jfk_flat": is_jfk_flat_trip(pickup_zone, dropoff_zone),
        "places_known": zones.known[pickup_zone] & zones.known[dropoff_zone],
    }
