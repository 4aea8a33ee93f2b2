"""From which zone to which the sample's trips go: a gravity law held to the measured shares of zones and boroughs."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from include.ingestion import sample_facts as facts
from include.ingestion.sample_places import NOWHERE, OUTSIDE, street_map
from include.trips.month import Month
from include.trips.zones import BOROUGHS, ZONE_COUNT, load_zones

FACTS = Path(__file__).parent / "data"
BANDS = ("morning", "day", "evening", "night")
"""Working days 6-10, the day to 16, 16-21, and the night."""
REACH_KM = {"yellow": (1.9, 8.0), "green": (1.45, 5.0), "app": (7.0, 25.0), "hired": (2.5, 9.0)}
"""A zone so much farther away draws a trip 2.7 times more seldom: errands, and journeys."""
JOURNEYS = {"yellow": 0.10, "green": 0.05, "app": 0.20, "hired": 0.10}
"""Weight of journeys against errands at no distance."""
AIRPORT_KM = {"yellow": 0.1, "green": 0.3, "app": 0.2, "hired": 0.15}
"""A km to an airport deters as much as this on another trip."""
STAYS = {"yellow": (0.57, 0.8), "green": (0.28, 0.42), "app": (0.7, 0.9), "hired": (0.6, 0.8)}
"""Pull of the zone where a trip begins, against what a distance of 0 km says: in Manhattan, and elsewhere."""
SAME_NOWHERE = {NOWHERE: 40.0, OUTSIDE: 6.0}
"""Places that a meter did not note are mostly lost at both ends."""
ROUNDS = 12
HIRED_BOROUGHS = {"Manhattan": 0.40, "Brooklyn": 0.27, "Queens": 0.20, "Bronx": 0.115, "Staten Island": 0.015}
"""Shares of high-volume trips by borough of pick-up, rounded from TLC's monthly reports; not measured on trips."""
LOCKDOWN_FROM, LOCKDOWN_TO = (0.55, 0.80, 1.25, 2.3, 0.8), (0.40, 0.80, 1.20, 1.6, 0.9)
"""2020-06 over before, by start and end: airports, Manhattan below 60th Street, above, other boroughs, not known.

The product of both ends is what moved."""


def time_band(pickup: np.ndarray) -> np.ndarray:
    """(n,) datetime64 -> (n,) int8, the position in BANDS."""
    hour = pickup.astype("datetime64[h]").astype(np.int64) % 24
    working_day = (pickup.astype("datetime64[D]").astype(np.int64) + 3) % 7 < 5
    band = np.full(len(pickup), 1, np.int8)
    band[(hour < 10) & working_day] = 0
    band[hour >= 16] = 2
    band[(hour >= 21) | (hour < 6)] = 3
    return band


class Times(NamedTuple):
    """What differs between years: how far the city has shut (0..1), and how often meters do not know their place."""

    lockdown: float
    nowhere: float
    """Against the mean of the measured months."""


def times_of(service: str, month: Month) -> Times:
    """The times that a month falls into."""
    nowhere = facts.NOWHERE_TIMES.get(service, ((2019, 1, 1.0),))
    return Times(facts.share_at(facts.LOCKDOWN, month), facts.share_at(nowhere, month))


def draw_pairs(profile: str, band: np.ndarray, times: Times, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(n,) time bands -> (n,) pick-up and drop-off zones."""
    luck = rng.random(len(band))
    pair = np.empty(len(band), np.int64)
    for number in range(len(BANDS)):
        rows = np.flatnonzero(band == number)
        pair[rows] = np.searchsorted(_cumulative(profile, number, times), luck[rows], side="right")
    return pair // ZONE_COUNT, pair % ZONE_COUNT


@cache
def _cumulative(profile: str, band: int, times: Times) -> np.ndarray:
    """(266 * 266,) cumulative share of trips per pair of zones."""
    moved = [1 + times.lockdown * (np.asarray(factors)[_area()] - 1) for factors in (LOCKDOWN_FROM, LOCKDOWN_TO)]
    shares = pair_shares(profile, band) * moved[0][:, None] * moved[1][None, :]
    shares[NOWHERE] *= times.nowhere
    total = np.cumsum(shares.ravel())
    return np.asarray(total / total[-1])


@cache
def pair_shares(profile: str, band: int) -> np.ndarray:
    """(266, 266) shares, summing to 1: proportional fitting of the gravity law to rows, columns and borough pairs."""
    starts, ends, boroughs = _margins(profile, band)
    errand, journey = (np.exp(-_deterring_km(profile) / reach) for reach in REACH_KM[profile])
    shares = errand + JOURNEYS[profile] * journey
    shares[np.diag_indices(ZONE_COUNT)] *= np.where(street_map().manhattan, *STAYS[profile])
    for zone, times in SAME_NOWHERE.items():
        shares[zone, zone] *= times
    of = np.eye(len(BOROUGHS))[load_zones().borough]
    for _ in range(ROUNDS):
        if boroughs is not None:
            shares *= of @ _ratio(boroughs, of.T @ shares @ of) @ of.T
        shares *= _ratio(starts, shares.sum(axis=1))[:, None]
        shares *= _ratio(ends, shares.sum(axis=0))[None, :]
    return np.asarray(shares / shares.sum())


def _ratio(wanted: np.ndarray, held: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(wanted, held, out=np.zeros_like(wanted), where=held > 0))


def _margins(profile: str, band: int) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Shares of pick-up zones and drop-off zones, (266,) each, and of borough pairs, (7, 7)."""
    if profile == "hired":
        return *_hired_margins(band), None
    starts, ends = np.zeros(ZONE_COUNT), np.zeros(ZONE_COUNT)
    for row in _rows("sample_zones.csv", profile):
        starts[int(row["zone"])] = float(row[f"from_{BANDS[band]}"])
        ends[int(row["zone"])] = float(row[f"to_{BANDS[band]}"])
    boroughs = np.zeros((len(BOROUGHS), len(BOROUGHS)))
    for row in _rows("sample_boroughs.csv", profile):
        boroughs[BOROUGHS.index(row["pickup"]), BOROUGHS.index(row["dropoff"])] = float(row["trips"])
    return starts / starts.sum(), ends / ends.sum(), boroughs / boroughs.sum()


def _hired_margins(band: int) -> tuple[np.ndarray, np.ndarray]:
    """Cars called by app are everywhere: within a borough as the yellow, green and livery trips together."""
    seen = [_margins(profile, band)[:2] for profile in ("yellow", "green", "app")]
    both = []
    for weights in (np.sum([margins[end] for margins in seen], axis=0) for end in (0, 1)):
        spread = np.zeros(ZONE_COUNT)
        for name, share in HIRED_BOROUGHS.items():
            there = load_zones().borough == BOROUGHS.index(name)
            spread[there] = share * (weights[there] / weights[there].sum() + 0.4 / there.sum())
        spread[OUTSIDE] = 0.03 * spread.sum()
        both.append(spread / spread.sum())
    return both[0], both[1]


@cache
def _rows(name: str, profile: str) -> list[dict[str, str]]:
    with (FACTS / name).open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["profile"] == profile]


def _deterring_km(profile: str) -> np.ndarray:
    """(266, 266) km that deter a trip: airports draw from afar, unknown places are a usual trip away."""
    places = street_map()
    km = np.abs(places.along[:, None] - places.along) + np.abs(places.across[:, None] - places.across)
    km = np.where(places.airport[:, None] | places.airport, km * AIRPORT_KM[profile], km)
    return np.asarray(np.where(places.known[:, None] & places.known, km, 4.0))


def _area() -> np.ndarray:
    """(266,) int: 0 airport, 1 Manhattan below 60th Street, 2 above, 3 elsewhere, 4 not known."""
    places = street_map()
    return np.select([places.airport, places.cbd, places.manhattan, places.known], [0, 1, 2, 3], 4)
