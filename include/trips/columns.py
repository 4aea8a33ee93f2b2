"""The canonical columns of a trip, each once: type, unit, bounds, meaning, who records it, and when it is known.

Parquet types, expectations, cleaning limits, warehouse columns and the API's request limits derive from this table; how
the eras of each service name and type them is in `layouts.py`. Source of meanings: TLC's data dictionaries for yellow,
green, FHV and high-volume FHV trip records (2025-03) and, for what they no longer describe, the files themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from include.errors import BadDataError

Known = Literal["pickup", "dropoff"]
Recorder = Literal["meter", "driver", "provider", "base", "app", "reader"]
YELLOW, GREEN, FHV, FHVHV = "yellow", "green", "fhv", "fhvhv"
METERED = (YELLOW, GREEN)
HIRED = (FHV, FHVHV)
ALL_SERVICES = (*METERED, *HIRED)
INT, LONG, REAL, TEXT, TIME = pa.int32(), pa.int64(), pa.float64(), pa.string(), pa.timestamp("us")


@dataclass(frozen=True)
class Column:
    """One canonical column. `low` and `high` bound plausible values, both included; outside them a row is suspect.

    `source` is who records the value. `known` is when a quote may use it. `until` is the last month whose files may
    have it ("" for no end); later months hold nulls.
    """

    name: str
    type: pa.DataType
    meaning: str
    source: Recorder = "meter"
    unit: str = ""
    known: Known = "dropoff"
    low: float | None = None
    high: float | None = None
    values: tuple[int | str, ...] = ()
    services: tuple[str, ...] = METERED
    until: str = ""


def _usd(name: str, meaning: str, high: float, **options: object) -> Column:
    return Column(name, REAL, meaning, unit="USD", low=0, high=high, **options)  # type: ignore[arg-type]


def _degrees(name: str, meaning: str, low: float, high: float) -> Column:
    return Column(name, REAL, meaning, unit="degrees", low=low, high=high, until="2016-06")


def _flag(name: str, meaning: str, known: Known) -> Column:
    return Column(name, TEXT, meaning, "app", values=("Y", "N"), known=known, services=(FHVHV,))


COLUMNS: tuple[Column, ...] = (
    Column("vendor_id", INT, "technology provider: 1 CMT, 2 Curb (VTS), 6 Myle, 7 Helix; 3 is ours for DDS, whom TLC "
           "names without a number (2009-10)", "provider", values=(1, 2, 3, 4, 5, 6, 7)),
    Column("license_number", TEXT, "high-volume company: HV0002 Juno, HV0003 Uber, HV0004 Via, HV0005 Lyft", "app",
           known="pickup", values=("HV0002", "HV0003", "HV0004", "HV0005"), services=(FHVHV,)),
    Column("base_number", TEXT, "TLC licence of the base that dispatched the trip", "base", known="pickup",
           services=HIRED),
    Column("origin_base_number", TEXT, "base that took the request", "base", known="pickup", services=(FHVHV,)),
    Column("affiliated_base_number", TEXT, "base that the vehicle belongs to", "base", known="pickup",
           services=(FHV,)),
    Column("request_at", TIME, "passenger asked for the trip", "app", known="pickup", services=(FHVHV,)),
    Column("on_scene_at", TIME, "driver arrived; accessible vehicles only", "app", known="pickup", services=(FHVHV,)),
    Column("pickup_at", TIME, "trip begins (meter engaged), naive New York time", known="pickup",
           services=ALL_SERVICES),
    Column("dropoff_at", TIME, "trip ends (meter disengaged), naive New York time; fhv: since 2017",
           services=ALL_SERVICES),
    Column("passenger_count", INT, "passengers, typed by the driver; null on app-dispatched trips", "driver",
           unit="persons", known="pickup", low=0, high=9),
    Column("distance_mi", REAL, "metered distance", unit="miles", low=0, high=200, services=(*METERED, FHVHV)),
    Column("trip_seconds", LONG, "time with the passenger aboard, as the company reports it", "app", unit="s", low=0,
           high=86_400, services=(FHVHV,)),
    Column("rate_code", INT, "rate in effect at the end of the trip", values=(1, 2, 3, 4, 5, 6, 99)),
    Column("store_and_fwd", TEXT, "Y when held in the vehicle's memory before sending", values=("Y", "N")),
    Column("pickup_zone", INT, "TLC zone of the pick-up; from the coordinates where a file has no zones",
           known="pickup", low=1, high=265, services=ALL_SERVICES),
    Column("dropoff_zone", INT, "TLC zone of the destination, named when the quote is asked", known="pickup", low=1,
           high=265, services=ALL_SERVICES),
    # A quote names zones: the coordinates reach us with the meter's record, after the trip.
    _degrees("pickup_lat", "latitude where the meter was engaged", 40.4, 41.0),
    _degrees("pickup_lon", "longitude where the meter was engaged", -74.3, -73.6),
    _degrees("dropoff_lat", "latitude where the meter was disengaged", 40.4, 41.0),
    _degrees("dropoff_lon", "longitude where the meter was disengaged", -74.3, -73.6),
    Column("payment_type", INT, "0 app-dispatched, 1 card, 2 cash, 3 no charge, 4 dispute, 5 unknown, 6 voided",
           "driver", values=(0, 1, 2, 3, 4, 5, 6)),
    _usd("fare_usd", "time-and-distance fare on the meter; fhvhv: base fare before tolls, tips, taxes and fees", 500,
         services=(*METERED, FHVHV)),
    _usd("extra_usd", "rush-hour and overnight extras", 50),
    _usd("mta_tax_usd", "MTA tax, since 2009-11", 5),
    _usd("tip_usd", "tip; cash tips are not recorded", 500, services=(*METERED, FHVHV)),
    _usd("tolls_usd", "bridge and tunnel tolls", 200, services=(*METERED, FHVHV)),
    _usd("improvement_usd", "improvement surcharge, since 2015", 5),
    _usd("total_usd", "what the passenger was charged, without cash tips", 1000),
    _usd("black_car_fund_usd", "Black Car Fund contribution", 50, source="app", services=(FHVHV,)),
    _usd("sales_tax_usd", "New York State sales tax", 100, source="app", services=(FHVHV,)),
    _usd("congestion_usd", "congestion surcharge, since 2019-02", 10, services=(*METERED, FHVHV)),
    _usd("airport_fee_usd", "airport pick-up fee, since 2021; fhvhv: drop-offs too", 10, services=(YELLOW, FHVHV)),
    _usd("cbd_fee_usd", "congestion-zone toll, since 2025-01", 10, services=(*METERED, FHVHV)),
    _usd("driver_pay_usd", "driver's pay without tolls and tips", 500, source="app", services=(FHVHV,)),
    _usd("ehail_usd", "e-hail fee, never charged", 10, services=(GREEN,)),
    Column("trip_type", INT, "1 street hail, 2 dispatch", values=(1, 2), services=(GREEN,)),
    Column("request_source", TEXT, "how the trip was asked for, reported since 2026", "provider"),
    Column("shared_ride", INT, "1 in a shared-ride chain; fhvhv files have it until 2020 only", "base", values=(0, 1),
           services=HIRED),
    _flag("shared_request", "passenger agreed to share", "pickup"),
    _flag("shared_match", "passenger shared the vehicle", "dropoff"),
    _flag("access_a_ride", "trip run for the MTA's Access-A-Ride", "pickup"),
    _flag("wav_request", "wheelchair-accessible vehicle asked for", "pickup"),
    _flag("wav_match", "trip made in a wheelchair-accessible vehicle", "dropoff"),
)  # fmt: skip

SOURCE_ROW = Column("source_row", LONG, "row number in the published file, from 0", "reader", services=ALL_SERVICES)
"""Added when a file is read; kept and quarantined rows together hold each number once."""

PICKUP_COLUMNS: tuple[str, ...] = tuple(
    c.name for c in COLUMNS if c.known == "pickup" and set(METERED) <= {*c.services}
)
"""All that a model may see of the trip itself. A service without passenger counts quotes without them."""


def columns_for(service: str) -> tuple[Column, ...]:
    """The canonical columns of a service, in contract order; BadDataError for a service without a contract."""
    chosen = tuple(c for c in COLUMNS if service in c.services)
    if not chosen:
        raise BadDataError(f"No trip contract for service {service!r}; known services: {', '.join(ALL_SERVICES)}.")
    return chosen


def schema_for(service: str) -> pa.Schema:
    """Arrow schema of a raw month: the contract's columns and `source_row`."""
    return pa.schema([(c.name, c.type) for c in (*columns_for(service), SOURCE_ROW)])
