"""How each era of each service publishes the canonical columns: names as data, matched without case and blanks.

TLC republished every year as Parquet, some years with newer names than their CSVs had, so a file's layout is recognised
by its names and never by its month. `since` is the first month that was published so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from include.errors import BadDataError
from include.trips.columns import FHV, FHVHV, GREEN, YELLOW, columns_for

Names = Mapping[str, str]
"""canonical column -> published name in lower case; `a|b` when either may hold the value, the first that is not null"""


@dataclass(frozen=True)
class Layout:
    """One era of one service. A file must have the `required` columns; `optional` ones came or went within the era."""

    service: str
    since: str
    required: Names
    optional: Names = field(default_factory=dict)

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """canonical column -> published names that may hold it, required columns first."""
        return {column: tuple(text.split("|")) for column, text in {**self.required, **self.optional}.items()}

    def missing(self, published: Iterable[str]) -> list[str]:
        """Published names of the required columns that are not among these lower-case names."""
        there = set(published)
        return [text for text in self.required.values() if there.isdisjoint(text.split("|"))]

    def matched(self, published: Iterable[str]) -> int:
        """How many of these lower-case names the layout knows."""
        return len({name for names in self.names.values() for name in names} & set(published))


_COORDINATES = {
    "pickup_lon": "pickup_longitude", "pickup_lat": "pickup_latitude",
    "dropoff_lon": "dropoff_longitude", "dropoff_lat": "dropoff_latitude",
}  # fmt: skip
_ZONES = {"pickup_zone": "pulocationid", "dropoff_zone": "dolocationid"}
_METER = {
    "passenger_count": "passenger_count", "distance_mi": "trip_distance", "payment_type": "payment_type",
    "fare_usd": "fare_amount", "mta_tax_usd": "mta_tax", "tip_usd": "tip_amount", "tolls_usd": "tolls_amount",
    "total_usd": "total_amount", "store_and_fwd": "store_and_fwd_flag",
}  # fmt: skip
_NUMBERED = {"vendor_id": "vendorid", "rate_code": "ratecodeid", "extra_usd": "extra"}
_IMPROVEMENT = {"improvement_usd": "improvement_surcharge"}
_TPEP = {"pickup_at": "tpep_pickup_datetime", "dropoff_at": "tpep_dropoff_datetime"}
_LPEP = {"pickup_at": "lpep_pickup_datetime", "dropoff_at": "lpep_dropoff_datetime"}
_SURCHARGES = {"congestion_usd": "congestion_surcharge", "cbd_fee_usd": "cbd_congestion_fee"}
_RECENT = _SURCHARGES | {"request_source": "request_source"}  # 2019, 2025, 2026
_GREEN_ONLY = {"ehail_usd": "ehail_fee", "trip_type": "trip_type"}
_TIMES = {"pickup_at": "pickup_datetime", "dropoff_at": "dropoff_datetime"}
_BASE = {"base_number": "dispatching_base_num|dispatching_base_number"}

LAYOUTS: tuple[Layout, ...] = (
    Layout(YELLOW, "2009-01", {
        "vendor_id": "vendor_name", "pickup_at": "trip_pickup_datetime", "dropoff_at": "trip_dropoff_datetime",
        "passenger_count": "passenger_count", "distance_mi": "trip_distance", "pickup_lon": "start_lon",
        "pickup_lat": "start_lat", "dropoff_lon": "end_lon", "dropoff_lat": "end_lat", "payment_type": "payment_type",
        "fare_usd": "fare_amt", "extra_usd": "surcharge", "tip_usd": "tip_amt", "tolls_usd": "tolls_amt",
        "total_usd": "total_amt",
    }, {"mta_tax_usd": "mta_tax", "rate_code": "rate_code", "store_and_fwd": "store_and_forward|store_and_fwd_flag"}),
    Layout(YELLOW, "2010-01", {
        "vendor_id": "vendor_id", **_TIMES, **_METER, **_COORDINATES, "rate_code": "rate_code", "extra_usd": "surcharge"
    }),
    Layout(YELLOW, "2015-01", _TPEP | _METER | _NUMBERED | _IMPROVEMENT | _COORDINATES),
    Layout(YELLOW, "2016-07", _TPEP | _METER | _NUMBERED | _IMPROVEMENT | _ZONES,
           _COORDINATES | _RECENT | {"airport_fee_usd": "airport_fee"}),
    Layout(GREEN, "2013-08", _LPEP | _METER | _NUMBERED | _COORDINATES, _IMPROVEMENT | _GREEN_ONLY),
    Layout(GREEN, "2016-07", _LPEP | _METER | _NUMBERED | _IMPROVEMENT | _ZONES,
           _COORDINATES | _RECENT | _GREEN_ONLY),
    Layout(FHV, "2015-01", {**_BASE, "pickup_at": "pickup_date", "pickup_zone": "locationid"}),
    Layout(FHV, "2017-01", {**_BASE, **_TIMES, **_ZONES},
           {"shared_ride": "sr_flag", "affiliated_base_number": "affiliated_base_number"}),
    Layout(FHVHV, "2019-02", {"license_number": "hvfhs_license_num", **_BASE, **_TIMES, **_ZONES},
           {"shared_ride": "sr_flag"}),
    Layout(FHVHV, "2019-02 as Parquet", {
        "license_number": "hvfhs_license_num", **_BASE, **_TIMES, **_ZONES, "request_at": "request_datetime",
        "distance_mi": "trip_miles", "trip_seconds": "trip_time", "fare_usd": "base_passenger_fare",
        "tolls_usd": "tolls", "tip_usd": "tips", "driver_pay_usd": "driver_pay",
    }, {
        "origin_base_number": "originating_base_num", "on_scene_at": "on_scene_datetime", "black_car_fund_usd": "bcf",
        "sales_tax_usd": "sales_tax", **_SURCHARGES, "airport_fee_usd": "airport_fee",
        "shared_request": "shared_request_flag", "shared_match": "shared_match_flag",
        "access_a_ride": "access_a_ride_flag", "wav_request": "wav_request_flag", "wav_match": "wav_match_flag",
        "shared_ride": "sr_flag",
    }),
)  # fmt: skip


def recognise(names: Iterable[str], service: str, origin: str) -> Layout:
    """The layout that a file with these published names has, the one that knows most of them.

    BadDataError when it is another service's, or when the nearest layout of `service` lacks required columns; the
    message names both lists. `origin` is the file's name.
    """
    columns_for(service)
    given = list(names)
    plain = [name.strip().lower() for name in given]
    whole = [layout for layout in LAYOUTS if not layout.missing(plain)]
    best = max(whole, key=lambda layout: (layout.matched(plain), layout.service == service), default=None)
    if best is not None and best.service == service:
        return best
    if best is not None:
        raise BadDataError(
            f"{origin} is a {best.service} trip file (its columns are those of {best.service} since {best.since}), but "
            f"{service} trips were expected: set TAXI_SERVICE={best.service} or put the {service} file in its place."
        )
    nearest = max(layouts_of(service), key=lambda layout: layout.matched(plain) - len(layout.missing(plain)))
    absent = ", ".join(nearest.missing(plain))
    raise BadDataError(
        f"{origin} lacks required columns {absent} of {service} trips since {nearest.since}; "
        f"it has: {', '.join(name.strip() for name in given)}. Check that the file is a {service} trip file and whole."
    )


def layouts_of(service: str) -> tuple[Layout, ...]:
    """The layouts of a service, oldest first."""
    return tuple(layout for layout in LAYOUTS if layout.service == service)
