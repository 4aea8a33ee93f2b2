"""The validate phase: whole months against their suites, verdicts written down first and then enforced."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include.config import Settings, get_settings
from include.errors import QualityError
from include.lake import Lake, Manifest, read_table
from include.processing.expectations import Expected, clean_suite, feature_suite, raw_suite
from include.processing.outcomes import Outcome, outcomes, waive
from include.processing.profile_suite import examine_profile
from include.processing.run_suite import examine
from include.processing.waivers import WAIVERS_FILE, Waiver, Waivers, load_waivers, waivers_of
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

QUALITY_SOURCES = (
    *(f"processing/{name}.py" for name in ("expected", "expectations", "limits", "derived", "reversals",
                                           "reversal_partners", "counting", "outcomes", "run_suite", "profile_suite",
                                           "validate_month", "cleaning_rules")),
    "processing/thresholds.yaml",
    "trips/columns.py",
    "trips/tariff.py",
    "trips/data/tariff.csv",
    "trips/calendar.py",
    "features/dictionary.py",
    "features/trip_features.py",
)  # fmt: skip
WHOLE, PROFILE = "every row in Great Expectations", "profile of all rows and a seeded sample in Great Expectations"

NEXT_STEP = {
    "raw": "Ingest the month again from a good file, or, if TLC published it so, change the limit in "
           "include/processing/thresholds.yaml",
    "clean": "These are promises of the cleaning, not limits: clean the month again, and if it stays so correct "
             "include/processing/cleaning_rules.py",
    "features": "These are bounds of the feature dictionary, not limits: build the feature month again from the clean "
                "one, and if it stays so correct include/features",
}  # fmt: skip
"""Stage -> what to do about a month that is refused there."""


def validate_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the raw month against `raw_suite` -> Data Docs, `quality_raw` in the lake, data_quality_metrics.

    QualityError when a critical expectation fails that no waiver covers, and again on every repeat, until the month, a
    limit or the waivers change. SettingsError when limits or waivers are faulty.
    """
    parsed = Month.parse(month)
    return _validate_stage("raw", raw_suite(service, parsed.start, parsed.end), service, month, settings)


def validate_clean_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month against `clean_suite`; a failure is a fault of the cleaning, not of the data."""
    parsed = Month.parse(month)
    return _validate_stage("clean", clean_suite(service, parsed.start, parsed.end), service, month, settings)


def validate_feature_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the feature month against `feature_suite`: a row for each clean trip, every feature in its bounds."""
    settings = settings or get_settings()
    clean = Lake(settings.lake).require("clean", service, Month.parse(month))
    return _validate_stage("features", feature_suite(service, clean.rows), service, month, settings)


def _validate_stage(
    stage: str, suite: list[Expected], service: str, month: str, settings: Settings | None
) -> dict[str, Any]:
    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    manifest = lake.require(stage, service, parsed)
    waivers = _waivers(settings, service, month, stage)
    whole = manifest.rows <= settings.gx_max_rows
    key = fingerprint(manifest.sha256, manifest.rows, code_hash(*QUALITY_SOURCES), whole, waivers.key(), _asked(suite))
    report = _stored(lake, stage, service, parsed, key, settings.home)
    status = "unchanged" if report else "done"
    if report is None:
        report = _examine_and_publish(lake, manifest, suite, key, settings, waivers.in_force, whole)
    _record(settings, service, month, report)
    _refuse_critical(service, month, stage, report, settings, waivers)
    return {"uri": manifest.uri, "passed": sum(o["success"] for o in report["outcomes"]), "critical": [],
            "warnings": _broken(report, "warning"), "waived": report["waived"],
            "docs": str(settings.home / report["docs"]), "status": status}  # fmt: skip


def _waivers(settings: Settings, service: str, month: str, stage: str) -> Waivers:
    found = waivers_of(load_waivers(_waivers_file(settings)), service, month, stage, datetime.now(UTC).date())
    for waiver in found.expired.values():
        get_logger(phase="validate", service=service, month=month).warning(
            "a waiver has expired", expectation=waiver.expectation, who=waiver.who, until=str(waiver.until)
        )
    return found


def _asked(suite: list[Expected]) -> list[list[Any]]:
    """What of a suite is not in the code: counts of another stage, values of the feature dictionary."""
    return [[spec.name, spec.severity, spec.limit] for spec in suite]


def _stored(lake: Lake, stage: str, service: str, month: Month, key: str, home: Path) -> dict[str, Any] | None:
    """The earlier report on the same month and limits, if its page is still there."""
    kept = lake.current(f"quality_{stage}", service, month)
    if kept is None or kept.key != key:
        return None
    report: dict[str, Any] = json.loads(lake.fs.cat_file(kept.uri))
    return report if (home / report["docs"]).exists() else None


def _examine_and_publish(
    lake: Lake, manifest: Manifest, suite: list[Expected], key: str, settings: Settings,
    waivers: dict[str, Waiver], whole: bool,
) -> dict[str, Any]:  # fmt: skip
    from include.processing.data_docs import publish_page

    service, month, stage, home = manifest.service, manifest.month, manifest.stage, settings.home
    native, merged, found = _examined(manifest, suite, waivers, whole)
    page = publish_page(home, native, merged, run_name=f"{service}-{month}")
    found = waive(found, waivers)
    report = {"suite": native.name, "validated_at": datetime.now(UTC).isoformat(), "rows": manifest.rows,
              "method": WHOLE if whole else PROFILE, "docs": str(page.relative_to(home)),
              "waived": [f"{o.expectation}: {waivers[o.expectation].words()}" for o in found if o.waived_by],
              "outcomes": [asdict(o) for o in found]}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="quality-") as scratch:
        path = Path(scratch) / "report.json"
        path.write_text(json.dumps(report, indent=1) + "\n")
        lake.publish_file(f"quality_{stage}", service, Month.parse(month), path, key, manifest.rows, suffix=".json")
    return report


def _examined(
    manifest: Manifest, suite: list[Expected], waivers: dict[str, Waiver], whole: bool
) -> tuple[Any, Any, list[Outcome]]:
    name = f"{manifest.service}_{manifest.stage}"
    asset = f"{manifest.service}-{manifest.month}-{manifest.stage}"
    if not whole:
        return examine_profile(manifest.uri, suite, name, asset, waivers)
    native, merged = examine(read_table(manifest.uri), suite, name, asset, waivers)
    return native, merged, outcomes(suite, merged)


def _broken(report: dict[str, Any], severity: str) -> list[str]:
    return [o["expectation"] for o in report["outcomes"] if o["severity"] == severity and not o["success"]]


def _record(settings: Settings, service: str, month: str, report: dict[str, Any]) -> None:
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    validated_at = datetime.fromisoformat(report["validated_at"])
    rows = [o | {"examples": json.dumps(o["examples"]), "validated_at": validated_at} for o in report["outcomes"]]
    keys = {"service": service, "month": month, "suite": report["suite"]}
    replace_rows(get_engine(settings), "data_quality_metrics", keys, rows)
    logger = get_logger(phase="validate", service=service, month=month)
    logger.info("month validated", suite=report["suite"], expectations=len(rows), method=report["method"],
                warnings=_broken(report, "warning"), critical=_broken(report, "critical"),
                waived=report["waived"])  # fmt: skip


def _refuse_critical(service: str, month: str, stage: str, report: dict[str, Any], settings: Settings,
                     waivers: Waivers) -> None:  # fmt: skip
    broken = [o for o in report["outcomes"] if Outcome(**o).stops]
    if not broken:
        return
    details = "; ".join(f"{o['expectation']}: {o['observed']}, expected {o['limit_text']}" for o in broken)
    expired = [waivers.expired[o["expectation"]] for o in broken if o["expectation"] in waivers.expired]
    late = "".join(f" The waiver of {w.expectation} by {w.who} expired on {w.until}." for w in expired)
    raise QualityError(
        f"{service} {month} ({report['suite']}) is not fit for use - {details}.{late} Data Docs: "
        f"{settings.home / report['docs']}. {NEXT_STEP[stage]}, or waive it in {_waivers_file(settings)}."
    )


def _waivers_file(settings: Settings) -> Path:
    return Path(settings.waivers) if settings.waivers else WAIVERS_FILE
