"""Trips checked one question at a time, for notebooks and small work; each verdict is read from Great Expectations.

A validator takes a pandas frame or an Arrow table of canonical columns and changes neither. The steps of the pipeline,
which hold whole months to their suites, are in `validate_month.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pyarrow as pa

from include.errors import BadDataError
from include.processing import derived as d
from include.processing.derived import DERIVED_FROM
from include.processing.expectations import KEY_COLUMNS, limits_of, raw_suite
from include.processing.expected import Expected, between, ordered_columns, typed, unique_source_row
from include.processing.outcomes import Outcome, outcomes
from include.processing.run_suite import examine, quality_frame
from include.processing.validate_month import validate_clean_month, validate_feature_month, validate_month
from include.trips.columns import YELLOW, columns_for, schema_for
from include.trips.month import Month

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DuplicateDetector", "NullValidator", "OutlierDetector", "SchemaValidator", "Verdict", "validate_all",
           "validate_clean_month", "validate_feature_month", "validate_month"]  # fmt: skip

Trips: TypeAlias = "pd.DataFrame | pa.Table"
Bounds = tuple[float, float]
FEWEST_VALUES = 4
"""Fewer have no quartiles, and a deviation that says nothing."""
MEASURES = (d.DURATION, "distance_mi", "fare_usd", "tip_usd", "total_usd")
TRIP_KEY = ("vendor_id", "pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "fare_usd", "total_usd")
"""Two rows that agree in all of these are one trip reported twice; a reversal differs by its sign."""


@dataclass(frozen=True)
class Verdict:
    """A validator's answer: passed when nothing that it asked is broken, each outcome with counts and examples."""

    check: str
    passed: bool
    outcomes: tuple[Outcome, ...]
    sentence: str


class SchemaValidator:
    """The columns of the service's contract, in its order, each of its type."""

    def __init__(self, service: str = YELLOW) -> None:
        self.service = service

    def validate(self, trips: Trips) -> Verdict:
        """Text where numbers belong, and fractions where whole numbers do, are wrong types."""
        schema = schema_for(self.service)
        suite = [
            ordered_columns(schema.names, f"the {self.service} contract"),
            *(typed(f.name, f.type) for f in schema),
        ]
        return _verdict("schema", canonical_table(trips, self.service), suite)


class NullValidator:
    """Values in key columns, the others' null bands in the era of `month`, and the null block null as one."""

    def __init__(self, service: str = YELLOW, month: str = "") -> None:
        self.service, self.month = service, month

    def validate(self, trips: Trips) -> Verdict:
        """A month that is not named is that of most pick-ups. A share of nulls within its band is no fault."""
        table = canonical_table(trips, self.service)
        month = Month.parse(self.month) if self.month else month_of(table)
        banded = {f"{column}_null_band" for column in limits_of(self.service, month.start).filled}
        asked = banded | {f"{column}_filled" for column in KEY_COLUMNS} | {"null_block_share", "null_block_whole"}
        suite = [spec for spec in raw_suite(self.service, month.start, month.end) if spec.name in asked]
        return _verdict("nulls", table, suite)


class OutlierDetector:
    """At most a share `most` of the values of each column outside fences that its own values give.

    `iqr`: quartiles less and plus `reach` times their distance (1.5, Tukey); `zscore`: the mean less and plus `reach`
    standard deviations (3). Fences come from finite values; an infinite one is outside. Derived columns may be named.
    """

    def __init__(
        self,
        columns: Iterable[str] = MEASURES,
        method: Literal["iqr", "zscore"] = "iqr",
        reach: float | None = None,
        most: float = 0.15,
    ) -> None:
        if method not in FENCES:
            raise BadDataError(f"No outlier method is called {method!r}; there are {', '.join(FENCES)}.")
        self.columns, self.method, self.most = tuple(columns), method, most
        self.reach = REACH[method] if reach is None else reach

    def validate(self, trips: Trips, service: str = YELLOW) -> Verdict:
        """Too few values for fences break a rule too. A column that the trips do not have is a BadDataError."""
        table = canonical_table(trips, service)
        rules = [spec for column in self.columns for spec in self._rules(column, _numbers(table, column))]
        return _verdict(f"outliers ({self.method})", table, rules)

    def fences(self, values: np.ndarray) -> Bounds:
        """(n,) numbers -> the lowest and highest that are no outliers; the range of floats when too few are finite."""
        finite = values[np.isfinite(values)]
        if len(finite) < FEWEST_VALUES:
            return -np.finfo(np.float64).max, np.finfo(np.float64).max
        return FENCES[self.method](finite, self.reach)

    def _rules(self, column: str, values: np.ndarray) -> list[Expected]:
        low, high = self.fences(values)
        rule = f"within {low:.6g} to {high:.6g} ({self.method}, {self.reach:g})"
        inside = between(f"{column}_{self.method}", column, low, high, 1 - self.most, rule=rule)
        return [_enough(column, len(values)), inside]


class DuplicateDetector:
    """No row of the file twice, and no trip twice; reversals are counted beside them, with and without their charge."""

    def __init__(self, service: str = YELLOW) -> None:
        self.service = service

    def validate(self, trips: Trips) -> Verdict:
        """Trips are compared by vendor, times, zones and amounts, as far as the service has them."""
        table = canonical_table(trips, self.service)
        key = tuple(name for name in TRIP_KEY if name in {c.name for c in columns_for(self.service)})
        once = Expected("trip_unique", "ExpectCompoundColumnsToBeUnique", "warning", key, "each trip once",
                        {"column_list": list(key), "ignore_row_if": "never"})  # fmt: skip
        month = month_of(table)
        reversals = ("few_reversals", "reversals_paired")
        suite = [spec for spec in raw_suite(self.service, month.start, month.end) if spec.name in reversals]
        return _verdict("duplicates", table, [unique_source_row(), once, *suite])


def validate_all(trips: Trips, service: str = YELLOW, month: str = "") -> dict[str, Verdict]:
    """Every validator's verdict by its check: schema, nulls, outliers (iqr), outliers (zscore), duplicates.

    Columns that outliers are looked for in are those of MEASURES that the service has.
    """
    table = canonical_table(trips, service)
    columns = [c for c in MEASURES if _absent(table, c) == set()]
    found = [
        SchemaValidator(service).validate(table),
        NullValidator(service, month).validate(table),
        OutlierDetector(columns, "iqr").validate(table, service),
        OutlierDetector(columns, "zscore", most=0.05).validate(table, service),
        DuplicateDetector(service).validate(table),
    ]
    return {verdict.check: verdict for verdict in found}


def canonical_table(trips: Trips, service: str) -> pa.Table:
    """A frame's columns with the contract's types as far as their values fit; others keep the type that they have.

    NaN is null. A column of mixed kinds becomes text, so that its type is a finding and not a traceback.
    """
    if isinstance(trips, pa.Table):
        return trips
    types = {field.name: field.type for field in schema_for(service)}
    return pa.table({str(name): _arrow(trips[name], types.get(str(name))) for name in trips.columns})


def month_of(trips: pa.Table) -> Month:
    """The month of the middle pick-up. BadDataError when there is none, or it is before TLC's first month."""
    times = trips["pickup_at"] if "pickup_at" in trips.column_names else pa.chunked_array([pa.nulls(0)])
    given = times.drop_null()
    if not pa.types.is_timestamp(given.type) or not len(given):
        raise BadDataError("The trips have no pick-up time (pickup_at), so no month can be told; name one: YYYY-MM.")
    middle = np.sort(given.to_numpy())[len(given) // 2]
    try:
        return Month.parse(str(middle.astype("datetime64[M]")))
    except ValueError as fault:
        raise BadDataError(f"The middle pick-up is {middle}: {fault}; name the month that the trips are of.") from None


def iqr_fences(values: np.ndarray, reach: float) -> Bounds:
    """Tukey's fences of finite values."""
    first, third = np.percentile(values, [25, 75])
    return float(first - reach * (third - first)), float(third + reach * (third - first))


def zscore_fences(values: np.ndarray, reach: float) -> Bounds:
    """Where the z-score of finite values is `reach` on either side."""
    return float(values.mean() - reach * values.std()), float(values.mean() + reach * values.std())


FENCES: Mapping[str, Callable[[np.ndarray, float], Bounds]] = {"iqr": iqr_fences, "zscore": zscore_fences}
REACH = {"iqr": 1.5, "zscore": 3.0}


def _enough(column: str, rows: int) -> Expected:
    """Enough values for fences. A proportion needs rows, so very few rows are counted instead."""
    limit = f"at least {FEWEST_VALUES} values"
    if rows < FEWEST_VALUES:
        return Expected(f"{column}_enough_values", "ExpectTableRowCountToBeBetween", "critical", (column,), limit,
                        {"min_value": FEWEST_VALUES})  # fmt: skip
    return Expected(f"{column}_enough_values", "ExpectColumnProportionOfNonNullValuesToBeBetween", "critical",
                    (column,), limit, {"column": column, "min_value": FEWEST_VALUES / rows})  # fmt: skip


def _numbers(table: pa.Table, column: str) -> np.ndarray:
    absent = _absent(table, column)
    if absent:
        raise BadDataError(f"No outliers can be looked for in {column}: the trips lack {', '.join(sorted(absent))}; "
                           f"they have {', '.join(table.column_names)}.")  # fmt: skip
    values = quality_frame(table, (column,))[column]
    return values.to_numpy(np.float64) if values.dtype.kind in "iuf" else np.empty(0)


def _absent(table: pa.Table, column: str) -> set[str]:
    return set(DERIVED_FROM.get(column, (column,))) - set(table.column_names)


def _arrow(values: pd.Series, kind: pa.DataType | None) -> pa.Array:
    for wanted in (kind, None):
        try:
            return pa.array(values, wanted, from_pandas=True)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            continue
    return pa.array([None if value is None or value != value else str(value) for value in values], pa.string())


def _verdict(check: str, trips: pa.Table, suite: list[Expected]) -> Verdict:
    _, merged = examine(trips, suite, check, "trips")
    found = tuple(outcomes(suite, merged))
    broken = [o for o in found if not o.success]
    details = "; ".join(f"{o.expectation}: {o.observed}, expected {o.limit_text}" for o in broken)
    rows = f"{trips.num_rows:,} rows"
    sentence = f"{check}: {len(broken)} of {len(found)} expectations broken over {rows} - {details}" if broken else (
        f"{check}: {len(found)} expectations met over {rows}"
    )  # fmt: skip
    return Verdict(check, not broken, found, sentence)
