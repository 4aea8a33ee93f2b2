"""Manhattan's street grid, and the zones south of the two streets where a trip begins to cost more.

A zone of Manhattan is south of a street when its centroid is, measured along the avenues. No zone is close to either
line: the nearest centroids are 0.2 km south and 0.5 km north of 60th Street, 0.3 km south and 0.5 km north of 96th.
Real months agree: trips inside a zone south of 96th Street pay the congestion surcharge, those inside one north of it
do not (`tests/integration/features/test_real_months.py`).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from include.trips.zones import BOROUGHS, load_zones

GRID_BEARING_DEG = 29.0
"""Manhattan's avenues run 29 degrees east of true north."""
KM_A_DEGREE = 111.19
"""Of latitude; a degree of longitude is shorter by the cosine of the latitude."""
FIFTH_AND_60TH = (40.7648, -73.9730)
"""Latitude and longitude of the corner; 60th Street bounds the MTA's congestion relief zone."""
FIFTH_AND_96TH = (40.7878, -73.9562)
"""96th Street bounds the state's congestion surcharge."""


def grid_place(
    lat: np.ndarray, lon: np.ndarray, corner: tuple[float, float] = FIFTH_AND_60TH
) -> tuple[np.ndarray, np.ndarray]:
    """Two (n,) arrays in degrees -> (n,) km up the avenues and (n,) km east along the streets, from a corner.

    On a plane, which over the city is off by less than 0.1 %.
    """
    north = (lat - corner[0]) * KM_A_DEGREE
    east = (lon - corner[1]) * KM_A_DEGREE * np.cos(np.radians(corner[0]))
    angle = np.radians(GRID_BEARING_DEG)
    return east * np.sin(angle) + north * np.cos(angle), east * np.cos(angle) - north * np.sin(angle)


ROOSEVELT_ISLAND = 202
"""Manhattan, south of 96th Street by its place, and not in the surcharge's zone: six of seven trips paid nothing."""


@cache
def congestion_zones() -> np.ndarray:
    """(266,) int8, 1 for the zones of the state's congestion surcharge: Manhattan south of 96th Street but one.

    Central Park (43) and the north of the Upper West Side (238) are divided by the street, and count.
    """
    zones = zones_south_of(FIFTH_AND_96TH).copy()
    zones[ROOSEVELT_ISLAND] = 0
    zones.setflags(write=False)
    return zones


@cache
def zones_south_of(corner: tuple[float, float]) -> np.ndarray:
    """(266,) int8, 1 for Manhattan's zones south of the street through this corner (latitude, longitude)."""
    zones = load_zones()
    up_the_avenues, _ = grid_place(zones.lat, zones.lon, corner)
    south = np.asarray((zones.borough == BOROUGHS.index("Manhattan")) & (up_the_avenues < 0), np.int8)
    south.setflags(write=False)
    return south
