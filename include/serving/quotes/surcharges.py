"""What a trip is charged beside its fare, item by item, by the tariff of its date.

An item is certain when service, zones and time decide it, as the tariff's rules say and real months confirm; else it is
listed with its condition and is in no total. Tolls and tips are nobody's rule and are never listed; for fhvhv the sales
tax and the Black Car Fund are not in the tariff table either.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

from include.features.geospatial_features import JFK_ZONE
from include.features.tariff_features import OVERNIGHT_HOURS, RUSH_HOURS
from include.serving.quotes.trips import Trip
from include.trips.calendar import FIRST_DAY, meter_holiday_table
from include.trips.manhattan import FIFTH_AND_60TH, congestion_zones, zones_south_of
from include.trips.tariff import Tariff, tariff_at
from include.trips.zones import BOROUGHS, UNKNOWN_ZONES, load_zones

NEWARK_ZONE, LAGUARDIA_ZONE = 1, 138
SATURDAY = 5
DIVIDED = frozenset((43, 238))
"""Central Park and the north of the Upper West Side: 96th Street leads through them. Of trips between them and
the north a quarter of yellow ones and up to two thirds of green ones paid nothing."""
OUTSIDE = (NEWARK_ZONE, *UNKNOWN_ZONES)
"""Destinations where the MTA tax depends on the county or on the rate that is set."""


class Places(NamedTuple):
    """Sets of zones that a charge asks about, and each zone's borough."""

    congestion: frozenset[int]
    divided: frozenset[int]
    relief: frozenset[int]
    manhattan: frozenset[int]
    borough: tuple[int, ...]


@cache
def _places() -> Places:
    zones = load_zones()
    congestion, relief = (
        frozenset(zones.nonzero()[0].tolist()) for zones in (congestion_zones(), zones_south_of(FIFTH_AND_60TH))
    )
    manhattan = frozenset((zones.borough == BOROUGHS.index("Manhattan")).nonzero()[0].tolist())
    return Places(congestion - DIVIDED, DIVIDED, relief, manhattan, tuple(zones.borough.tolist()))


@lru_cache(maxsize=4096)
def _on(service: str, day: date) -> tuple[Tariff, bool]:
    """The tariff of a day, and whether it is a working day."""
    holiday = meter_holiday_table()[(day - FIRST_DAY.item()).days]
    return tariff_at(day, service), day.weekday() < SATURDAY and not holiday


def surcharges_of(trip: Trip) -> list[dict[str, Any]]:
    """The items of a trip in the order of a receipt, as `Surcharge` shows them; none of 0 dollars."""
    tariff, working = _on(trip.service, trip.pickup_datetime.date())
    items = (*_of_the_hour(trip, tariff, working), *_of_the_meter(trip, tariff), *_of_the_zones(trip, tariff))
    return [
        {"name": name, "usd": usd, "certain": certain, "reason": reason} for name, usd, certain, reason in items if usd
    ]


Item = tuple[str, float, bool, str]


def _of_the_hour(trip: Trip, tariff: Tariff, working: bool) -> Iterator[Item]:
    hour, ends = trip.pickup_datetime.hour, (trip.pickup_zone, trip.dropoff_zone)
    flat = _is_jfk_flat(*ends)
    if working and RUSH_HOURS[0] <= hour < RUSH_HOURS[1]:
        usd = tariff.jfk_rush_usd if flat else tariff.rush_usd
        yield "rush_hour", usd, True, "working day, 16:00 to 20:00" + (", at the JFK flat fare" if flat else "")
    elif not flat and (hour >= OVERNIGHT_HOURS[0] or hour < OVERNIGHT_HOURS[1]):
        yield "overnight", tariff.overnight_usd, True, "20:00 to 06:00"
    if LAGUARDIA_ZONE in ends:
        yield "laguardia", tariff.laguardia_usd, True, "to or from LaGuardia"


def _of_the_meter(trip: Trip, tariff: Tariff) -> Iterator[Item]:
    if trip.dropoff_zone in OUTSIDE:
        yield "mta_tax", tariff.mta_tax_usd, False, "where the trip ends in a county of the MTA, not at the Newark rate"
    else:
        yield "mta_tax", tariff.mta_tax_usd, True, "every metered trip that ends in the city"
    yield "improvement", tariff.improvement_usd, True, "every metered trip"


def _of_the_zones(trip: Trip, tariff: Tariff) -> Iterator[Item]:
    ends, places = {trip.pickup_zone, trip.dropoff_zone}, _places()
    for name, usd, zone, divided, street in (
        ("congestion", tariff.congestion_usd, places.congestion, places.divided, "96th"),
        ("cbd_fee", tariff.cbd_fee_usd, places.relief, frozenset[int](), "60th"),
    ):
        if ends & zone:
            yield name, usd, True, f"begins or ends in Manhattan south of {street} Street"
        elif ends & divided:
            yield name, usd, False, f"if it begins, ends or leads south of {street} Street, which divides its zone"
        elif places.borough[trip.pickup_zone] != places.borough[trip.dropoff_zone]:
            yield name, usd, False, f"if the way leads through Manhattan south of {street} Street"
    at_airport = ends & {JFK_ZONE, LAGUARDIA_ZONE, NEWARK_ZONE} if trip.service == "fhvhv" else (
        {trip.pickup_zone} & {JFK_ZONE, LAGUARDIA_ZONE})  # fmt: skip
    if at_airport:
        yield "airport_fee", tariff.airport_fee_usd, True, (
            "to or from an airport" if trip.service == "fhvhv" else "pick-up at LaGuardia or JFK")  # fmt: skip


def _is_jfk_flat(pickup_zone: int, dropoff_zone: int) -> bool:
    manhattan = _places().manhattan
    outward = pickup_zone == JFK_ZONE and dropoff_zone in manhattan
    return outward or (dropoff_zone == JFK_ZONE and pickup_zone in manhattan)
