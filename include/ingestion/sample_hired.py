"""The sample's for-hire trips: bases that report little (fhv) and the high-volume companies that report much (fhvhv).

No whole month of either was at hand: names and types follow TLC's files and data dictionaries, amounts follow the pay
rules and rates that TLC has published, and shares are round numbers.
"""

from __future__ import annotations

import numpy as np

from include.ingestion import sample_facts as facts
from include.ingestion.sample_clock import log_speed
from include.ingestion.sample_pairs import draw_pairs, time_band, times_of
from include.ingestion.sample_places import JFK, LAGUARDIA, NEWARK, NOWHERE, street_map
from include.ingestion.sample_roads import draw_ways, seconds_driven
from include.ingestion.sample_tariff import charge, congestion, tolls
from include.trips.month import Month

Columns = dict[str, np.ndarray]
BASES = 200
"""Bases of the sample's fhv trips; their numbers are made up."""
NO_PLACE_SHARE: facts.Points = ((2015, 1, 0.75), (2017, 1, 0.55), (2018, 1, 0.30), (2019, 1, 0.83), (2026, 1, 0.83))
"""Trips whose base names no pick-up zone."""
SHARED: facts.Points = ((2018, 1, 0.12), (2019, 12, 0.15), (2020, 4, 0.0), (2022, 6, 0.01), (2025, 1, 0.02))
COMPANIES = ("HV0003", "HV0005", "HV0004", "HV0002")
COMPANY_SHARES = {
    "2019-02": (0.70, 0.21, 0.05, 0.04),
    "2019-12": (0.72, 0.24, 0.04, 0.0),
    "2022-01": (0.73, 0.27, 0, 0),
}
COMPANY_BASES = ("B02764", "B02510", "B02800", "B02914")
BOOKING_CENTS, MILE_CENTS, MINUTE_CENTS, LEAST_CENTS = 255, 175, 35, 700
SURGE = 0.22
"""Spread of the log fare between trips alike."""
PAY_MILE_CENTS, PAY_MINUTE_CENTS, PAY_SINCE = 131, 56, 2022
"""TLC's minimum pay per trip since 2022."""
SALES_TAX, BLACK_CAR_FUND, TIPPED = 0.08875, 0.0275, 0.18
ACCESSIBLE_SHARE = 0.07


def hired_chunk(
    service: str, month: Month, pickup: np.ndarray, seed: tuple[int, ...], rng: np.random.Generator
) -> tuple[Columns, Columns]:
    """Sorted (n,) pick-ups -> canonical columns, amounts in cents, and masks of their nulls."""
    start, end = draw_pairs("hired", time_band(pickup), times_of(service, month), rng)
    miles = draw_ways(start, end, rng).miles
    seconds = seconds_driven(service, miles, start, end, log_speed(service, month, pickup, seed), rng)
    trips = {"pickup_at": pickup, "dropoff_at": pickup + seconds.astype("timedelta64[s]"), "pickup_zone": start,
             "dropoff_zone": end}  # fmt: skip
    if service == "fhv":
        return _by_base(month, trips, rng)
    money = _fares(month, pickup, start, end, miles, seconds, rng)
    return _by_company(month, {**trips, **money, "distance_mi": np.round(miles, 2), "trip_seconds": seconds}, rng)


def _by_base(month: Month, trips: Columns, rng: np.random.Generator) -> tuple[Columns, Columns]:
    n = len(trips["pickup_at"])
    numbers = np.array([f"B{90_000 + 7 * base:05d}" for base in range(BASES)], object)
    base = np.minimum(rng.exponential(BASES / 6, n).astype(np.int64), BASES - 1)
    nowhere = rng.random(n) < facts.share_at(NO_PLACE_SHARE, month)
    lost = nowhere & (rng.random(n) < 0.2)
    shared = rng.random(n) < facts.share_at(SHARED, month)
    columns = {**trips, "base_number": numbers[base], "affiliated_base_number": numbers[base],
               "shared_ride": np.ones(n), "pickup_zone": np.where(lost, NOWHERE, trips["pickup_zone"])}  # fmt: skip
    nulls = {"pickup_zone": nowhere & ~lost, "dropoff_zone": nowhere & (rng.random(n) < 0.25), "shared_ride": ~shared}
    return columns, nulls


def _fares(
    month: Month, pickup: np.ndarray, start: np.ndarray, end: np.ndarray, miles: np.ndarray, seconds: np.ndarray,
    rng: np.random.Generator,
) -> Columns:  # fmt: skip
    """An upfront price for the way and the time, and what comes on top of it; cents, (n,) each."""
    n = len(pickup)
    price = BOOKING_CENTS + MILE_CENTS * miles + MINUTE_CENTS * seconds / 60
    fare = np.maximum(np.round(price * np.exp(SURGE * rng.standard_normal(n))), LEAST_CENTS)
    ports = np.isin(start, (JFK, LAGUARDIA, NEWARK)) | np.isin(end, (JFK, LAGUARDIA, NEWARK))
    cbd = street_map().cbd
    pay = (PAY_MILE_CENTS * miles + PAY_MINUTE_CENTS * seconds / 60) * (1 if month.year >= PAY_SINCE else 0.88)
    tip = np.where(rng.random(n) < TIPPED, np.round(fare * rng.choice([0.1, 0.15, 0.2], n)), 0)
    return {
        "fare_usd": fare, "tolls_usd": tolls(pickup, start, end, rng), "tip_usd": tip,
        "black_car_fund_usd": fare * BLACK_CAR_FUND, "sales_tax_usd": fare * SALES_TAX,
        "congestion_usd": congestion("fhvhv", pickup, start, end),
        "airport_fee_usd": ports * charge("app_airport", pickup),
        "cbd_fee_usd": (cbd[start] | cbd[end]) * charge("app_cbd", pickup),
        "driver_pay_usd": np.maximum(pay * np.exp(0.1 * rng.standard_normal(n)), 300),
    }  # fmt: skip


def _by_company(month: Month, trips: Columns, rng: np.random.Generator) -> tuple[Columns, Columns]:
    n = len(trips["pickup_at"])
    shares = [shares for since, shares in COMPANY_SHARES.items() if since <= str(month)][-1]
    company = np.minimum(np.searchsorted(np.cumsum(shares), rng.random(n), side="right"), len(COMPANIES) - 1)
    wait = np.round(np.clip(rng.gamma(2.2, 110, n), 5, 3600)).astype("timedelta64[s]")
    boarding = np.round(rng.uniform(5, 120, n)).astype("timedelta64[s]")
    accessible = rng.random(n) < ACCESSIBLE_SHARE
    asks = rng.random(n) < facts.share_at(SHARED, month)
    base = np.array(COMPANY_BASES, object)[company]
    uber = company == 0
    columns = {
        **trips, "license_number": np.array(COMPANIES, object)[company],
        "base_number": base, "origin_base_number": base,
        "request_at": trips["pickup_at"] - wait - boarding, "on_scene_at": trips["pickup_at"] - boarding,
        "shared_request": asks, "shared_match": asks & (rng.random(n) < 0.6), "access_a_ride": ~uber,
        "wav_request": accessible & (rng.random(n) < 0.03), "wav_match": accessible,
    }  # fmt: skip
    return columns, {"on_scene_at": ~(uber | accessible), "origin_base_number": ~uber}
