"""A suite against a whole month, with Great Expectations on the pandas data source.

Great Expectations copies a frame for every rule, so each rule sees only the columns that it reads: a month of three
million rows then needs a fraction of the time and memory, and every row is still looked at.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from include.features.trip_features import compute_speed, compute_trip_duration
from include.processing.expectations import (
    DERIVED_FROM,
    DURATION,
    NULL_BLOCK,
    NULL_BLOCK_COLUMNS,
    SPEED,
    Expected,
)

if TYPE_CHECKING:
    import pandas as pd

EARLIEST, LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")
"""Inside what datetime64[ns] holds, the only unit that Great Expectations compares in bulk; outside any month."""
SHOWN_VALUES = 5
"""Examples of values that break a rule, on a page of Data Docs."""


@dataclass(frozen=True)
class Outcome:
    """What one expectation found; a row of data_quality_metrics. Percentages are of the rows with a value."""

    expectation: str
    column_name: str
    severity: str
    success: bool
    observed: str
    limit_text: str
    unexpected_count: int | None
    unexpected_percent: float | None


def examine(trips: pa.Table, suite: Iterable[Expected], name: str, asset: str) -> tuple[Any, Any]:
    """A month against a suite -> Great Expectations' (ExpectationSuite, ExpectationSuiteValidationResult).

    `name` is the suite's, `asset` what the month is called in reports. No files are written.
    """
    import great_expectations as gx

    suite = list(suite)
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = _quiet_context()
    found: dict[str, Any] = {}
    for columns in dict.fromkeys(spec.columns for spec in suite):
        rules = [_native(spec) for spec in suite if spec.columns == columns]
        last = _run(context, quality_frame(trips, columns), gx.ExpectationSuite(name=name, expectations=rules), asset)
        found |= {rule_name(result): result for result in last.results}
    merged = _merge([found[spec.name] for spec in suite], last, suite)
    return gx.ExpectationSuite(name=name, expectations=[_native(spec) for spec in suite]), merged


def _run(context: Any, frame: pd.DataFrame, rules: Any, asset: str) -> Any:
    """A data source holds on to every frame that it has seen, so each frame gets a new one."""
    import great_expectations as gx

    source = context.data_sources.add_or_update_pandas("lake")
    whole = source.add_dataframe_asset(asset).add_batch_definition_whole_dataframe("month")
    definition = gx.ValidationDefinition(name=rules.name, data=whole, suite=context.suites.add_or_update(rules))
    context.validation_definitions.add_or_update(definition)
    shown = {"result_format": "SUMMARY", "partial_unexpected_count": SHOWN_VALUES}
    return definition.run(batch_parameters={"dataframe": frame}, result_format=shown)


def quality_frame(trips: pa.Table, columns: tuple[str, ...]) -> pd.DataFrame:
    """The named contract or derived columns of all rows, as dtypes that Great Expectations compares in bulk.

    No columns, or one whose source is absent: the empty table with all columns, whose dtypes show the schema.
    """
    import pandas as pd

    absent = {source for c in columns for source in DERIVED_FROM.get(c, (c,))} - set(trips.column_names)
    if absent or not columns:
        return pd.DataFrame(trips.schema.empty_table().to_pandas())
    return pd.DataFrame({c: DERIVED[c](trips) if c in DERIVED else _plain(trips[c]) for c in columns}, copy=False)


def _plain(values: pa.ChunkedArray) -> Any:
    if pa.types.is_string(values.type):
        return values.dictionary_encode().to_pandas()
    array = values.to_numpy(zero_copy_only=False)
    if pa.types.is_timestamp(values.type):
        return np.clip(array, EARLIEST, LATEST).astype("datetime64[ns]")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def _minutes(trips: pa.Table) -> np.ndarray:
    return compute_trip_duration(*(trips[name].to_numpy(zero_copy_only=False) for name in ("pickup_at", "dropoff_at")))


def _speed(trips: pa.Table) -> np.ndarray:
    return np.asarray(np.abs(compute_speed(trips["distance_mi"].to_numpy(zero_copy_only=False), _minutes(trips))))


def _nulls_in_block(trips: pa.Table) -> np.ndarray:
    nulls = [trips[name].is_null().to_numpy().astype(np.int64) for name in NULL_BLOCK_COLUMNS]
    return np.asarray(np.sum(nulls, axis=0))


DERIVED: dict[str, Callable[[pa.Table], np.ndarray]] = {
    DURATION: _minutes,
    SPEED: _speed,
    NULL_BLOCK: _nulls_in_block,
}


def _quiet_context() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.enable_analytics(False)
    return context


def _native(spec: Expected) -> Any:
    import great_expectations.expectations as catalogue

    told = f"{spec.name} ({spec.severity}): {spec.limit}"
    make = getattr(catalogue, spec.kind)
    return make(**spec.arguments, severity=spec.severity, description=told, meta={"rule": spec.name})


def rule_name(result: Any) -> str:
    """The name of the `Expected` that a Great Expectations result belongs to."""
    return str(result.expectation_config.meta["rule"])


def _merge(results: list[Any], last: Any, suite: list[Expected]) -> Any:
    """One validation from those of single frames; it succeeds when nothing critical is broken."""
    from great_expectations.core import ExpectationSuiteValidationResult

    passed = sum(bool(result.success) for result in results)
    usable = all(r.success for r, spec in zip(results, suite, strict=True) if spec.severity == "critical")
    statistics = {
        "evaluated_expectations": len(results),
        "successful_expectations": passed,
        "unsuccessful_expectations": len(results) - passed,
        "success_percent": 100 * passed / max(len(results), 1),
    }
    last.meta["batch_spec"]["data_asset_name"] = last.asset_name
    return ExpectationSuiteValidationResult(
        success=usable, results=results, suite_name=last.suite_name, statistics=statistics, meta=last.meta,
        batch_id=last.batch_id,
    )  # fmt: skip


def outcomes(suite: Iterable[Expected], merged: Any) -> list[Outcome]:
    """The merged result as plain rows, in the suite's order."""
    return [_outcome(spec, result) for spec, result in zip(suite, merged.results, strict=True)]


def _outcome(spec: Expected, result: Any) -> Outcome:
    found = result.result or {}
    count, percent = found.get("unexpected_count"), found.get("unexpected_percent")
    if percent is not None:
        observed = f"{count:,} rows ({percent:.3f} %) break it"
    elif "observed_value" in found:
        value = found["observed_value"]
        observed = f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)
    else:
        observed = "no row has a value" if count == 0 else "could not be computed"
    column = str(spec.arguments.get("column") or " / ".join(spec.columns))
    return Outcome(spec.name, column, spec.severity, bool(result.success), observed, spec.limit,
                   None if count is None else int(count), None if percent is None else float(percent))  # fmt: skip
