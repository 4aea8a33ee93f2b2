"""One expectation as plain data, and the words to write one with: what suites are lists of.

`critical` marks what makes a month unusable; everything else warns, because single rows are quarantined when a month
is cleaned. `run_suite` turns these into Great Expectations' own objects, `counting` counts them without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from include.trips.columns import SOURCE_ROW

Severity = Literal["critical", "warning"]
DTYPES: Mapping[pa.DataType, str] = {
    pa.int8(): "int8",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.float32(): "float32",
    pa.float64(): "float64",
    pa.timestamp("us"): "datetime64",
    pa.string(): "str",
}
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


def ordered_columns(names: Iterable[str], what: str) -> Expected:
    """Exactly these columns in this order; `what` says whose they are."""
    names = list(names)
    limit = f"the {len(names)} columns of {what}, in its order"
    arguments = {"column_list": names}
    return Expected("columns_of_contract", "ExpectTableColumnsToMatchOrderedList", "critical", (), limit, arguments)


def columns_present(names: Iterable[str], what: str) -> Expected:
    """At least these columns, in any order."""
    names = list(names)
    arguments = {"column_set": names, "exact_match": False}
    return Expected("columns_present", "ExpectTableColumnsToMatchSet", "critical", (), f"{what}: {', '.join(names)}",
                    arguments)  # fmt: skip


def typed(column: str, kind: pa.DataType, severity: Severity = "critical") -> Expected:
    """The column has the Arrow type; null-typed or text where numbers belong breaks it."""
    arguments = {"column": column, "type_": DTYPES[kind]}
    return Expected(f"{column}_type", "ExpectColumnValuesToBeOfType", severity, (), f"type {kind}", arguments)


def row_count(fewest: int, most: int | None) -> Expected:
    """A month of so many rows, both bounds included."""
    limit = f"at least {fewest:,} rows" + (f", at most {most:,}" if most else "")
    if fewest == most:
        limit = f"{fewest:,} rows"
    arguments = {"min_value": fewest, "max_value": most}
    return Expected("row_count", "ExpectTableRowCountToBeBetween", "critical", (SOURCE_ROW.name,), limit, arguments)


def unique_source_row() -> Expected:
    """No row of the published file came twice."""
    arguments = {"column": SOURCE_ROW.name}
    return Expected("source_row_unique", "ExpectColumnValuesToBeUnique", "critical", (SOURCE_ROW.name,),
                    "each row of the published file once", arguments)  # fmt: skip


def mapped(
    name: str, kind: str, columns: Iterable[str], rule: str, share: float, severity: Severity, **arguments: Any
) -> Expected:
    """A rule that each row with a value keeps or breaks; at least `share` of them keep it."""
    limit = f"{rule} in {'every row' if share == 1 else f'at least {share:.1%} of rows'}"
    return Expected(name, kind, severity, tuple(columns), limit, {**arguments, "mostly": share})


def filled(column: str, share: float, severity: Severity = "critical") -> Expected:
    """A value in at least `share` of the rows."""
    kind = "ExpectColumnValuesToNotBeNull"
    return mapped(f"{column}_filled", kind, (column,), "a value", share, severity, column=column)


def one_of(name: str, column: str, values: Iterable[Any], rule: str, share: float) -> Expected:
    """Values of a set, as a warning."""
    kind = "ExpectColumnValuesToBeInSet"
    return mapped(name, kind, (column,), rule, share, "warning", column=column, value_set=list(values))


def none_of(name: str, column: str, values: Iterable[Any], rule: str, share: float) -> Expected:
    """No value of a set, as a warning."""
    kind = "ExpectColumnValuesToNotBeInSet"
    return mapped(name, kind, (column,), rule, share, "warning", column=column, value_set=list(values))


def between(
    name: str,
    column: str,
    low: Any,
    high: Any,
    share: float,
    severity: Severity = "warning",
    rule: str = "",
    **strict: bool,
) -> Expected:
    """Values from `low` to `high`, both included unless `strict_min` or `strict_max`; None is no bound."""
    kind = "ExpectColumnValuesToBeBetween"
    rule = rule or _range_in_words(low, high, **strict)
    arguments = {"column": column, "min_value": low, "max_value": high, **strict}
    return mapped(name, kind, (column,), rule, share, severity, **arguments)


def _range_in_words(low: float | None, high: float | None, strict_min: bool = False, strict_max: bool = False) -> str:
    words = [] if low is None else [f"{'above' if strict_min else 'from'} {low:g}"]
    words += [] if high is None else [f"{'below' if strict_max else 'to'} {high:g}"]
    return " ".join(words)


def greater(
    name: str, column: str, than: str, rule: str, share: float, severity: Severity, or_equal: bool = False
) -> Expected:
    """One column above another (or equal to it) in each row that has both."""
    arguments = {"column_A": column, "column_B": than, "or_equal": or_equal, "ignore_row_if": "either_value_is_missing"}
    kind = "ExpectColumnPairValuesAToBeGreaterThanB"
    return mapped(name, kind, (column, than), rule, share, severity, **arguments)


def null_band(column: str, least: float, most: float) -> Expected:
    """The share of rows with a value lies in a band: fewer means that a column is gone, more that a population is."""
    kind = "ExpectColumnProportionOfNonNullValuesToBeBetween"
    limit = f"a value in {least:.1%} to {most:.1%} of rows"
    return Expected(f"{column}_null_band", kind, "warning", (column,), limit,
                    {"column": column, "min_value": least, "max_value": most})  # fmt: skip


def share_band(name: str, column: str, what: str, low: float, high: float) -> Expected:
    """The share of rows whose flag (0 or 1) is set lies in a band."""
    arguments = {"column": column, "min_value": low, "max_value": high}
    limit = f"{what} in {low:.1%} to {high:.1%} of rows"
    return Expected(name, "ExpectColumnMeanToBeBetween", "warning", (column,), limit, arguments)


def median_band(column: str, low: float, high: float) -> Expected:
    """The median lies in a band; outside it a unit or a column has changed."""
    arguments = {"column": column, "min_value": low, "max_value": high}
    limit = f"a median from {low:g} to {high:g}"
    return Expected(f"{column}_median", "ExpectColumnMedianToBeBetween", "critical", (column,), limit, arguments)
