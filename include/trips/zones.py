"""The 265 taxi zones as look-up arrays, indexed by LocationID.

Source: `data/zones.csv`, computed from the TLC zone shapefile (centroids in degrees, WGS 84) and the TLC zone look-up.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

ZONE_COUNT = 266
"""Length of every look-up array; index 0 is unused."""
UNKNOWN_ZONES = (264, 265)
"""Published for trips whose place is not known (264) or outside the city (265)."""
BOROUGHS = ("Unknown", "EWR", "Manhattan", "Brooklyn", "Queens", "Bronx", "Staten Island")
ZONES_FILE = Path(__file__).parent / "data" / "zones.csv"


@dataclass(frozen=True)
class Zones:
    """Look-up arrays of shape (266,). A zone without a place has the mean centroid of the city and `known` 0."""

    name: tuple[str, ...]
    borough: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    known: np.ndarray
    airport: np.ndarray
    yellow: np.ndarray


def zone_rows() -> list[dict[str, str]]:
    """The reference file's rows as text, one per zone."""
    with ZONES_FILE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def load_zones() -> Zones:
    """The zones, read once a process; arrays are read-only."""
    rows = {int(row["LocationID"]): row for row in zone_rows()}
    lat, lon = np.full(ZONE_COUNT, np.nan), np.full(ZONE_COUNT, np.nan)
    borough, airport, yellow = (np.zeros(ZONE_COUNT, np.int8) for _ in range(3))
    for zone, row in rows.items():
        borough[zone] = BOROUGHS.index(row["borough"])
        airport[zone] = int(row["is_airport"])
        yellow[zone] = row["service_zone"] == "Yellow Zone"
        if row["lat"]:
            lat[zone], lon[zone] = float(row["lat"]), float(row["lon"])
    known = np.isfinite(lat).astype(np.int8)
    lat[known == 0], lon[known == 0] = np.nanmean(lat), np.nanmean(lon)
    names = tuple(rows[zone]["zone"] if zone in rows else "" for zone in range(ZONE_COUNT))
    for array in (borough, lat, lon, known, airport, yellow):
        array.setflags(write=False)
    return Zones(names, borough, lat, lon, known, airport, yellow)
