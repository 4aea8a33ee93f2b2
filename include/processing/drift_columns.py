"""Which columns drift is measured in, and the fixed bins each is counted in.

Edges never depend on the data, so counts of any months add up. Every column has two bins more than its labels say: the
last but one takes what fits no other (a code that TLC never listed), the last one takes nulls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.features.trip_features import compute_speed, compute_trip_duration
from include.trips.calendar import FIRST_DAY, holiday_table
from include.trips.columns import ALL_SERVICES, COLUMNS, METERED, columns_for
from include.trips.tariff import tariff_at
from include.trips.zones import BOROUGHS, ZONE_COUNT, load_zones

Kind = Literal["measure", "money", "meter", "charge", "code", "clock", "borough", "zone"]
Trips = Mapping[str, Any]
DAY_KINDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "holiday")
SUNDAY, HOLIDAY = 6, 7


@dataclass(frozen=True)
class Binned:
    """One column of a profile. `reads` are the contract columns it is derived from.

    `values` gives (n,) float64 with NaN for null where there are `edges`, else (n,) codes 0..len(labels)-1, -1 for
    others, -2 for null. Edges e0..ek make the bins (-inf, e0), [e0, e1), ..., [ek, inf).
    """

    name: str
    kind: Kind
    reads: tuple[str, ...]
    values: Callable[[pa.Table], np.ndarray]
    labels: tuple[str, ...]
    edges: tuple[float, ...] = ()
    services: tuple[str, ...] = ALL_SERVICES

    @property
    def width(self) -> int:
        """How many bins, those for other values and for nulls included."""
        return len(self.labels) + 2

    @property
    def ordered(self) -> bool:
        """Whether the bins have an order, without which there is no KS distance."""
        return bool(self.edges) or self.name in ("hour", "passenger_count")

    def bins_of(self, values: np.ndarray) -> np.ndarray:
        """(n,) of what `values` gave -> (n,) int64 bins, each 0..width-1."""
        if not self.edges:
            return np.asarray(np.where(values < 0, len(self.labels) - 1 - values, values))
        bins = np.searchsorted(np.asarray(self.edges), values, side="right")
        bins[np.isnan(values)] = self.width - 1
        return np.asarray(bins)


def columns_of_service(service: str) -> tuple[Binned, ...]:
    """The columns that a service's trips can be profiled in; BadDataError for a service without a contract."""
    names = {c.name for c in columns_for(service)}
    return tuple(binned for binned in BINNED if service in binned.services and set(binned.reads) <= names)


def number(trips: pa.Table, name: str) -> np.ndarray:
    """(n,) float64, NaN for null."""
    return np.asarray(trips[name].to_numpy(zero_copy_only=False), np.float64)


def coded(trips: pa.Table, name: str, codes: tuple[Any, ...]) -> np.ndarray:
    """(n,) int64 positions in `codes`, -1 for a value that is not one of them, -2 for null."""
    column = trips[name]
    found = pc.index_in(column, value_set=pa.array(codes, column.type)).fill_null(-1)
    return np.asarray(pc.if_else(column.is_null(), -2, found).to_numpy(zero_copy_only=False), np.int64)


def day_kind(trips: pa.Table) -> np.ndarray:
    """(n,) positions in DAY_KINDS of the pick-up's day."""
    return day_kinds(_days(trips))


def day_kinds(days: np.ndarray) -> np.ndarray:
    """(n,) datetime64[D] -> (n,) positions in DAY_KINDS; a holiday is one whatever its weekday."""
    weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    return np.asarray(np.where(holiday_table()[(days - FIRST_DAY).astype(np.int64)] == 1, HOLIDAY, weekday))


def hour(trips: pa.Table) -> np.ndarray:
    """(n,) hour of the pick-up, 0..23."""
    pickup = trips["pickup_at"].to_numpy(zero_copy_only=False)
    return np.asarray((pickup.astype("datetime64[h]") - _days(trips).astype("datetime64[h]")).astype(np.int64))


def borough(trips: pa.Table, name: str) -> np.ndarray:
    """(n,) positions in BOROUGHS of a zone column, -2 for null."""
    zone = number(trips, name)
    known = np.nan_to_num(zone, nan=0).clip(0, ZONE_COUNT - 1).astype(np.int64)
    return np.where(np.isnan(zone), -2, load_zones().borough[known])


def _days(trips: pa.Table) -> np.ndarray:
    days: np.ndarray = trips["pickup_at"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
    return days


def _minutes(trips: pa.Table) -> np.ndarray:
    pickup, dropoff = (trips[name].to_numpy(zero_copy_only=False) for name in ("pickup_at", "dropoff_at"))
    return compute_trip_duration(pickup, dropoff)


def _speed(trips: pa.Table) -> np.ndarray:
    return compute_speed(number(trips, "distance_mi"), _minutes(trips))


def _meter_ratio(trips: pa.Table) -> np.ndarray:
    """(n,) fare over base + unit * (5 * miles + minutes), the day's tariff charged for distance and time at once.

    The meter charges for one or the other, so half of all trips lie between 0.73 and 0.78, in rush hours and at night,
    in winter and in summer, before and after new fare rules: a wrong clock, odometer or rate shows here.
    """
    days, at = np.unique(_days(trips), return_inverse=True)
    tariffs = [tariff_at(day) for day in days.tolist()]
    base, unit = (np.array([getattr(t, fact) for t in tariffs])[at] for fact in ("base_usd", "unit_usd"))
    most = base + unit * (5 * number(trips, "distance_mi") + _minutes(trips))
    return np.asarray(number(trips, "fare_usd") / np.where(most > 0, most, np.nan))


def _tip_share(trips: pa.Table) -> np.ndarray:
    tip = number(trips, "tip_usd")
    before = number(trips, "total_usd") - tip
    return np.asarray(tip / np.where(before > 0, before, np.nan))


def _measured(
    name: str,
    kind: Kind,
    edges: tuple[float, ...],
    reads: tuple[str, ...],
    values: Callable[[pa.Table], np.ndarray],
    services: tuple[str, ...] = ALL_SERVICES,
) -> Binned:
    between = (f"{low:g} to {high:g}" for low, high in pairwise(edges))
    labels = (f"< {edges[0]:g}", *between, f">= {edges[-1]:g}")
    return Binned(name, kind, reads, values, labels, edges, services)


def _amount(name: str, kind: Kind, *edges: float) -> Binned:
    return _measured(name, kind, edges, (name,), partial(number, name=name))


def _code(name: str, *more: Any) -> Binned:
    codes = (*next(c.values for c in COLUMNS if c.name == name), *more)
    return Binned(name, "code", (name,), partial(coded, name=name, codes=codes), tuple(map(str, codes)))


def _place(name: str) -> tuple[Binned, Binned]:
    side = name.removesuffix("_zone")
    zones = tuple(range(1, ZONE_COUNT))
    return (
        Binned(f"{side}_borough", "borough", (name,), partial(borough, name=name), BOROUGHS),
        Binned(name, "zone", (name,), partial(coded, name=name, codes=zones), tuple(map(str, zones))),
    )


PEOPLE = tuple(range(10))
BINNED: tuple[Binned, ...] = (
    _measured("duration_min", "measure", (2, 3, 4, 5, 7, 9, 11, 14, 17, 20, 25, 30, 40, 60, 90),
              ("pickup_at", "dropoff_at"), _minutes),
    _amount("distance_mi", "measure", 0.01, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7, 10, 15, 20),
    _measured("speed_mph", "measure", (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 19, 23, 30, 40),
              ("pickup_at", "dropoff_at", "distance_mi"), _speed),
    _amount("fare_usd", "money", 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25, 30, 40, 51.99, 52.01, 69.99, 70.01, 100),
    _measured("meter_ratio", "meter", (0.4, 0.5, 0.6, 0.65, 0.68, 0.7, 0.72, 0.74, 0.76, 0.78, 0.8, 0.83, 0.87, 0.92, 1,
              1.2), ("pickup_at", "dropoff_at", "distance_mi", "fare_usd"), _meter_ratio, METERED),
    _amount("total_usd", "money", 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 25, 30, 40, 60, 80, 120),
    _measured("tip_share", "money", (0.001, 0.05, 0.1, 0.14, 0.16, 0.19, 0.21, 0.24, 0.26, 0.29, 0.31, 0.5),
              ("tip_usd", "total_usd"), _tip_share),
    *(_amount(name, "charge", 0.01, 0.4, 0.6, 0.9, 1.1, 1.6, 2.4, 2.6, 2.9, 5.1) for name in
      ("extra_usd", "mta_tax_usd", "improvement_usd", "congestion_usd", "airport_fee_usd", "cbd_fee_usd")),
    _amount("tolls_usd", "charge", 0.01, 4, 8, 15),
    Binned("hour", "clock", ("pickup_at",), hour, tuple(map(str, range(24)))),
    Binned("weekday", "clock", ("pickup_at",), day_kind, DAY_KINDS),
    Binned("passenger_count", "code", ("passenger_count",), partial(coded, name="passenger_count", codes=PEOPLE),
           tuple(map(str, PEOPLE))),
    *(_code(name) for name in ("vendor_id", "license_number", "payment_type", "rate_code", "store_and_fwd",
                               "trip_type", "shared_ride")),
    *_place("pickup_zone"),
    *_place("dropoff_zone"),
)  # fmt: skip
