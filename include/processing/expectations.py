"""What a month is expected to be, as plain data: derived from the trip contract, with limits from `thresholds.yaml`.

`critical` marks what makes a month unusable; everything else warns, because single rows are quarantined when a month
is cleaned. `validate_data` turns these into Great Expectations' own objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from include.errors import BadDataError
from include.processing.clean_data import CleaningLimits
from include.trips.columns import SOURCE_ROW, Column, columns_for, schema_for
from include.trips.month import Month
from include.trips.zones import UNKNOWN_ZONES

Severity = Literal["critical", "warning"]
Limits = Mapping[str, Any]
THRESHOLDS_FILE = Path(__file__).parent / "thresholds.yaml"
DURATION, SPEED, NULL_BLOCK = "duration_min", "speed_mph", "null_block_columns"
"""Derived columns that expectations may name: minutes, miles per hour, how many columns of the null block are null."""
NULL_BLOCK_COLUMNS = ("passenger_count", "rate_code", "store_and_fwd")
DERIVED_FROM: Mapping[str, tuple[str, ...]] = {
    DURATION: ("pickup_at", "dropoff_at"),
    SPEED: ("pickup_at", "dropoff_at", "distance_mi"),
    NULL_BLOCK: NULL_BLOCK_COLUMNS,
}
KEY_COLUMNS = ("pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "distance_mi", "fare_usd", "total_usd")
"""A month without these cannot be cleaned, labelled or billed; each service is held to those that it has."""
DTYPES = {"int32": "int32", "int64": "int64", "double": "float64", "timestamp[us]": "datetime64"}
"""Arrow type -> the name that Great Expectations gives the pandas type it becomes."""


@dataclass(frozen=True)
class Expected:
    """One expectation. `kind` is a class of great_expectations.expectations, `arguments` are its own.

    `columns` are all it reads: contract columns, derived ones, or () for the empty table that carries the schema.
    """

    name: str
    kind: str
    severity: Severity
    columns: tuple[str, ...]
    limit: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@cache
def thresholds(service: str) -> Limits:
    """The limits of a service; BadDataError for a service without any."""
    limits: dict[str, Limits] = yaml.safe_load(THRESHOLDS_FILE.read_text(encoding="utf-8"))
    if service not in limits:
        raise BadDataError(f"No quality limits for service {service!r} in {THRESHOLDS_FILE.name}; add a section to it.")
    return limits[service]


def raw_suite(service: str, month_start: datetime, month_end: datetime) -> list[Expected]:
    """Expectations of a raw month [month_start, month_end), in the order that reports show them."""
    limits = thresholds(service)
    columns = [c for c in columns_for(service) if not c.until or month_start <= Month.parse(c.until).start]
    suite = [
        *_shape(service, limits),
        *(_filled(name, limits) for name in KEY_COLUMNS),
        *_null_bands(limits, month_start),
        *(_known_values(c, limits) for c in columns if c.values),
        *(_in_range(c, limits) for c in columns if c.low is not None),
        *_places_and_people(limits),
        *_times(limits, month_start, month_end),
        *_across_columns(limits),
        *(_median(name, band) for name, band in limits["medians"].items()),
    ]
    return [spec for spec in suite if _can_read(service, spec)]


def clean_suite(service: str, month_start: datetime, month_end: datetime) -> list[Expected]:
    """Expectations of a cleaned month: what cleaning promises, for every row."""
    rules, every = CleaningLimits(), {"mostly": {"default": 1}}
    suite = [
        _columns_in_order(service),
        _row_count(1, None),
        _unique_source_row(),
        _times(every, month_start, month_end)[0],
        *(_range(f"{c}_in_range", c, 1, rules.last_zone, every, "critical") for c in ("pickup_zone", "dropoff_zone")),
        _range("duration_in_range", DURATION, rules.min_minutes, rules.max_minutes, every, "critical"),
        _range("fare_in_range", "fare_usd", 0, rules.max_fare_usd, every, "critical", strict_min=True),
        _range("distance_in_range", "distance_mi", 0, rules.max_miles, every, "critical"),
        _range("speed_in_range", SPEED, 0, rules.max_mph, every, "critical"),
    ]
    return [spec for spec in suite if _can_read(service, spec)]


def _can_read(service: str, spec: Expected) -> bool:
    """True when the service's trips have every column that the expectation reads or derives its values from."""
    names = {c.name for c in (*columns_for(service), SOURCE_ROW)}
    return all(set(DERIVED_FROM.get(column, (column,))) <= names for column in spec.columns)


def _shape(service: str, limits: Limits) -> list[Expected]:
    fewest, most = limits["rows"]
    return [
        _columns_in_order(service),
        *(_typed(f.name, DTYPES[str(f.type)]) for f in schema_for(service) if f.name in KEY_COLUMNS),
        _row_count(int(fewest), int(most)),
        _unique_source_row(),
    ]


def _columns_in_order(service: str) -> Expected:
    names = [c.name for c in (*columns_for(service), SOURCE_ROW)]
    arguments = {"column_list": names}
    limit = f"the {len(names)} columns of the {service} contract, in its order"
    return Expected("columns_of_contract", "ExpectTableColumnsToMatchOrderedList", "critical", (), limit, arguments)


def _typed(column: str, dtype: str) -> Expected:
    arguments = {"column": column, "type_": dtype}
    return Expected(f"{column}_type", "ExpectColumnValuesToBeOfType", "critical", (), f"type {dtype}", arguments)


def _row_count(fewest: int, most: int | None) -> Expected:
    limit = f"at least {fewest:,} rows" + (f", at most {most:,}" if most else "")
    arguments = {"min_value": fewest, "max_value": most}
    return Expected("row_count", "ExpectTableRowCountToBeBetween", "critical", (SOURCE_ROW.name,), limit, arguments)


def _unique_source_row() -> Expected:
    arguments = {"column": SOURCE_ROW.name}
    limit = "each row of the published file once"
    kind = "ExpectColumnValuesToBeUnique"
    return Expected("source_row_unique", kind, "critical", (SOURCE_ROW.name,), limit, arguments)


def _mapped(
    name: str, kind: str, columns: Iterable[str], rule: str, share: float, severity: Severity, **arguments: Any
) -> Expected:
    limit = f"{rule} in {'every row' if share == 1 else f'at least {share:.1%} of rows'}"
    return Expected(name, kind, severity, tuple(columns), limit, {**arguments, "mostly": share})


def _share(limits: Limits, *names: str) -> float:
    """The first limit that is there, else the default."""
    return float(next((limits["mostly"][n] for n in names if n in limits["mostly"]), limits["mostly"]["default"]))


def _filled(column: str, limits: Limits) -> Expected:
    share, kind = _share(limits, f"{column}_filled", "filled"), "ExpectColumnValuesToNotBeNull"
    return _mapped(f"{column}_filled", kind, (column,), "a value", share, "critical", column=column)


def _null_bands(limits: Limits, month_start: datetime) -> list[Expected]:
    kind = "ExpectColumnProportionOfNonNullValuesToBeBetween"
    return [
        Expected(f"{column}_null_band", kind, "warning", (column,), f"a value in at least {float(band['least']):.1%} "
                 "of rows", {"column": column, "min_value": float(band["least"]), "max_value": 1.0})
        for column, band in limits["filled"].items()
        if "since" not in band or Month.parse(band["since"]).start <= month_start
    ]  # fmt: skip


def _known_values(column: Column, limits: Limits) -> Expected:
    name, kind = f"{column.name}_known_values", "ExpectColumnValuesToBeInSet"
    rule, share = f"one of {', '.join(map(str, column.values))}", _share(limits, name, "known_values")
    arguments = {"column": column.name, "value_set": list(column.values)}
    return _mapped(name, kind, (column.name,), rule, share, "warning", **arguments)


def _in_range(column: Column, limits: Limits) -> Expected:
    severity: Severity = "critical" if column.name in ("pickup_zone", "dropoff_zone") else "warning"
    return _range(f"{column.name}_in_range", column.name, column.low, column.high, limits, severity)


def _range(
    name: str,
    column: str,
    low: float | None,
    high: float | None,
    limits: Limits,
    severity: Severity = "warning",
    **strict: bool,
) -> Expected:
    more = "above" if strict.get("strict_min") else "from"
    rule = f"{more} {low:g}" + ("" if high is None else f" to {high:g}")
    arguments = {"column": column, "min_value": low, "max_value": high, **strict}
    share, kind = _share(limits, name), "ExpectColumnValuesToBeBetween"
    return _mapped(name, kind, (column,), rule, share, severity, **arguments)


def _places_and_people(limits: Limits) -> list[Expected]:
    unknown, kind = list(UNKNOWN_ZONES), "ExpectColumnValuesToNotBeInSet"
    return [
        *(_mapped(f"{c}_known_place", kind, (c,), "a zone inside the city", _share(limits, f"{c}_known_place"),
                  "warning", column=c, value_set=unknown) for c in ("pickup_zone", "dropoff_zone")),
        _range("passengers_given", "passenger_count", 1, None, limits),
        _range("distance_positive", "distance_mi", 0, None, limits, strict_min=True),
    ]  # fmt: skip


def _times(limits: Limits, month_start: datetime, month_end: datetime) -> list[Expected]:
    rules = CleaningLimits()
    inside = {"column": "pickup_at", "min_value": month_start, "max_value": month_end, "strict_max": True}
    order = {"column_A": "dropoff_at", "column_B": "pickup_at", "ignore_row_if": "either_value_is_missing"}
    rule, share = f"from {month_start:%Y-%m-%d} to before {month_end:%Y-%m-%d}", _share(limits, "pickup_in_month")
    return [
        _mapped("pickup_in_month", "ExpectColumnValuesToBeBetween", ("pickup_at",), rule, share, "critical", **inside),
        _mapped("dropoff_after_pickup", "ExpectColumnPairValuesAToBeGreaterThanB", ("pickup_at", "dropoff_at"),
                "the drop-off after the pick-up", _share(limits, "dropoff_after_pickup"), "critical", **order),
        _range("duration_plausible", DURATION, rules.min_minutes, rules.max_minutes, limits),
    ]  # fmt: skip


def _across_columns(limits: Limits) -> list[Expected]:
    covers = {"column_A": "total_usd", "column_B": "fare_usd", "or_equal": True,
              "ignore_row_if": "either_value_is_missing"}  # fmt: skip
    return [
        _range("speed_plausible", SPEED, 0, CleaningLimits().max_mph, limits),
        _mapped("total_covers_fare", "ExpectColumnPairValuesAToBeGreaterThanB", ("total_usd", "fare_usd"),
                "a total of at least the fare", _share(limits, "total_covers_fare"), "warning", **covers),
        _mapped("null_block_whole", "ExpectColumnValuesToBeInSet", (NULL_BLOCK,),
                f"{', '.join(NULL_BLOCK_COLUMNS)} null together or not at all", _share(limits, "null_block_whole"),
                "warning", column=NULL_BLOCK, value_set=[0, len(NULL_BLOCK_COLUMNS)]),
    ]  # fmt: skip


def _median(column: str, band: Iterable[str]) -> Expected:
    low, high = map(float, band)
    arguments = {"column": column, "min_value": low, "max_value": high}
    limit = f"a median from {low:g} to {high:g}"
    return Expected(f"{column}_median", "ExpectColumnMedianToBeBetween", "critical", (column,), limit, arguments)
