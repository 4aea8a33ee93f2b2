"""Where the sample's passengers stand: points inside the taxi zones, on a plane turned to Manhattan's avenues."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np

from include.trips.places import POLYGONS_FILE
from include.trips.zones import BOROUGHS, UNKNOWN_ZONES, ZONE_COUNT, load_zones

TIMES_SQUARE = (40.758, -73.985)
KM_PER_DEGREE = (111.2, 84.3)
"""North and east, at the city's latitude."""
AVENUES = np.radians(29.0)
NEWARK, JFK, LAGUARDIA = 1, 132, 138
NOWHERE, OUTSIDE = UNKNOWN_ZONES
SPOTS = 256
"""Points per zone; a trip starts and ends at one of them."""
TERMINALS = {NEWARK: (40.6895, -74.1770), JFK: (40.6441, -73.7822), LAGUARDIA: (40.7727, -73.8705)}
TERMINAL_KM = 0.7
NASSAU = (40.66, 40.78, -73.69, -73.60)
"""South, north, west, east of where trips out of the city (265) end: beyond Queens."""
SIXTIETH_STREET_KM, NINETY_SIXTH_STREET_KM = 1.2, 4.2
"""Along the avenues from Times Square: the congestion zones lie south of them."""


@dataclass(frozen=True)
class StreetMap:
    """Arrays of shape (266,): centroids in km along and across the avenues from Times Square, and what is there."""

    along: np.ndarray
    across: np.ndarray
    manhattan: np.ndarray
    known: np.ndarray
    airport: np.ndarray
    slow: np.ndarray
    """Log speed of streets there, against the city's: midtown is slower."""
    surcharged: np.ndarray
    """Manhattan south of 96th Street, where the congestion surcharge of 2019 applies."""
    cbd: np.ndarray
    """Manhattan south of 60th Street, where the fee of 2025 applies."""


@cache
def street_map() -> StreetMap:
    """The zones on the street grid, computed once a process."""
    zones = load_zones()
    along, across = to_grid(zones.lat, zones.lon)
    slow = 0.13 - 0.30 * np.exp(-(along**2 + across**2) / 2.3**2)
    manhattan = zones.borough == BOROUGHS.index("Manhattan")
    return StreetMap(
        along, across, manhattan, zones.known == 1, zones.airport == 1, slow,
        manhattan & (along < NINETY_SIXTH_STREET_KM), manhattan & (along < SIXTIETH_STREET_KM),
    )  # fmt: skip


@cache
def zone_spots() -> np.ndarray:
    """(266, SPOTS, 2) km along and across the avenues, inside each zone's polygon; the same in every month."""
    import shapely

    rng = np.random.default_rng(20190101)
    spots = np.zeros((ZONE_COUNT, SPOTS, 2))
    features = json.loads(POLYGONS_FILE.read_text(encoding="utf-8"))["features"]
    for feature in sorted(features, key=lambda feature: int(feature["properties"]["LocationID"])):
        zone = int(feature["properties"]["LocationID"])
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        if zone in TERMINALS:
            shape = shapely.Point(TERMINALS[zone][::-1]).buffer(TERMINAL_KM / KM_PER_DEGREE[0]).intersection(shape)
        spots[zone] = np.stack(to_grid(*_inside(shape, rng)), axis=1)
    south, north, west, east = NASSAU
    beyond = rng.uniform(south, north, SPOTS), rng.uniform(west, east, SPOTS)
    spots[OUTSIDE] = np.stack(to_grid(*beyond), axis=1)
    return spots


def _inside(shape: object, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(SPOTS,) latitudes and longitudes, uniform over a polygon."""
    import shapely

    shapely.prepare(shape)
    west, south, east, north = shapely.bounds(shape)
    lat, lon = np.empty(0), np.empty(0)
    while len(lat) < SPOTS:
        y, x = rng.uniform(south, north, 4 * SPOTS), rng.uniform(west, east, 4 * SPOTS)
        hit = shapely.contains_xy(shape, x, y)
        lat, lon = np.append(lat, y[hit]), np.append(lon, x[hit])
    return lat[:SPOTS], lon[:SPOTS]


def to_grid(lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees -> km along and across the avenues from Times Square."""
    north = (lat - TIMES_SQUARE[0]) * KM_PER_DEGREE[0]
    east = (lon - TIMES_SQUARE[1]) * KM_PER_DEGREE[1]
    return north * np.cos(AVENUES) + east * np.sin(AVENUES), east * np.cos(AVENUES) - north * np.sin(AVENUES)


def to_degrees(along: np.ndarray, across: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The inverse of `to_grid`."""
    north = along * np.cos(AVENUES) - across * np.sin(AVENUES)
    east = along * np.sin(AVENUES) + across * np.cos(AVENUES)
    return TIMES_SQUARE[0] + north / KM_PER_DEGREE[0], TIMES_SQUARE[1] + east / KM_PER_DEGREE[1]
