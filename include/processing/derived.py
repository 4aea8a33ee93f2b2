"""Columns that rules look at and no file has: each computed from a month's own rows, NaN where a rule does not apply.

They turn a rule over several columns (a total and its parts, a fare and the tariff of its day) into a plain bound on
one, which Great Expectations and the counting kernels read alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from include.features.trip_features import compute_speed, compute_trip_duration
from include.processing.reversal_partners import CHARGE_KEY, reversal_has_partner
from include.trips.calendar import clock_changed, repeated_hour
from include.trips.columns import YELLOW
from include.trips.tariff import tariff_at

Array: TypeAlias = np.ndarray
Charges: TypeAlias = np.ndarray
"""Keys of all charges of the month, for the one rule that looks past its own row."""
DURATION, SPEED, NULL_BLOCK, IN_BLOCK = "duration_min", "speed_mph", "null_block_columns", "in_null_block"
TOTAL_GAP, OFF_METER, OFF_FLAT = "total_gap_usd", "off_meter_usd", "off_jfk_flat_usd"
CASH_TIP, CARD_TIP, REPAID = "cash_tip_usd", "card_tip_usd", "reversal_has_partner"
IN_REPEATED_HOUR, OVER_CLOCK_CHANGE = "in_repeated_hour", "over_clock_change"
NULL_BLOCK_COLUMNS = ("passenger_count", "rate_code", "store_and_fwd")
"""Null together on app-dispatched trips, a population of its own."""
PARTS = ("fare_usd", "extra_usd", "mta_tax_usd", "tip_usd", "tolls_usd", "improvement_usd")
SURCHARGES = ("congestion_usd", "airport_fee_usd", "cbd_fee_usd")
HELD_IN_EXTRA = 1
"""The vendor whose `extra` holds the surcharges already: its total has none of SURCHARGES beside it."""
HELD_IN_TAX = 1.0
"""From there on that vendor's `mta_tax_usd` holds the improvement surcharge too: green since 2022-12."""
CARD, CASH, STANDARD_RATE, JFK_RATE = 1, 2, 1, 2
METER = YELLOW
"""Base, unit and flat fare are one tariff for yellow and green."""
FIRST_DAY, DAYS = np.datetime64("2009-01-01"), 91 * 366
"""TLC's first month and enough days after it; a tariff is looked up once for each day that occurs."""
_TIMES = ("pickup_at", "dropoff_at")
_TOTAL = ("vendor_id", *PARTS, "congestion_usd", "total_usd")
DERIVED_FROM: Mapping[str, tuple[str, ...]] = {
    DURATION: _TIMES,
    SPEED: (*_TIMES, "distance_mi"),
    NULL_BLOCK: NULL_BLOCK_COLUMNS,
    IN_BLOCK: NULL_BLOCK_COLUMNS,
    TOTAL_GAP: (*_TOTAL, *NULL_BLOCK_COLUMNS),
    OFF_METER: ("pickup_at", "rate_code", "fare_usd"),
    OFF_FLAT: ("pickup_at", "rate_code", "fare_usd"),
    CASH_TIP: ("payment_type", "tip_usd"),
    CARD_TIP: ("payment_type", "tip_usd"),
    REPAID: CHARGE_KEY,
    IN_REPEATED_HOUR: ("pickup_at",),
    OVER_CLOCK_CHANGE: _TIMES,
}
"""Derived column -> the contract columns that it needs."""


def derive(name: str, trips: pa.Table, charges: Charges | None = None) -> Array:
    """A derived column of these rows, (n,) numbers. `charges` are the month's when `trips` is only a part of it."""
    if name == REPAID:
        return reversal_has_partner(trips, charges)
    return _DERIVED[name](trips)


def sources_of(columns: Iterable[str], present: Iterable[str]) -> list[str]:
    """Of the columns that are `present`, in their order, those that these contract or derived columns are made of."""
    wanted = {source for c in columns for source in DERIVED_FROM.get(c, (c,))}
    return [name for name in present if name in wanted or (name in SURCHARGES and TOTAL_GAP in columns)]


def _minutes(trips: pa.Table) -> Array:
    return compute_trip_duration(*(_values(trips, name) for name in _TIMES))


def _speed(trips: pa.Table) -> Array:
    return np.asarray(np.abs(compute_speed(_values(trips, "distance_mi"), _minutes(trips))))


def _nulls_in_block(trips: pa.Table) -> Array:
    nulls = [trips[name].is_null().to_numpy().astype(np.int64) for name in NULL_BLOCK_COLUMNS]
    return np.asarray(np.sum(nulls, axis=0))


def _in_block(trips: pa.Table) -> Array:
    return np.asarray((_nulls_in_block(trips) == len(NULL_BLOCK_COLUMNS)).astype(np.float64))


def _total_gap(trips: pa.Table) -> Array:
    """Total less its parts; where no vendor is given, the smaller gap of both ways to add them.

    NaN in the null block: its rows were charged the surcharges and leave them out.
    """
    bare = _values(trips, "total_usd").copy()
    for name in PARTS:
        bare -= np.nan_to_num(_values(trips, name))
    beside = bare.copy()
    for name in (name for name in SURCHARGES if name in trips.column_names):
        beside -= np.nan_to_num(_values(trips, name))
    vendor = _values(trips, "vendor_id")
    twice = _values(trips, "mta_tax_usd") >= HELD_IN_TAX
    bare += np.where(twice & (vendor == HELD_IN_EXTRA), np.nan_to_num(_values(trips, "improvement_usd")), 0)
    smaller = np.where(np.abs(bare) < np.abs(beside), bare, beside)
    gap = np.where(vendor == HELD_IN_EXTRA, bare, np.where(np.isnan(vendor), smaller, beside))
    return np.asarray(np.where(_in_block(trips) == 1, np.nan, gap))


def _off_meter(trips: pa.Table) -> Array:
    """Dollars to the nearest fare that the meter can show (base + n units of the day), on the standard rate."""
    fare = _where(trips, "rate_code", STANDARD_RATE, "fare_usd")
    steps = (fare - _of_day(trips, "base_usd")) / (unit := _of_day(trips, "unit_usd"))
    off = np.abs(steps - np.round(np.where(np.isinf(steps), np.nan, steps))) * unit
    return np.where(fare >= 0, np.where(np.isinf(fare), np.inf, off), np.nan)


def _off_flat(trips: pa.Table) -> Array:
    """Dollars between the fare and the flat fare of the day, on the JFK rate."""
    fare = _where(trips, "rate_code", JFK_RATE, "fare_usd")
    return np.where(fare >= 0, np.abs(fare - _of_day(trips, "jfk_flat_usd")), np.nan)


def _cash_tip(trips: pa.Table) -> Array:
    return _where(trips, "payment_type", CASH, "tip_usd")


def _card_tip(trips: pa.Table) -> Array:
    return _where(trips, "payment_type", CARD, "tip_usd")


def _in_repeated_hour(trips: pa.Table) -> Array:
    return repeated_hour(_values(trips, "pickup_at")).astype(np.float64)


def _over_clock_change(trips: pa.Table) -> Array:
    return clock_changed(*(_values(trips, name) for name in _TIMES)).astype(np.float64)


_DERIVED: dict[str, Callable[[pa.Table], Array]] = {
    DURATION: _minutes,
    SPEED: _speed,
    NULL_BLOCK: _nulls_in_block,
    IN_BLOCK: _in_block,
    TOTAL_GAP: _total_gap,
    OFF_METER: _off_meter,
    OFF_FLAT: _off_flat,
    CASH_TIP: _cash_tip,
    CARD_TIP: _card_tip,
    IN_REPEATED_HOUR: _in_repeated_hour,
    OVER_CLOCK_CHANGE: _over_clock_change,
}


def _values(trips: pa.Table, name: str) -> Array:
    """A column as numpy: whole numbers with nulls as float64 with NaN."""
    return np.asarray(trips[name].to_numpy(zero_copy_only=False))


def _where(trips: pa.Table, code: str, value: int, name: str) -> Array:
    """A column where a code has the value, NaN elsewhere."""
    return np.where(_values(trips, code) == value, _values(trips, name), np.nan)


def _of_day(trips: pa.Table, fact: str) -> Array:
    """A fact of the tariff on each row's pick-up day; NaN for days outside 2009-2100 or without a pick-up."""
    day = (_values(trips, "pickup_at").astype("datetime64[D]") - FIRST_DAY).astype(np.int64)
    there = (day >= 0) & (day < DAYS)
    facts = np.full(DAYS, np.nan)
    for number in np.flatnonzero(np.bincount(day[there], minlength=DAYS)):
        facts[number] = getattr(tariff_at((FIRST_DAY + number).astype(object), METER), fact)
    return np.where(there, facts[np.where(there, day, 0)], np.nan)
