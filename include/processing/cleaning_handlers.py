"""Single acts of cleaning, for notebooks and small work: each takes a frame or a table and gives back a new one.

The pipeline applies all rules at once (`clean_data.clean_taxi_data`), with a reason for every row that it drops.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.errors import BadDataError
from include.processing.cleaning_rules import INPUTS, MAY_BE_EMPTY, MAY_LACK_ZONES, infer_service, required_inputs
from include.processing.data_types import Trips, as_table, fix_data_types, select, with_column
from include.processing.reversals import match_trips
from include.trips.columns import COLUMNS, METERED, Column

Method = Literal["clip", "drop", "flag"]
METHODS: tuple[str, ...] = get_args(Method)
MEASURES: tuple[Column, ...] = tuple(c for c in COLUMNS if c.unit in ("USD", "miles", "persons", "s"))
"""Columns whose bounds in the contract are those of a quantity: a zone number cannot be clipped."""
FLAG = "outlier"


def handle_missing_values(trips: Trips, service: str | None = None) -> Trips:
    """The rows that have what a trip cannot be without: both times, both zones, fare and distance where it is metered.

    Nothing is filled in: a guessed value would be learnt as if it had been measured. The null block (passenger count,
    rate code and store-and-forward flag null together) is the trips dispatched by an app, another population, and
    stays. FHV may lack zones, hired services may lack fares and distances as a whole. BadDataError when a needed column
    is absent.
    """
    table = fix_data_types(as_table(trips))
    service = service or infer_service(table.column_names)
    needed = needed_values(table, service, required_inputs(service, table.column_names, "The frame"))
    present = np.ones(table.num_rows, bool)
    for name in needed:
        present &= table[name].is_valid().to_numpy()
    return select(trips, present)


def needed_values(trips: pa.Table, service: str, inputs: list[str]) -> list[str]:
    """Those of the rules' inputs that a row of this month needs a value of; a total may be missing."""
    waived = {"total_usd"} | ({"pickup_zone", "dropoff_zone"} if service in MAY_LACK_ZONES else set())
    return [name for name in given_inputs(trips, service, inputs) if name not in waived]


def given_inputs(trips: pa.Table, service: str, inputs: list[str]) -> list[str]:
    """The inputs without those fares and distances that no row of a hired service's month has."""
    return [n for n in inputs if service in METERED or n not in MAY_BE_EMPTY or trips[n].null_count < trips.num_rows]


def remove_duplicates(trips: Trips) -> Trips:
    """The rows that stand for one trip each: no exact repeats, no reversals, and no trips that a reversal takes back.

    Rows are compared as `reversals.match_rows` says. A negative row without the trip that it takes back stays, for it
    repeats nothing; `clean_taxi_data` drops it. BadDataError when a time or a zone column is absent.
    """
    table = fix_data_types(as_table(trips))
    absent = [name for name in INPUTS[:4] if name not in table.column_names]
    if absent:
        raise BadDataError(f"The frame lacks {', '.join(absent)}: without them no two rows are the same trip.")
    matched = match_trips(table)
    return select(trips, ~np.logical_or.reduce(list(matched.values())))


def handle_outliers(df: Trips, method: Method = "clip") -> Trips:
    """Amounts, distances, seconds and passenger counts beyond the contract's bounds (`MEASURES`), by one of `METHODS`.

    `clip` sets them to the bound, `drop` leaves their rows out, `flag` adds `outlier` (bool) and changes nothing else.
    A missing value is no outlier; infinity is one. Reversals are outliers below zero, so remove duplicates first.
    Durations and speeds are `clean_taxi_data`'s: clipping them would make up times. BadDataError for another method.
    """
    if method not in METHODS:
        raise BadDataError(f"No way to handle outliers is called {method!r}; they are {', '.join(METHODS)}.")
    table = fix_data_types(as_table(df))
    held = [column for column in MEASURES if column.name in table.column_names]
    beyond = {column.name: _beyond(table[column.name], column) for column in held}
    outlier = np.logical_or.reduce([np.zeros(table.num_rows, bool), *beyond.values()])
    if method == "drop":
        return select(df, ~outlier)
    if method == "flag":
        return with_column(df, FLAG, pa.array(outlier))
    clipped = select(df, np.ones(table.num_rows, bool))
    for column in held:
        if beyond[column.name].any():
            clipped = with_column(clipped, column.name, _clipped(table[column.name], column))
    return clipped


def _beyond(values: pa.ChunkedArray, column: Column) -> np.ndarray:
    numbers = values.to_numpy(zero_copy_only=False)
    return np.asarray((numbers < column.low) | (numbers > column.high))


def _clipped(values: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    low, high = (pa.scalar(bound, column.type) for bound in (column.low, column.high))
    raised = pc.if_else(pc.less(values, low), low, values)
    return pc.if_else(pc.greater(raised, high), high, raised)
