"""A suite against a whole month, with Great Expectations on the pandas data source.

Great Expectations copies a frame for every rule, so each rule sees only the columns that it reads: a month of three
million rows then needs a fraction of the time and memory, and every row is still looked at. A rule that raises is a
broken rule, and costs no other one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from include.processing.derived import DERIVED_FROM, derive
from include.processing.expected import Expected
from include.processing.outcomes import SHOWN_VALUES, Outcome, outcomes

if TYPE_CHECKING:
    import pandas as pd

    from include.processing.waivers import Waiver

__all__ = ["Judge", "Outcome", "examine", "merge", "native", "outcomes", "quality_frame", "suite_of"]

EARLIEST, LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")
"""Inside what datetime64[ns] holds, the only unit that Great Expectations compares in bulk; outside any month."""
NO_WAIVERS: Mapping[str, Waiver] = {}


def examine(
    trips: pa.Table, suite: Iterable[Expected], name: str, asset: str, waivers: Mapping[str, Waiver] = NO_WAIVERS
) -> tuple[Any, Any]:
    """A month against a suite -> Great Expectations' (ExpectationSuite, ExpectationSuiteValidationResult).

    `name` is the suite's, `asset` what the month is called in reports. No files are written.
    """
    suite = list(suite)
    judge = Judge(name, asset)
    rules = {spec.name: native(spec, _told(spec, waivers)) for spec in suite}
    found: dict[str, Any] = {}
    for columns in dict.fromkeys(spec.columns for spec in suite):
        of_columns = [rules[spec.name] for spec in suite if spec.columns == columns]
        found |= judge.results(quality_frame(trips, columns), of_columns)
    usable = all(found[s.name].success or s.name in waivers for s in suite if s.severity == "critical")
    merged = merge([found[spec.name] for spec in suite], judge, usable)
    return suite_of(name, rules.values()), merged


@dataclass
class Judge:
    """Great Expectations, asked frame by frame; `last` is its most recent validation, for what pages need to know."""

    suite_name: str
    asset: str

    def __post_init__(self) -> None:
        from great_expectations.execution_engine import pandas_execution_engine

        # A batch's MD5, which nobody reads, is a third of the time. Large frames get none: every one counts as large.
        pandas_execution_engine.HASH_THRESHOLD = 0
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        self.context = _quiet_context()
        self.last: Any = None

    def results(self, frame: pd.DataFrame, rules: list[Any]) -> dict[str, Any]:
        """Rule name -> result. When the rules cannot be run together, each is run alone; one that raises is broken."""
        try:
            self.last = self._run(frame, rules)
        except Exception as fault:  # noqa: BLE001 - whatever a library raises over one rule is that rule's result
            if len(rules) == 1:
                return {rules[0].meta["rule"]: _broken(rules[0], fault)}
            return {name: result for rule in rules for name, result in self.results(frame, [rule]).items()}
        return {result.expectation_config.meta["rule"]: result for result in self.last.results}

    def _run(self, frame: pd.DataFrame, rules: list[Any]) -> Any:
        """A data source holds on to every frame that it has seen, so each frame gets a new one.

        The suite stays out of the context, whose stores would write each of them down several times.
        """
        source = self.context.data_sources.add_or_update_pandas("lake")
        whole = source.add_dataframe_asset(self.asset).add_batch_definition_whole_dataframe("month")
        shown = {"result_format": "SUMMARY", "partial_unexpected_count": SHOWN_VALUES}
        batch = whole.get_batch({"dataframe": frame})
        return batch.validate(suite_of(self.suite_name, rules), result_format=shown)


def _broken(rule: Any, fault: Exception) -> Any:
    from great_expectations.core import ExpectationValidationResult

    info = {
        "raised_exception": True,
        "exception_message": f"{type(fault).__name__}: {fault}",
        "exception_traceback": "",
    }
    return ExpectationValidationResult(
        success=False, expectation_config=rule.configuration, result={}, exception_info=info, meta={}
    )


def quality_frame(trips: pa.Table, columns: tuple[str, ...], charges: np.ndarray | None = None) -> pd.DataFrame:
    """The named contract or derived columns of all rows, as dtypes that Great Expectations compares in bulk.

    No columns, or one whose source is absent or cannot be read: the empty table with all columns, whose dtypes show
    the schema. `charges` are those of the whole month when `trips` is only a part of it.
    """
    import pandas as pd

    absent = {source for c in columns for source in DERIVED_FROM.get(c, (c,))} - set(trips.column_names)
    if absent or not columns:
        return pd.DataFrame(trips.schema.empty_table().to_pandas())
    return pd.DataFrame({c: _column(trips, c, charges) for c in columns}, copy=False)


def _column(trips: pa.Table, name: str, charges: np.ndarray | None) -> Any:
    if name not in DERIVED_FROM:
        return _plain(trips[name])
    try:
        return derive(name, trips, charges)
    except (TypeError, ValueError, pa.ArrowException) as fault:
        return _unreadable(trips.num_rows, fault)


def _unreadable(rows: int, fault: Exception) -> Any:
    """Text in each row, which no rule on numbers accepts: what a column is derived from has another type."""
    import pandas as pd

    return pd.Series([f"cannot be derived: {fault}"], dtype="object").repeat(rows).reset_index(drop=True)


def _plain(values: pa.ChunkedArray) -> Any:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values.dictionary_encode().to_pandas()
    array = values.to_numpy(zero_copy_only=False)
    if pa.types.is_timestamp(kind):
        return np.clip(array, EARLIEST, LATEST).astype("datetime64[ns]")
    if array.dtype.kind not in "iufb":
        return array
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def _quiet_context() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.enable_analytics(False)
    return context


def _told(spec: Expected, waivers: Mapping[str, Waiver]) -> str:
    told = f"{spec.name} ({spec.severity}): {spec.limit}"
    return f"{told} - {waivers[spec.name].words()}" if spec.name in waivers else told


def native(spec: Expected, told: str) -> Any:
    """Great Expectations' own object; `told` is what its page says."""
    import great_expectations.expectations as catalogue

    make = getattr(catalogue, spec.kind)
    return make(**spec.arguments, severity=spec.severity, description=told, meta={"rule": spec.name})


def suite_of(name: str, rules: Iterable[Any]) -> Any:
    """Great Expectations' suite of its own objects; each belongs to the last suite that it was put in."""
    import great_expectations as gx

    rules = list(rules)
    for rule in rules:
        rule.id = None
    return gx.ExpectationSuite(name=name, expectations=rules)


def merge(results: list[Any], judge: Judge, usable: bool) -> Any:
    """One validation from those of single frames; `usable` is whether it succeeds."""
    import pandas as pd
    from great_expectations.core import ExpectationSuiteValidationResult

    if judge.last is None:
        judge.results(pd.DataFrame(), [])
    last, passed = judge.last, sum(bool(result.success) for result in results)
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
