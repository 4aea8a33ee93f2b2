"""Whole months against their expectations, with Great Expectations on the pandas data source.

Great Expectations copies a frame for every rule, so each rule sees only the columns that it reads: a month of three
million rows then needs a fraction of the time and memory, and every row is still looked at.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from include.config import Settings, get_settings
from include.errors import QualityError
from include.features.trip_features import compute_speed, compute_trip_duration
from include.lake import Lake, Manifest, read_table
from include.processing.expectations import (
    DURATION,
    NULL_BLOCK,
    NULL_BLOCK_COLUMNS,
    SPEED,
    Expected,
    clean_suite,
    raw_suite,
)
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

if TYPE_CHECKING:
    import pandas as pd

QUALITY_SOURCES = (
    "processing/expectations.py",
    "processing/thresholds.yaml",
    "processing/validate_data.py",
    "processing/clean_data.py",
    "trips/contract.py",
)
EARLIEST, LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")
"""Within datetime64[ns], the only unit that Great Expectations compares in bulk; both lie outside any month."""


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


def validate_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the raw month against `raw_suite` -> Data Docs, `quality` in the lake, data_quality_metrics.

    QualityError when a critical expectation fails, and again on every repeat, until the month or a limit changes.
    """
    return _validate_stage("raw", raw_suite, service, month, settings)


def validate_clean_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month against `clean_suite`; a failure is a fault of the cleaning, not of the data."""
    return _validate_stage("clean", clean_suite, service, month, settings)


def examine(trips: pa.Table, suite: Iterable[Expected], name: str, asset: str) -> tuple[Any, Any]:
    """A month against a suite -> Great Expectations' (ExpectationSuite, ExpectationSuiteValidationResult).

    `name` is the suite's, `asset` what the month is called in reports. No files are written.
    """
    import great_expectations as gx

    suite = list(suite)
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    batches = _quiet_context().data_sources.add_pandas("lake").add_dataframe_asset(asset)
    whole = batches.add_batch_definition_whole_dataframe("month")
    found: dict[str, Any] = {}
    last: Any = None
    for columns in dict.fromkeys(spec.columns for spec in suite):
        rules = [_native(spec) for spec in suite if spec.columns == columns]
        batch = whole.get_batch({"dataframe": quality_frame(trips, columns)})
        last = batch.validate(gx.ExpectationSuite(name=name, expectations=rules))
        found |= {rule_name(result): result for result in last.results}
    merged = _merge([found[spec.name] for spec in suite], last, name)
    notes = {
        "notes": {
            "format": "meta_properties",
            "content": {"Rule": "properties.rule", "If broken": "properties.severity"},
        }
    }
    return gx.ExpectationSuite(name=name, expectations=[_native(spec) for spec in suite], meta=notes), merged


def quality_frame(trips: pa.Table, columns: tuple[str, ...]) -> pd.DataFrame:
    """The named contract or derived columns of all rows, as dtypes that Great Expectations compares in bulk.

    No columns, or one whose source is absent: the empty table with all columns, whose dtypes show the schema.
    """
    import pandas as pd

    absent = {source for c in columns for source in SOURCES.get(c, (c,))} - set(trips.column_names)
    if absent or not columns:
        return pd.DataFrame(trips.schema.empty_table().to_pandas())
    return pd.DataFrame({c: DERIVED[c](trips) if c in DERIVED else _plain(trips[c]) for c in columns}, copy=False)


def _plain(values: pa.ChunkedArray) -> Any:
    if pa.types.is_string(values.type):
        return values.dictionary_encode().to_pandas()
    array = values.to_numpy(zero_copy_only=False)
    if pa.types.is_timestamp(values.type):
        return np.clip(array, EARLIEST, LATEST).astype("datetime64[ns]")
    return np.asarray(array).astype(np.float64 if array.dtype.kind == "f" else np.int64)


def _minutes(trips: pa.Table) -> np.ndarray:
    times = (trips[name].to_numpy(zero_copy_only=False) for name in ("pickup_at", "dropoff_at"))
    return np.asarray(compute_trip_duration(*times))


def _speed(trips: pa.Table) -> np.ndarray:
    return np.asarray(np.abs(compute_speed(trips["distance_mi"].to_numpy(zero_copy_only=False), _minutes(trips))))


def _nulls_in_block(trips: pa.Table) -> np.ndarray:
    return np.asarray(
        np.sum([trips[name].is_null().to_numpy().astype(np.int64) for name in NULL_BLOCK_COLUMNS], axis=0)
    )


SOURCES: dict[str, tuple[str, ...]] = {
    DURATION: ("pickup_at", "dropoff_at"),
    SPEED: ("pickup_at", "dropoff_at", "distance_mi"),
    NULL_BLOCK: NULL_BLOCK_COLUMNS,
}
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

    shown = {"rule": spec.name, "severity": spec.severity}
    meta = {"attributes": {"properties": shown}}
    return getattr(catalogue, spec.kind)(**spec.arguments, severity=spec.severity, meta=meta)


def rule_name(result: Any) -> str:
    """The name of the `Expected` that a Great Expectations result belongs to."""
    return str(result.expectation_config.meta["attributes"]["properties"]["rule"])


def _merge(results: list[Any], last: Any, name: str) -> Any:
    from great_expectations.core import ExpectationSuiteValidationResult

    passed = sum(bool(result.success) for result in results)
    statistics = {
        "evaluated_expectations": len(results),
        "successful_expectations": passed,
        "unsuccessful_expectations": len(results) - passed,
        "success_percent": 100 * passed / max(len(results), 1),
    }
    return ExpectationSuiteValidationResult(
        success=passed == len(results), results=results, suite_name=name, statistics=statistics, meta=last.meta,
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
        observed = "could not be computed"
    column = str(spec.arguments.get("column") or " / ".join(spec.columns))
    return Outcome(spec.name, column, spec.severity, bool(result.success), observed, spec.limit,
                   None if count is None else int(count), None if percent is None else float(percent))  # fmt: skip


def _validate_stage(
    stage: str,
    suite_of: Callable[[str, datetime, datetime], list[Expected]],
    service: str,
    month: str,
    settings: Settings | None,
) -> dict[str, Any]:
    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    manifest = lake.require(stage, service, parsed)
    key = fingerprint(manifest.sha256, code_hash(*QUALITY_SOURCES))
    report = _stored(lake, stage, service, parsed, key, settings.home)
    status = "unchanged" if report else "done"
    if report is None:
        report = _examine_and_publish(lake, manifest, suite_of(service, parsed.start, parsed.end), key, settings.home)
    _record(settings, service, month, report)
    _refuse_critical(service, month, report, settings.home)
    return {"uri": manifest.uri, "passed": sum(o["success"] for o in report["outcomes"]), "critical": [],
            "warnings": _broken(report, "warning"), "docs": str(settings.home / report["docs"]),
            "status": status}  # fmt: skip


def _stored(lake: Lake, stage: str, service: str, month: Month, key: str, home: Path) -> dict[str, Any] | None:
    """The earlier report on the same month and limits, if its page is still there."""
    kept = lake.current(f"quality_{stage}", service, month)
    if kept is None or kept.key != key:
        return None
    report: dict[str, Any] = json.loads(lake.fs.cat_file(kept.uri))
    return report if (home / report["docs"]).exists() else None


def _examine_and_publish(lake: Lake, manifest: Manifest, suite: list[Expected], key: str, home: Path) -> dict[str, Any]:
    from include.processing.data_docs import publish_page

    service, month, stage = manifest.service, manifest.month, manifest.stage
    name = f"{service}_{stage}"
    native, merged = examine(read_table(manifest.uri), suite, name, f"{service}-{month}-{stage}")
    page = publish_page(home, native, merged, run_name=f"{service}-{month}")
    report = {"suite": name, "validated_at": datetime.now(UTC).isoformat(), "rows": manifest.rows,
              "docs": str(page.relative_to(home))}  # fmt: skip
    report["outcomes"] = [asdict(o) for o in outcomes(suite, merged)]
    with tempfile.TemporaryDirectory(prefix="quality-") as scratch:
        path = Path(scratch) / "report.json"
        path.write_text(json.dumps(report, indent=1) + "\n")
        lake.publish_file(f"quality_{stage}", service, Month.parse(month), path, key, manifest.rows, suffix=".json")
    return report


def _broken(report: dict[str, Any], severity: str) -> list[str]:
    return [o["expectation"] for o in report["outcomes"] if o["severity"] == severity and not o["success"]]


def _record(settings: Settings, service: str, month: str, report: dict[str, Any]) -> None:
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    validated_at = datetime.fromisoformat(report["validated_at"])
    rows = [outcome | {"validated_at": validated_at} for outcome in report["outcomes"]]
    keys = {"service": service, "month": month, "suite": report["suite"]}
    replace_rows(get_engine(settings), "data_quality_metrics", keys, rows)
    logger = get_logger(phase="validate", service=service, month=month)
    warnings, critical = _broken(report, "warning"), _broken(report, "critical")
    logger.info("month validated", expectations=len(rows), warnings=warnings, critical=critical)


def _refuse_critical(service: str, month: str, report: dict[str, Any], home: Path) -> None:
    broken = [o for o in report["outcomes"] if o["severity"] == "critical" and not o["success"]]
    if not broken:
        return
    details = "; ".join(f"{o['expectation']}: {o['observed']}, expected {o['limit_text']}" for o in broken)
    raise QualityError(
        f"{service} {month} ({report['suite']}) is not fit for use - {details}. Data Docs: {home / report['docs']}. "
        "Ingest the month again from a good file, or, if TLC published it so, change the limit in "
        "include/processing/thresholds.yaml."
    )
