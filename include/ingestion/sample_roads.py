"""How the sample's cars drive: the way along the street grid with its detours, and the time that it takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from include.ingestion.sample_places import NOWHERE, OUTSIDE, SPOTS, street_map, zone_spots
from include.trips.zones import ZONE_COUNT

KM_PER_MILE = 1.609344
SHORTEST_MILES = 0.35
"""Nobody hails a cab for one block."""
DETOURS = ((0, 1, 3, 5, 7, 9, 14), (1.0, 0.97, 0.97, 1.06, 1.20, 1.12, 1.20))
"""Driven over street-grid distance, by miles: bridges and motorways cost the longer trips more."""
PAIR_NOISE = 0.09
"""Standard deviation of the log detour between pairs of zones: one-way streets, parks, where the bridge is."""
ROUTE_NOISE, WRONG_TURN, WRONG_TURN_SHARE = 0.07, 0.34, 0.13
"""Of the log distance between trips alike: most vary little, one in eight goes a good deal farther."""
SPEED_BY_LOG_MILES = (0.175, 0.062)
"""Log speed rises with log miles: linear and square coefficient."""
SPEED_NOISE = ((0.25, 0.75, 1.25, 2.0, 4.0), (0.50, 0.345, 0.30, 0.25, 0.225))
"""Standard deviation of log speed between trips alike, by miles: a red light more matters on a short trip."""
NOISE_TIMES = {"yellow": 1.0, "green": 0.88, "fhv": 0.95, "fhvhv": 0.95}


@dataclass(frozen=True)
class Ways:
    """Arrays of shape (n,): miles driven, and where the ends lie in km along and across the avenues."""

    miles: np.ndarray
    start: np.ndarray
    end: np.ndarray


def draw_ways(pickup: np.ndarray, dropoff: np.ndarray, rng: np.random.Generator) -> Ways:
    """(n,) zones -> the ways between a spot in each; unknown places get a usual trip's length. Ends are (n, 2)."""
    spots = zone_spots()
    start = spots[pickup, rng.integers(0, SPOTS, len(pickup), np.int16)]
    end = spots[dropoff, rng.integers(0, SPOTS, len(pickup), np.int16)]
    grid = np.abs(end - start).sum(axis=1) / KM_PER_MILE
    miles = np.hypot(grid, SHORTEST_MILES)
    miles = _where_unknown(miles, pickup, dropoff, rng)
    miles = miles * np.interp(miles, *DETOURS) * pair_detours()[pickup, dropoff]
    wrong = rng.random(len(miles)) < WRONG_TURN_SHARE
    route = ROUTE_NOISE * rng.standard_normal(len(miles))
    route[wrong] += WRONG_TURN * rng.standard_exponential(int(wrong.sum()))
    return Ways(miles * np.exp(route), start, end)


def _where_unknown(miles: np.ndarray, pickup: np.ndarray, dropoff: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    known = street_map().known
    rows = np.flatnonzero(~(known[pickup] & known[dropoff]))
    far = ((pickup[rows] == OUTSIDE) | (dropoff[rows] == OUTSIDE)) & (pickup[rows] != NOWHERE)
    usual = np.where(far, 12.0, 1.8) * np.exp(0.75 * rng.standard_normal(len(rows)))
    given = miles.copy()
    given[rows] = usual
    return given


@cache
def pair_detours() -> np.ndarray:
    """(266, 266) factor of each pair of zones, the same in every month."""
    return np.asarray(np.exp(PAIR_NOISE * np.random.default_rng(20190102).standard_normal((ZONE_COUNT, ZONE_COUNT))))


def seconds_driven(
    service: str, miles: np.ndarray, pickup: np.ndarray, dropoff: np.ndarray, logs: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """(n,) whole seconds: miles over the hour's speed (`logs`, of mph), the streets at both ends, and the driver's."""
    log_miles = np.log(miles)
    slow = street_map().slow
    speed = logs + SPEED_BY_LOG_MILES[0] * log_miles + SPEED_BY_LOG_MILES[1] * log_miles**2
    speed = speed + (slow[pickup] + slow[dropoff]) / 2
    speed = speed + NOISE_TIMES[service] * np.interp(miles, *SPEED_NOISE) * rng.standard_normal(len(miles))
    return np.asarray(np.round(np.clip(miles / np.clip(np.exp(speed), 1.5, 65) * 3600, 5, 3 * 3600)))
