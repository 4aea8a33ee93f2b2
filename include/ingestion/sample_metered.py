"""The sample's yellow and green trips, a chunk at a time: from pick-up times to canonical columns."""

from __future__ import annotations

import numpy as np

from include.ingestion import sample_facts as facts
from include.ingestion.sample_bill import LIVERY_UNTIL, Ride, bill
from include.ingestion.sample_clock import log_speed
from include.ingestion.sample_faults import Faults, draw_faults, with_faults
from include.ingestion.sample_pairs import draw_pairs, time_band, times_of
from include.ingestion.sample_places import NOWHERE, to_degrees
from include.ingestion.sample_roads import Ways, draw_ways, seconds_driven
from include.trips.month import Month

PASSENGERS = {
    ("yellow", True): (0.048, 0.752, 0.152, 0.033, 0.015, 0.0, 0.0),
    ("yellow", False): (0.0002, 0.676, 0.157, 0.049, 0.020, 0.060, 0.0378),
    ("green", True): (0.035, 0.860, 0.082, 0.017, 0.004, 0.001, 0.001),
    ("green", False): (0.0006, 0.860, 0.073, 0.012, 0.0044, 0.030, 0.020),
}
"""Shares of 0..6 passengers, by service and whether the meter is vendor 1's."""
STORED_SHARE = 0.017
"""Of vendor 1's trips, held in the car's memory; vendor 2 knows no such thing."""
WHOLE_MINUTES = {"yellow": 0.6, "green": 0.97}
"""App-dispatched trips that last whole minutes; pick-ups keep their second, to stay in order."""
NULL_BLOCK = ("passenger_count", "rate_code", "store_and_fwd", "congestion_usd", "airport_fee_usd", "trip_type")
CONGESTION_SINCE = np.datetime64("2019-01-21")
"""From here on the column is filled."""


def metered_chunk(
    service: str, month: Month, pickup: np.ndarray, seed: tuple[int, ...], rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Sorted (n,) pick-ups -> canonical columns, amounts in cents, and masks of their nulls."""
    n = len(pickup)
    app = rng.random(n) < facts.share_at(facts.APP_SHARE[service], month)
    first = (rng.random(n) < facts.share_at(facts.FIRST_VENDOR_SHARE[service], month)) & ~app
    faults = draw_faults(service, month, first, rng)
    start, end = _zones(service, month, pickup, app, faults, rng)
    ways = draw_ways(start, end, rng)
    seconds = seconds_driven(service, ways.miles, start, end, log_speed(service, month, pickup, seed), rng)
    bills = bill(service, month, Ride(pickup, start, end, ways.miles, seconds, app, first), rng)
    whole = app & (rng.random(n) < WHOLE_MINUTES[service])
    decimals = np.where(first, 10, 100)
    trips = {
        "pickup_at": pickup, "pickup_zone": start, "dropoff_zone": end,
        "seconds": np.where(whole, np.ceil(seconds / 60) * 60, seconds),
        "distance_mi": np.round(ways.miles * decimals) / decimals, "vendor_id": np.where(first, 1, 2), "app": app,
        "passenger_count": _passengers(service, first, rng),
        "store_and_fwd": first & (rng.random(n) < STORED_SHARE), **bills,
        "trip_type": np.where(bills["rate_code"] == 5, 2, 1), **_coordinates(month, start, end, ways),
    }  # fmt: skip
    trips = with_faults(trips, faults, rng)
    trips["dropoff_at"] = trips["pickup_at"] + trips["seconds"].astype("timedelta64[s]")
    return trips, _nulls(service, trips)


def _zones(
    service: str, month: Month, pickup: np.ndarray, app: np.ndarray, faults: Faults, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    band, times = time_band(pickup), times_of(service, month)
    start, end = draw_pairs(service, band, times, rng)
    if month < LIVERY_UNTIL:
        rows = np.flatnonzero(app)
        start[rows], end[rows] = draw_pairs("app", band[rows], times, rng)
    return start, np.where(faults.stays, start, end)


def _passengers(service: str, first: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    luck, count = rng.random(len(first)), np.empty(len(first), np.int64)
    for vendor in (True, False):
        rows, ends = first == vendor, np.cumsum(PASSENGERS[service, vendor])
        count[rows] = np.searchsorted(ends / ends[-1], luck[rows], side="right")
    return count


def _coordinates(month: Month, start: np.ndarray, end: np.ndarray, ways: Ways) -> dict[str, np.ndarray]:
    """Where the meter was engaged and disengaged, for the years that published it; 0 where it did not know."""
    if month >= Month(2016, 7):
        return {}
    columns = {}
    for which, zone, spots in (("pickup", start, ways.start), ("dropoff", end, ways.end)):
        lat, lon = to_degrees(spots[:, 0], spots[:, 1])
        columns[f"{which}_lat"] = np.where(zone == NOWHERE, 0.0, np.round(lat, 6))
        columns[f"{which}_lon"] = np.where(zone == NOWHERE, 0.0, np.round(lon, 6))
    return columns


def _nulls(service: str, trips: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    app = trips["app"]
    nulls = dict.fromkeys(NULL_BLOCK, app)
    nulls["congestion_usd"] = app | (trips["pickup_at"] < CONGESTION_SINCE)
    if service == "green":
        nulls["payment_type"] = app
    return nulls
