"""The validate phase: whole months against their suites, verdicts written down first and then enforced."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include.config import Settings, get_settings
from include.errors import QualityError
from include.lake import Lake, Manifest, read_table
from include.processing.expectations import Expected, clean_suite, raw_suite
from include.processing.run_suite import examine, outcomes
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

QUALITY_SOURCES = (
    "processing/expectations.py",
    "processing/thresholds.yaml",
    "processing/run_suite.py",
    "processing/validate_data.py",
    "processing/clean_data.py",
    "trips/columns.py",
)


def validate_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the raw month against `raw_suite` -> Data Docs, `quality` in the lake, data_quality_metrics.

    QualityError when a critical expectation fails, and again on every repeat, until the month or a limit changes.
    """
    return _validate_stage("raw", raw_suite, service, month, settings)


def validate_clean_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month against `clean_suite`; a failure is a fault of the cleaning, not of the data."""
    return _validate_stage("clean", clean_suite, service, month, settings)


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
