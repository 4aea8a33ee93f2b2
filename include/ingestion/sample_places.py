"""Where the sample's trips go: zone pairs by demand and distance, and the way along the street grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from include.ingestion.sample_facts import DEMANDS, ByBorough
from include.trips.zones import UNKNOWN_ZONES, ZONE_COUNT, load_zones, zone_rows

TIMES_SQUARE = (40.758, -73.985)
KM_PER_DEGREE = (111.2, 84.3)
"""North and east, at the city's latitude."""
AVENUES = np.radians(29.0)
KM_PER_MILE = 1.609344
JFK, LAGUARDIA, NEWARK = 132, 138, 1
NOWHERE, OUTSIDE = UNKNOWN_ZONES
SIXTIETH_STREET_KM = 1.2
"""Along the avenues from Times Square; the congestion zone lies south of it."""
DETOURS = ((0, 2.5, 4, 6.5, 15), (1.0, 1.0, 1.05, 1.16, 1.22))
"""Driven over street-grid distance, by miles: bridges and motorways cost the longer trips more."""


@dataclass(frozen=True)
class StreetMap:
    """Arrays of shape (266,): km along and across the avenues from Times Square, and the width a zone spreads over."""

    along: np.ndarray
    across: np.ndarray
    width: np.ndarray
    manhattan: np.ndarray
    known: np.ndarray
    slow: np.ndarray
    """Log speed of streets there, against the city's: midtown is slower."""
    cbd: np.ndarray


@cache
def street_map() -> StreetMap:
    """The zones on the rotated street grid, computed once a process."""
    zones = load_zones()
    north = (zones.lat - TIMES_SQUARE[0]) * KM_PER_DEGREE[0]
    east = (zones.lon - TIMES_SQUARE[1]) * KM_PER_DEGREE[1]
    along = north * np.cos(AVENUES) + east * np.sin(AVENUES)
    across = east * np.cos(AVENUES) - north * np.sin(AVENUES)
    area = np.ones(ZONE_COUNT)
    for row in zone_rows():
        area[int(row["LocationID"])] = float(row["area_km2"] or 1)
    width = np.where(zones.airport == 1, 0.8, np.minimum(np.sqrt(area), 2.2))
    slow = 0.13 - 0.30 * np.exp(-(along**2 + across**2) / 2.3**2)
    manhattan = zones.borough == 2
    return StreetMap(along, across, width, manhattan, zones.known == 1, slow, manhattan & (along < SIXTIETH_STREET_KM))


@cache
def pair_cdf(service: str) -> np.ndarray:
    """(266 * 266,) cumulative share of trips per zone pair: where trips start, then a gravity law for where they go."""
    demand, zones = DEMANDS[service], load_zones()
    starts = _weights(demand.pickups, demand.other_pickup)
    pull = _weights(demand.dropoffs, demand.other_dropoff)[None, :] * np.exp(-_effective_km() / demand.reach_km)
    same = zones.borough[:, None] == zones.borough[None, :]
    pull = pull * np.where(same, np.asarray(demand.home)[zones.borough][:, None], 1.0)
    pull[:, 0] = 0
    pull /= pull.sum(axis=1, keepdims=True)
    pull[NOWHERE] *= 0.2  # most trips from nowhere also end there
    pull[NOWHERE, NOWHERE] += 0.8
    share = np.cumsum((starts[:, None] * pull).ravel())
    return np.asarray(share / share[-1])


def _weights(listed: dict[int, float], other: ByBorough) -> np.ndarray:
    weights = np.asarray(other, float)[load_zones().borough]
    weights[0] = 0
    for zone, weight in listed.items():
        weights[zone] = weight
    return np.asarray(weights)


def _effective_km() -> np.ndarray:
    """(266, 266) km that deter a trip: airports draw from afar, unknown places are a usual trip away."""
    places, zones = street_map(), load_zones()
    km = np.abs(places.along[:, None] - places.along) + np.abs(places.across[:, None] - places.across)
    airport = zones.airport == 1
    km = np.where(airport[:, None] | airport, km * 0.25, km)
    return np.asarray(np.where(places.known[:, None] & places.known, km, 4.0))


def draw_pairs(service: str, rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(rows,) pick-up and drop-off zones, int64."""
    pair = np.searchsorted(pair_cdf(service), rng.random(rows), side="right")
    return pair // ZONE_COUNT, pair % ZONE_COUNT


def drive_miles(pickup: np.ndarray, dropoff: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) zones -> (n,) miles driven between a random point of each; unknown places get a usual trip's length."""
    places = street_map()
    along = places.along[dropoff] - places.along[pickup] + _jitter(pickup, rng) + _jitter(dropoff, rng)
    across = places.across[dropoff] - places.across[pickup] + _jitter(pickup, rng) + _jitter(dropoff, rng)
    miles = np.hypot((np.abs(along) + np.abs(across)) / KM_PER_MILE, 0.35)  # nobody hails a cab for one block
    unknown = ~(places.known[pickup] & places.known[dropoff])
    usual = np.where((pickup == OUTSIDE) | (dropoff == OUTSIDE), 12.0, 1.8)
    miles[unknown] = usual[unknown] * np.exp(0.6 * rng.standard_normal(int(unknown.sum())))
    return np.asarray(miles * np.interp(miles, *DETOURS) * np.exp(0.10 * rng.standard_normal(len(miles))))


def _jitter(zone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.asarray(street_map().width[zone] * (rng.random(len(zone)) - 0.5))
