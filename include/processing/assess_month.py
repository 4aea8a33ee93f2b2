"""The end of the validate phase: the clean month is held to what cleaning promises, and its report is written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from include.config import Settings, get_settings
from include.errors import QualityError, TaxiError
from include.lake import Lake, Manifest, read_table
from include.processing.clean_data import REASONS, clean_month
from include.processing.drift import measure_drift
from include.processing.drift_store import parts_of
from include.processing.quality_report import (
    generate_html_report,
    generate_markdown_report,
    save_quality_metrics_to_db,
)
from include.processing.report.export import FIGURE_COLUMNS, figure_rows
from include.processing.report.facts import CLEAN, RAW, MonthReport
from include.processing.report.gather import TRAILING_MONTHS, Inputs, Stored, build_report
from include.processing.report.verdict import verdict_of
from include.processing.validate_data import validate_clean_month, validate_month
from include.trips.month import Month
from include.utils.cli import run_month_step
from include.utils.csv_export import csv_text
from include.utils.files import atomic_path
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

REPORT_SOURCES = (
    "processing/report", "processing/report/page.html.jinja", "processing/quality_report.py",
    "processing/assess_month.py", "features/trip_features.py", "trips/columns.py",
    "trips/zones.py", "trips/data/zones.csv", "trips/data/zones.geojson", "utils/csv_export.py",
)  # fmt: skip
STAGE = "report"


def assess_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month's validation, its drift, and the report under `<home>/reports/quality/<service>/`.

    The report is written whatever is wrong, and shows it. QualityError when the clean month breaks a promise; else the
    TaxiError for which drift could not be measured.
    """
    settings = settings or get_settings()
    broken = _fault(validate_clean_month, QualityError, service, month, settings)
    unmeasured = _fault(measure_drift, TaxiError, service, month, settings)
    written = write_report(service, month, settings, drift_fault=str(unmeasured or ""))
    for fault in (broken, unmeasured):
        if fault is not None:
            raise fault
    return written


def _fault(step: Callable[..., Any], kind: type[TaxiError], *arguments: Any) -> TaxiError | None:
    """What a step refuses with, to be raised after the report is written."""
    try:
        step(*arguments)
    except kind as fault:
        return fault
    return None


def write_report(service: str, month: str, settings: Settings, drift_fault: str = "") -> dict[str, Any]:
    """What the lake holds of a month -> lake stage `report`, three files in the home, suites of data_quality_metrics.

    Nothing is computed again while inputs and code are the same and the files are there. With a `drift_fault`, the
    reason why drift could not be measured now, older drift of the month is not shown.
    """
    from include.warehouse.engine import get_engine

    lake, parsed = Lake(settings.lake), Month.parse(month)
    stages = _stages(lake, service, parsed)
    if drift_fault:
        stages.pop("drift", None)
    identities = _identities(stages, _earlier(lake, service, parsed))
    key = fingerprint(identities, drift_fault, code_hash(*REPORT_SOURCES))
    paths = report_paths(settings.home, service, month)
    kept = lake.current(STAGE, service, parsed)
    unchanged = kept is not None and kept.key == key and all(path.exists() for path in paths.values())
    if kept is None or not unchanged:
        kept = _publish(lake, build_report(_inputs(lake, stages, service, parsed, drift_fault)), paths, key)
    report = _REPORT.validate_json(lake.fs.cat_file(kept.uri))
    made_at = datetime.fromisoformat(stages["clean"].meta["cleaned_at"])
    save_quality_metrics_to_db(get_engine(settings), report, made_at)
    verdict = verdict_of(report)
    status = "unchanged" if unchanged else "done"
    log = get_logger(phase="assess", service=service, month=month)
    log.info("month assessed", verdict=verdict.level, sentence=verdict.sentence, status=status)
    return {"uri": kept.uri, "verdict": verdict.level, "sentence": verdict.sentence, "status": status,
            **{name: str(path) for name, path in paths.items()}}  # fmt: skip


_REPORT = TypeAdapter(MonthReport)


def report_paths(home: Path, service: str, month: str) -> dict[str, Path]:
    """Where a month's report is: the page, its short form, and its figures."""
    folder = home / "reports" / "quality" / service
    return {"html": folder / f"{month}.html", "markdown": folder / f"{month}.md", "csv": folder / f"{month}.csv"}


def _stages(lake: Lake, service: str, month: Month) -> dict[str, Manifest]:
    """The stages that a report is made of; BadDataError when one that must be there is not."""
    found = {stage: lake.require(stage, service, month) for stage in ("landing", "raw", "clean")}
    for stage in ("quality_raw", "quality_clean", "drift"):
        manifest = lake.current(stage, service, month)
        if manifest is not None:
            found[stage] = manifest
    return found


def _earlier(lake: Lake, service: str, month: Month) -> dict[str, Manifest]:
    """Raw months of the year before that the lake holds, in order."""
    months = (month.plus(-back) for back in range(TRAILING_MONTHS, 0, -1))
    found = ((str(m), lake.current("raw", service, m)) for m in months)
    return {name: manifest for name, manifest in found if manifest is not None}


def _identities(stages: Mapping[str, Manifest], earlier: Mapping[str, Manifest]) -> dict[str, Any]:
    """Everything that the report shows and that may change, so that a change makes it new."""
    return {
        "stages": {stage: manifest.sha256 for stage, manifest in stages.items()},
        "origin": stages["landing"].meta["origin"],
        "quarantined": stages["clean"].meta["quarantined"],
        "reasons": REASONS,
        "earlier": {month: manifest.sha256 for month, manifest in earlier.items()},
    }


def _inputs(lake: Lake, stages: Mapping[str, Manifest], service: str, month: Month, drift_fault: str) -> Inputs:
    verdicts = {stage: _stored(lake, stages.get(f"quality_{stage}")) for stage in (RAW, CLEAN)}
    drift = _stored(lake, stages.get("drift"))
    return Inputs(
        service=service,
        month=str(month),
        origin=stages["landing"].meta["origin"],
        raw=_trips(stages["raw"]),
        clean=_trips(stages["clean"]),
        quarantined=stages["clean"].meta["quarantined"],
        verdicts={stage: told for stage, told in verdicts.items() if told},
        earlier={name: manifest.meta["profile"] for name, manifest in _earlier(lake, service, month).items()},
        drift=drift["results"] if drift else None,
        drift_fault=drift_fault,
    )


def _trips(manifest: Manifest) -> Stored:
    with fsspec.open(manifest.uri, "rb") as file:
        names = pq.read_schema(file).names
    return Stored(tuple(names), manifest.rows, lambda columns: read_table(manifest.uri, columns),
                  lambda columns: parts_of(manifest.uri, columns))  # fmt: skip


def _stored(lake: Lake, manifest: Manifest | None) -> dict[str, Any]:
    return dict(json.loads(lake.fs.cat_file(manifest.uri))) if manifest else {}


def _publish(lake: Lake, report: MonthReport, paths: Mapping[str, Path], key: str) -> Manifest:
    """The three files first, then the facts in the lake: a manifest never names a report that is not there."""
    texts = {
        "html": generate_html_report(report),
        "markdown": generate_markdown_report(report),
        "csv": csv_text(figure_rows(report), FIGURE_COLUMNS),
    }
    for name, path in paths.items():
        with atomic_path(path) as temporary:
            temporary.write_text(texts[name], encoding="utf-8", newline="")
    with tempfile.TemporaryDirectory(prefix="report-") as scratch:
        facts = Path(scratch) / "facts.json"
        facts.write_bytes(_REPORT.dump_json(report, indent=1))
        meta = {"verdict": verdict_of(report).level}
        month = Month.parse(report.month)
        return lake.publish_file(STAGE, report.service, month, facts, key, report.rows_read, meta, suffix=".json")


def main() -> None:
    """`python -m include.processing.assess_month --service green --month 2023-01`: the whole validate phase."""
    run_month_step(validate_month, clean_month, assess_month)


if __name__ == "__main__":
    main()
