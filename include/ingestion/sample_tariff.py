"""What a trip cost by rule, by date, in cents: TLC's fare rules and the tolls that its meters recorded."""

from __future__ import annotations

import numpy as np

from include.ingestion.sample_places import JFK, LAGUARDIA, NEWARK, street_map
from include.trips.calendar import FIRST_DAY, holiday_table
from include.trips.zones import BOROUGHS, load_zones

BEGIN = "0001-01-01"
CHARGES: dict[str, tuple[tuple[str, float], ...]] = {
    "base": ((BEGIN, 250), ("2022-12-19", 300)),
    "unit": ((BEGIN, 40), ("2012-09-04", 50), ("2022-12-19", 70)),
    "jfk": ((BEGIN, 4500), ("2012-09-04", 5200), ("2022-12-19", 7000)),
    "newark": ((BEGIN, 1500), ("2012-09-04", 1750), ("2022-12-19", 2000)),
    "night": ((BEGIN, 50), ("2022-12-19", 100)),
    "rush": ((BEGIN, 100), ("2022-12-19", 250)),
    "jfk_rush": ((BEGIN, 0), ("2012-09-04", 450), ("2022-12-19", 500)),
    "laguardia": ((BEGIN, 0), ("2022-12-19", 500)),
    "mta": ((BEGIN, 0), ("2009-11-01", 50)),
    "improvement": ((BEGIN, 0), ("2015-01-01", 30), ("2022-12-19", 100)),
    "yellow_congestion": ((BEGIN, 0), ("2019-02-02", 250)),
    "congestion": ((BEGIN, 0), ("2019-02-02", 275)),
    "airport": ((BEGIN, 0), ("2021-04-01", 125), ("2022-12-19", 175)),
    "app_airport": ((BEGIN, 0), ("2021-04-01", 250)),
    "cbd": ((BEGIN, 0), ("2025-01-05", 75)),
    "app_cbd": ((BEGIN, 0), ("2025-01-05", 150)),
    "tunnel": ((BEGIN, 457), ("2010-12-30", 480), ("2015-03-22", 554), ("2017-03-19", 576), ("2019-03-31", 612),
               ("2021-04-11", 655), ("2023-08-06", 694)),
    "hudson": ((BEGIN, 800), ("2015-12-06", 1050), ("2020-01-05", 1175), ("2023-01-08", 1275)),
}  # fmt: skip
"""Each charge from its first day on."""
SLOW_SHARE = ((2, 4, 5, 7, 9, 11, 13.5, 17.5, 22, 28, 40), (0.78, 0.68, 0.61, 0.515, 0.43, 0.365, 0.30, 0.245, 0.205,
                                                           0.15, 0.08))  # fmt: skip
"""Share of a trip's time that the meter counts by the minute, below 12 mph, by the trip's mean mph; measured."""
SLOW_NOISE = 0.05
TOLL_SHARES = {
    ("Manhattan", "Brooklyn"): 0.12, ("Manhattan", "Queens"): 0.32, ("Manhattan", "Bronx"): 0.12,
    ("Manhattan", "EWR"): 0.97, ("Bronx", "Queens"): 0.94, ("Bronx", "Brooklyn"): 0.80, ("Brooklyn", "Queens"): 0.03,
    ("Unknown", "Manhattan"): 0.10, ("Staten Island", "Brooklyn"): 0.80, ("Staten Island", "Manhattan"): 0.85,
}  # fmt: skip
"""Trips with a toll between two boroughs, either way."""
AIRPORT_TOLL_SHARES = {JFK: 0.79, LAGUARDIA: 0.85}
"""Between Manhattan and an airport."""


def charge(name: str, pickup: np.ndarray) -> np.ndarray:
    """Sorted (n,) pick-ups -> (n,) cents in force then."""
    days, cents = zip(*CHARGES[name], strict=True)
    ends = np.searchsorted(pickup, np.array(days[1:], "datetime64[us]"))
    return np.repeat(np.asarray(cents, float), np.diff([0, *ends, len(pickup)]))


def metered_fare(pickup: np.ndarray, miles: np.ndarray, seconds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) cents at the standard rate: a unit for each fifth of a mile at speed, and for each minute when slow."""
    slow = np.interp(miles / seconds * 3600, *SLOW_SHARE) + SLOW_NOISE * rng.standard_normal(len(miles))
    units = np.maximum(np.round(miles * 5 + np.maximum(slow, 0) * seconds / 60), 0)
    return np.asarray(charge("base", pickup) + charge("unit", pickup) * units)


def is_jfk_flat(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n,) bool: between JFK and Manhattan."""
    manhattan = street_map().manhattan
    return np.asarray(((start == JFK) & manhattan[end]) | ((end == JFK) & manhattan[start]))


def extras(pickup: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n,) cents by the clock: overnight 20-06, rush 16-20 on working days; more to JFK in the rush, from LaGuardia."""
    hours = pickup.astype("datetime64[h]").astype(np.int64)
    hour, day = hours % 24, hours // 24
    working = ((day + 3) % 7 < 5) & (holiday_table()[np.maximum(day - FIRST_DAY.astype(np.int64), 0)] == 0)
    rush = working & (hour >= 16) & (hour < 20)
    amount = np.where((hour >= 20) | (hour < 6), charge("night", pickup), 0.0)
    flat = is_jfk_flat(start, end)
    amount = np.where(rush, np.where(flat, charge("jfk_rush", pickup), charge("rush", pickup)), amount)
    return np.asarray(np.where(flat & ~rush, 0.0, amount) + (start == LAGUARDIA) * charge("laguardia", pickup))


def congestion(service: str, pickup: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n,) cents for trips that touch Manhattan south of 96th Street."""
    touched = street_map().surcharged[start] | street_map().surcharged[end]
    return np.asarray(touched * charge("yellow_congestion" if service == "yellow" else "congestion", pickup))


def tolls(pickup: np.ndarray, start: np.ndarray, end: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) cents of bridges and tunnels."""
    paid = rng.random(len(pickup)) < toll_shares()[start, end]
    over_hudson = (start == NEWARK) | (end == NEWARK)
    return np.asarray(paid * np.where(over_hudson, charge("hudson", pickup), charge("tunnel", pickup)))


def toll_shares() -> np.ndarray:
    """(266, 266) share of trips with a toll."""
    boroughs = np.zeros((len(BOROUGHS), len(BOROUGHS)))
    for (one, other), share in TOLL_SHARES.items():
        boroughs[BOROUGHS.index(one), BOROUGHS.index(other)] = share
    of = load_zones().borough
    shares = np.maximum(boroughs, boroughs.T)[of][:, of]
    for airport, share in AIRPORT_TOLL_SHARES.items():
        shares[airport, street_map().manhattan] = share
        shares[street_map().manhattan, airport] = share
    return np.asarray(shares)
