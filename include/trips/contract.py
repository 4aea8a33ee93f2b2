"""The trip contract: every canonical column once, with type, unit, bounds, meaning, and when it is known.

Parquet types, expectations, cleaning limits, warehouse columns and the API's request limits derive from this table.
Source of names and meanings: the TLC data dictionaries for yellow and green trip records (2025-03).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa

from include.errors import BadDataError

Known = Literal["pickup", "dropoff"]
YELLOW, GREEN = "yellow", "green"
BOTH = (YELLOW, GREEN)


@dataclass(frozen=True)
class Column:
    """One canonical column. `low` and `high` bound plausible values, both included; outside them a row is suspect."""

    name: str
    type: pa.DataType
    meaning: str
    published: tuple[str, ...]
    unit: str = ""
    known: Known = "dropoff"
    low: float | None = None
    high: float | None = None
    values: tuple[int | str, ...] = ()
    services: tuple[str, ...] = BOTH
    required: bool = True


@dataclass(frozen=True)
class ArrivalReport:
    """How a published table met the contract: columns nobody declared, and optional ones that did not come."""

    unknown: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    retyped: dict[str, str] = field(default_factory=dict)


INT, REAL, TEXT, TIME = pa.int32(), pa.float64(), pa.string(), pa.timestamp("us")
PICKUP_NAMES = {YELLOW: "tpep_pickup_datetime", GREEN: "lpep_pickup_datetime"}


def _usd(name: str, published: str, meaning: str, high: float, **options: object) -> Column:
    return Column(name, REAL, meaning, (published,), unit="USD", low=0, high=high, **options)  # type: ignore[arg-type]


COLUMNS: tuple[Column, ...] = (
    Column("vendor_id", INT, "technology provider that sent the record", ("vendorid",), values=(1, 2, 4, 5, 6, 7)),
    Column(
        "pickup_at", TIME, "meter engaged, naive New York time", tuple(PICKUP_NAMES.values()), known="pickup"
    ),
    Column("dropoff_at", TIME, "meter disengaged", ("tpep_dropoff_datetime", "lpep_dropoff_datetime")),
    Column("passenger_count", INT, "passengers, typed by the driver; null on app-dispatched trips",
           ("passenger_count",), unit="persons", known="pickup", low=0, high=9),
    Column("distance_mi", REAL, "metered distance", ("trip_distance",), unit="miles", low=0, high=200),
    Column("rate_code", INT, "rate in effect at the end of the trip", ("ratecodeid",), values=(1, 2, 3, 4, 5, 6, 99)),
    Column("store_and_fwd", TEXT, "Y when held in the vehicle's memory before sending", ("store_and_fwd_flag",),
           values=("Y", "N")),
    Column("pickup_zone", INT, "TLC zone where the meter was engaged", ("pulocationid",), known="pickup", low=1,
           high=265),
    Column("dropoff_zone", INT, "TLC zone of the destination, named when the quote is asked", ("dolocationid",),
           known="pickup", low=1, high=265),
    Column("payment_type", INT, "0 app-dispatched, 1 card, 2 cash, 3 no charge, 4 dispute, 5 unknown, 6 voided",
           ("payment_type",), values=(0, 1, 2, 3, 4, 5, 6)),
    _usd("fare_usd", "fare_amount", "time-and-distance fare on the meter", 500),
    _usd("extra_usd", "extra", "rush-hour and overnight extras", 50),
    _usd("mta_tax_usd", "mta_tax", "MTA tax", 5),
    _usd("tip_usd", "tip_amount", "tip; cash tips are not recorded", 500),
    _usd("tolls_usd", "tolls_amount", "bridge and tunnel tolls", 200),
    _usd("improvement_usd", "improvement_surcharge", "improvement surcharge, since 2015", 5),
    _usd("total_usd", "total_amount", "what the passenger was charged, without cash tips", 1000),
    _usd("congestion_usd", "congestion_surcharge", "congestion surcharge, since 2019-02", 10, required=False),
    _usd("airport_fee_usd", "airport_fee", "LaGuardia and JFK pick-up fee, since 2021", 10, required=False,
         services=(YELLOW,)),
    _usd("cbd_fee_usd", "cbd_congestion_fee", "congestion-zone toll, since 2025-01", 10, required=False),
    _usd("ehail_usd", "ehail_fee", "e-hail fee, never charged", 10, required=False, services=(GREEN,)),
    Column("trip_type", INT, "1 street hail, 2 dispatch", ("trip_type",), values=(1, 2), services=(GREEN,),
           required=False),
    Column("request_source", TEXT, "how the trip was asked for, reported since 2026", ("request_source",),
           required=False),
)  # fmt: skip

SOURCE_ROW = Column("source_row", pa.int64(), "row number in the published file, from 0", ())
"""Added when a file is read; kept and quarantined rows together hold each number once."""

PICKUP_COLUMNS: tuple[str, ...] = tuple(c.name for c in COLUMNS if c.known == "pickup")
"""All that a model may see of the trip itself."""


def columns_for(service: str) -> tuple[Column, ...]:
    """The canonical columns of a service, in contract order; BadDataError for a service without a contract."""
    chosen = tuple(c for c in COLUMNS if service in c.services)
    if not chosen:
        raise BadDataError(f"No trip contract for service {service!r}; known services: {', '.join(BOTH)}.")
    return chosen


def schema_for(service: str) -> pa.Schema:
    """Arrow schema of a raw month: the contract's columns and `source_row`."""
    return pa.schema([(c.name, c.type) for c in (*columns_for(service), SOURCE_ROW)])


def to_canonical(table: pa.Table, service: str, origin: str) -> tuple[pa.Table, ArrivalReport]:
    """A published table (names in any case, types of any era) -> canonical columns, plus what was unusual.

    BadDataError when a required column is missing (both lists are named), when the file is another service's, or when
    a value does not fit the canonical type. `origin` is the file's name, for messages.
    """
    present = _match(table.column_names, service)
    expected = columns_for(service)
    _refuse_other_service(table.column_names, service, origin)
    missing = [c for c in expected if c.required and c.name not in present]
    if missing:
        raise BadDataError(
            f"{origin} lacks required columns {_published_names(missing, service)} of {service} trips; it has: "
            f"{', '.join(table.column_names)}. Check that the file is a {service} trip file of July 2016 or later."
        )
    arrays = [
        _cast(table[present[c.name]], c, origin) if c.name in present else pa.nulls(table.num_rows, c.type)
        for c in expected
    ]
    canonical = pa.table([*arrays, pa.array(np.arange(table.num_rows))], schema=schema_for(service))
    return canonical, _report(table, present, expected)


def _match(names: Iterable[str], service: str) -> dict[str, str]:
    """canonical name -> published name, matched without case and surrounding blanks."""
    published = {name.strip().lower(): name for name in names}
    return {
        column.name: published[alias]
        for column in columns_for(service)
        for alias in column.published
        if alias in published and not (column.name == "pickup_at" and alias != PICKUP_NAMES[service])
    }


def _refuse_other_service(names: Iterable[str], service: str, origin: str) -> None:
    lowered = {name.strip().lower() for name in names}
    for other, mark in PICKUP_NAMES.items():
        if other != service and mark in lowered and PICKUP_NAMES[service] not in lowered:
            raise BadDataError(
                f"{origin} is a {other} trip file (it has {mark}), but {service} trips were expected: "
                f"set TAXI_SERVICE={other} or put the {service} file in its place."
            )


def _published_names(columns: Iterable[Column], service: str) -> str:
    names = [PICKUP_NAMES[service] if c.name == "pickup_at" else c.published[0] for c in columns]
    return ", ".join(names)


def _cast(values: pa.ChunkedArray, column: Column, origin: str) -> pa.ChunkedArray:
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        raise BadDataError(
            f"{origin}: {column.name} carries the time zone {values.type.tz}; naive New York time is expected."
        )
    try:
        return values.cast(column.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadDataError(
            f"{origin}: column {column.published[0]} ({values.type}) does not fit {column.name} ({column.type}): "
            f"{error}. Get the file again, or quarantine it if TLC published it so."
        ) from None


def _report(table: pa.Table, present: dict[str, str], expected: tuple[Column, ...]) -> ArrivalReport:
    used = set(present.values())
    retyped = {
        c.name: str(table.schema.field(present[c.name]).type)
        for c in expected
        if c.name in present and table.schema.field(present[c.name]).type != c.type
    }
    return ArrivalReport(
        unknown=tuple(name for name in table.column_names if name not in used),
        absent=tuple(c.name for c in expected if c.name not in present),
        retyped=retyped,
    )
