"""What is odd in a raw month, counted: quarantine, expectations, reversals, day-long trips, totals and the meter."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from include.exploration.patterns import minutes_of
from include.processing.clean_data import REASONS, count_reasons
from include.processing.expectations import NULL_BLOCK_COLUMNS, raw_suite
from include.processing.run_suite import examine, outcomes
from include.trips.columns import columns_for
from include.trips.month import Month
from include.trips.tariff import tariff_at

CENT = 0.005
"""Half a cent: sums of published amounts differ by floating-point noise only below it."""
DAY_HOURS = (22.0, 25.0)
"""Meters left running are switched off at the next shift, about a day later."""
TRIP_KEY = ("vendor_id", "pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone")
JFK = 2
"""The rate code of trips between JFK and Manhattan, whose fare is flat."""


def reason_table(quarantined: pa.Table, rows: int) -> pd.DataFrame:
    """One row per reason: what it means, rows, percent of the `rows` of the month."""
    counts = count_reasons(quarantined)
    return pd.DataFrame(
        {"reason": reason, "meaning": REASONS[reason], "rows": count, "percent": round(100 * count / max(rows, 1), 3)}
        for reason, count in counts.items()
    ).set_index("reason")


def suite_table(trips: pa.Table, service: str, month: Month) -> pd.DataFrame:
    """The raw month against its expectations, all rows: one line per expectation."""
    suite = raw_suite(service, month.start, month.end)
    _, merged = examine(trips, suite, f"{service}_raw", f"{service} {month}")
    found = pd.DataFrame(asdict(outcome) for outcome in outcomes(suite, merged)).set_index("expectation")
    return found[["column_name", "severity", "success", "observed", "limit_text"]]


@dataclass(frozen=True)
class Reversals:
    """Rows with a negative fare, and how many have the row in the file that they take back."""

    negative: int
    paired: int


def pair_reversals(trips: pd.DataFrame) -> Reversals:
    """Same vendor, times and zones with the opposite fare is the row taken back. A sample of a month loses partners."""
    negative, positive = trips[trips["fare_usd"] < 0], trips[trips["fare_usd"] > 0]
    key = [*TRIP_KEY, "fare_usd"]
    partners = positive[key].drop_duplicates()
    paired = negative.assign(fare_usd=-negative["fare_usd"]).merge(partners, on=key)
    return Reversals(len(negative), len(paired))


def lasting_a_day(trips: pd.DataFrame) -> int:
    """Trips whose meter stopped about 24 hours after it started."""
    return int((minutes_of(trips) / 60).between(*DAY_HOURS).sum())


def null_block(trips: pd.DataFrame) -> pd.Series:
    """True where the columns of the null block are null together: trips dispatched by an app."""
    return trips[list(NULL_BLOCK_COLUMNS)].isna().all(axis="columns")


def null_block_by(trips: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per value of a column, missing included: rows, and percent of them in the null block."""
    grouped = null_block(trips).groupby(_code_names(trips[column]))
    return pd.DataFrame({"rows": grouped.size(), "percent": 100 * grouped.mean()})


def total_gaps(trips: pd.DataFrame, service: str) -> pd.DataFrame:
    """Per vendor: percent of rows whose total is the sum of all its parts, and the commonest difference in dollars."""
    parts = [c.name for c in columns_for(service) if c.unit == "USD" and c.name != "total_usd"]
    gap = (trips["total_usd"] - trips[parts].fillna(0).sum(axis="columns")).round(2) + 0.0
    grouped = gap.groupby(_code_names(trips["vendor_id"]))
    return pd.DataFrame({
        "rows": grouped.size(),
        "exact %": grouped.apply(lambda gaps: 100 * float((gaps.abs() < CENT).mean())),
        "commonest gap USD": grouped.apply(lambda gaps: float(gaps.mode().iloc[0])),
        "its share %": grouped.apply(lambda gaps: 100 * float((gaps == gaps.mode().iloc[0]).mean())),
    }).rename_axis("vendor")  # fmt: skip


def meter_units(trips: pd.DataFrame, service: str) -> pd.DataFrame:
    """Trips -> is the fare `on_grid` (base + n units), is it the JFK `flat`, by the tariff of the day?

    BadDataError for a pick-up before 2009, so take cleaned trips.
    """
    days = trips["pickup_at"].dt.normalize()
    tariffs = {day: tariff_at(day.to_pydatetime(), service) for day in days.unique()}
    base, unit, jfk = (days.map({d: getattr(t, fact) for d, t in tariffs.items()}).astype(float)
                       for fact in ("base_usd", "unit_usd", "jfk_flat_usd"))  # fmt: skip
    units = (trips["fare_usd"] - base) / unit
    on_grid = ((units - units.round()).abs() * unit < CENT) & (units > -0.5)
    return pd.DataFrame({"on_grid": on_grid, "flat": np.isclose(trips["fare_usd"], jfk)})


def meter_check(trips: pd.DataFrame, service: str) -> pd.DataFrame:
    """Per rate code: trips, percent at the flat JFK fare, percent at any other fare that is base + n units."""
    fares = meter_units(trips, service)
    code = _code_names(trips["rate_code"]).rename("rate code")
    shares = {"JFK flat %": fares["flat"], "base + n units %": fares["on_grid"] & ~fares["flat"]}
    percent = 100 * pd.DataFrame(shares).groupby(code).mean()
    percent.insert(0, "trips", code.value_counts())
    return percent


def _code_names(codes: pd.Series) -> pd.Series:
    return codes.map("{:.0f}".format, na_action="ignore").astype(object).fillna("missing")
