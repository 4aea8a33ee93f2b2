"""Trips, money, miles and minutes by month, place and hour, from `trip_totals`: a month is some 75,000 rows of it.

A month of three million trips has no more rows than that, because places and hours are all that a row tells apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, func, select

from include.errors import BadDataError
from include.warehouse.metadata import LOADS, TOTALS
from include.warehouse.reading import Row, read_rows

MEASURES = ("trips", "revenue_usd", "fare_usd", "distance_mi", "minutes", "moving_minutes")
TOLD_APART = ("month", "pickup_zone", "dropoff_zone", "hour_of_week")


def months_loaded(engine: Engine) -> dict[str, list[str]]:
    """Service -> its months that have totals, in order; asked of the log of loads, which is small."""
    query = select(LOADS.c.service, LOADS.c.month).where(LOADS.c.table_name == TOTALS.name)
    found: dict[str, list[str]] = {}
    for row in read_rows(engine, query.order_by(LOADS.c.service, LOADS.c.month)):
        found.setdefault(row["service"], []).append(row["month"])
    return found


def totals(
    engine: Engine, service: str, months: Sequence[str], grain: str, by: Sequence[str] = (), *,
    pickup_zones: Sequence[int] | None = None, dropoff_zones: Sequence[int] | None = None,
) -> list[Row]:  # fmt: skip
    """The measures of one kind of row (`GRAINS` of trip_totals), summed over what `by` does not name, in its order.

    Months are YYYY-MM and all named, so that only their partitions are read. None of zones means any. A measure that
    the service does not have is None. BadDataError for a name in `by` that is none of TOLD_APART.
    """
    if unknown := [name for name in by if name not in TOLD_APART]:
        raise BadDataError(f"Totals are told apart by {', '.join(TOLD_APART)}, not by {', '.join(unknown)}.")
    if not months:
        return []
    keys = [TOTALS.c[name] for name in by]
    query = select(*keys, *(func.sum(TOTALS.c[name]).label(name) for name in MEASURES)).where(
        TOTALS.c.service == service, TOTALS.c.month.in_(months), TOTALS.c.grain == grain
    )
    for column, zones in ((TOTALS.c.pickup_zone, pickup_zones), (TOTALS.c.dropoff_zone, dropoff_zones)):
        if zones is not None:
            query = query.where(column.in_(zones))
    rows = read_rows(engine, query.group_by(*keys).order_by(*keys))
    return [row | {"trips": int(row["trips"])} for row in rows if row["trips"]]  # MySQL sums integers as decimals
