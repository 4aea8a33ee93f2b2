"""The validate phase: Great Expectations on the whole raw month, Data Docs for people, a verdict for the pipeline."""

from __future__ import annotations

import json
import logging
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from include.config import Settings, get_settings
from include.errors import QualityError
from include.lake import Lake, Manifest, read_table
from include.processing.expectations import Expected, raw_suite
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

SITE = "data_docs"


def validate_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the raw month against its suite. Every result is kept first; then a critical failure is a QualityError."""
    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    raw = lake.require("raw", service, parsed)
    key = fingerprint(raw.sha256, code_hash("processing/expectations.py", "processing/validate_data.py"))
    verdict = lake.current("quality", service, parsed)
    unchanged = verdict is not None and verdict.key == key
    if verdict is None or not unchanged:
        results = run_suite(raw, raw_suite(service, parsed), settings)
        verdict = _publish(lake, raw, key, results)
        _record(settings, service, month, results)
    failed = verdict.meta["failed"]
    docs = str(settings.home / SITE / "index.html")
    log = get_logger(phase="validate", service=service, month=month)
    log.info("month validated", expectations=verdict.rows, **{k: ",".join(v) or "none" for k, v in failed.items()})
    if failed["critical"]:
        raise QualityError(
            f"{service} {month} failed {len(failed['critical'])} critical expectation(s): "
            f"{'; '.join(failed['critical'])}. Nothing after validation ran. See Data Docs at {docs}; "
            "get the file again, or correct the source, and run the month again."
        )
    return {"uri": raw.uri, "passed": verdict.rows - len(failed["warning"]), "warnings": failed["warning"],
            "docs": docs, "status": "unchanged" if unchanged else "done"}  # fmt: skip


def run_suite(raw: Manifest, suite: list[Expected], settings: Settings) -> list[dict[str, Any]]:
    """Runs a suite on all rows of a raw month and writes its Data Docs page; one plain result per expectation."""
    for noisy in ("great_expectations", "great_expectations.checkpoint.actions"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    import great_expectations as gx

    name = f"{raw.service}_{raw.month}"
    frame = read_table(raw.uri).to_pandas()
    (settings.home / "gx").mkdir(parents=True, exist_ok=True)
    with FileLock(settings.home / "gx.lock"):  # months write one site
        context = _context(settings)
        source = context.data_sources.add_or_update_pandas("months")
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("month")
        expectations = [getattr(gx.expectations, e.kind)(**e.arguments, severity=e.severity) for e in suite]
        expected = context.suites.add_or_update(gx.ExpectationSuite(name=name, expectations=expectations))
        definition = context.validation_definitions.add_or_update(
            gx.ValidationDefinition(name=name, data=batch, suite=expected)
        )
        docs = gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=[SITE])
        checkpoint = context.checkpoints.add_or_update(
            gx.Checkpoint(name=name, validation_definitions=[definition], actions=[docs], result_format="SUMMARY")
        )
        outcome = checkpoint.run(batch_parameters={"dataframe": frame})
    (validation,) = outcome.run_results.values()
    return [_plain(result) for result in validation.results]


def _context(settings: Settings) -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="file", project_root_dir=settings.home / "gx")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    context.variables.analytics_enabled = False
    site = {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(settings.home / SITE),
        },
    }
    if SITE in context.get_site_names():
        context.update_data_docs_site(SITE, site)
    else:
        context.add_data_docs_site(SITE, site)
    return context


def _plain(result: Any) -> dict[str, Any]:
    config, details = result.expectation_config, result.result or {}
    arguments = {k: str(v) for k, v in config.kwargs.items() if k != "batch_id"}
    column = arguments.pop("column", arguments.pop("column_A", ""))
    error = (result.exception_info or {}).get("exception_message", "")
    observed = details.get("observed_value", details.get("unexpected_percent"))
    return {
        "expectation": config.type, "column_name": column, "severity": str(config.severity.value),
        "success": bool(result.success), "observed": str(error or observed)[:500], "limit_text": json.dumps(arguments),
        "unexpected_count": details.get("unexpected_count"), "unexpected_percent": details.get("unexpected_percent"),
    }  # fmt: skip


def _publish(lake: Lake, raw: Manifest, key: str, results: list[dict[str, Any]]) -> Manifest:
    failed: dict[str, list[str]] = {"critical": [], "warning": []}
    for result in results:
        if not result["success"]:
            said = f"{result['expectation']} on {result['column_name'] or 'the table'} (observed {result['observed']})"
            failed[result["severity"]].append(said)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.json"
        path.write_text(json.dumps(results, indent=2, default=str))
        return lake.publish_file(
            "quality", raw.service, Month.parse(raw.month), path, key, len(results), {"failed": failed}, ".json"
        )


def _record(settings: Settings, service: str, month: str, results: list[dict[str, Any]]) -> None:
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    now = datetime.now(UTC)
    keys = {"service": service, "month": month, "suite": "raw"}
    replace_rows(get_engine(settings), "data_quality_metrics", keys, [r | {"validated_at": now} for r in results])
