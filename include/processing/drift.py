"""Drift: how far a month is from the months before it, per column and per part of its trips.

`drift_columns` and `drift_segments` say what is counted, `drift_tally` counts it into a `drift_profile`,
`drift_statistics` measures distances, `drift_compare` judges them by `drift_limits` and the known changes of rules.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from include.config import Settings, get_settings
from include.lake import Lake, Manifest
from include.processing.drift_compare import compare
from include.processing.drift_limits import DriftLimits, Reference, drift_limits
from include.processing.drift_profile import Profile
from include.processing.drift_result import DriftResult, Verdict, month_verdict
from include.processing.drift_statistics import compute_ks, compute_psi
from include.processing.drift_store import load_profile, stored_profile
from include.processing.drift_tally import profile_month
from include.trips.month import Month
from include.trips.regimes import known_regimes
from include.utils.cli import run_month_step
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

__all__ = [
    "DriftLimits", "DriftResult", "Profile", "Verdict", "compare", "compute_ks", "compute_psi", "drift_limits",
    "known_regimes", "measure_drift", "month_verdict", "profile_month", "reference_months",
]  # fmt: skip

STAGE = "drift"
COLUMN_OF = {"column": "column_name", "limit": "limit_value", "rows": "rows_compared"}
"""Fields of a result whose names are words of SQL -> columns of `drift_metrics`."""
DRIFT_SOURCES = ("processing/drift.py", "processing/drift_compare.py", "processing/drift_sides.py",
                 "processing/drift_result.py", "processing/drift_statistics.py", "processing/drift_columns.py",
                 "processing/drift_segments.py", "processing/drift_limits.py", "processing/drift.yaml",
                 "trips/regimes.py", "trips/data/regimes.csv", "trips/data/tariff.csv")  # fmt: skip


def measure_drift(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month and those before it -> lake stage `drift` (JSON) and table `drift_metrics`.

    Only clean months of the lake that are strictly earlier count, so months may come in any order; a month whose
    earlier ones have changed is measured again.
    """
    settings = settings or get_settings()
    lake, parsed, limits = Lake(settings.lake), Month.parse(month), drift_limits()
    profile = stored_profile(lake, lake.require("clean", service, parsed))
    earlier = reference_months(lake.months("clean", service), parsed, limits.reference)
    reference = [stored_profile(lake, lake.require("clean", service, before)) for before in earlier]
    key = fingerprint([_identity(p) for p in (profile, *reference)], code_hash(*DRIFT_SOURCES))
    held = lake.current(STAGE, service, parsed)
    unchanged = held is not None and held.key == key
    if held is None or not unchanged:
        held = _publish(lake, profile, reference, limits, key)
    results = _store(lake, held, settings)
    summary = held.meta | {"uri": held.uri, "results": len(results), "status": "unchanged" if unchanged else "done"}
    log = get_logger(phase="drift", service=service, month=month)
    report = log.warning if held.meta["verdict"] == "alarm" else log.info
    report("drift measured", verdict=held.meta["verdict"], alarms=len(held.meta["alarms"]), status=summary["status"])
    return summary


def _identity(profile: Manifest) -> list[str]:
    """Bytes and key: values that results name as constant are in the manifest, and two of one bin have equal bytes."""
    return [profile.sha256, profile.key]


def reference_months(available: Sequence[Month], month: Month, rules: Reference) -> tuple[Month, ...]:
    """The latest months strictly before `month`, at most `window` of them and none older than `reach` months."""
    within = (m for m in sorted(available) if m < month and month.ordinal - m.ordinal <= rules.reach)
    return tuple(within)[-rules.window :]


def _publish(lake: Lake, profile: Manifest, reference: list[Manifest], limits: DriftLimits, key: str) -> Manifest:
    regimes = known_regimes(profile.service)
    results = compare(load_profile(profile), [load_profile(r) for r in reference], limits, regimes)
    month, earlier = Month.parse(profile.month), [Month.parse(r.month) for r in reference]
    meta = _summary(results, month, earlier)
    whole = meta | {"service": profile.service, "month": profile.month, "results": [asdict(r) for r in results]}
    with tempfile.TemporaryDirectory(prefix="drift-") as scratch:
        path = Path(scratch) / "drift.json"
        path.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return lake.publish_file(STAGE, profile.service, month, path, key, len(results), meta, suffix=".json")


def _summary(results: Sequence[DriftResult], month: Month, earlier: Sequence[Month]) -> dict[str, Any]:
    """Verdict, named alarms and known changes, how many results have each verdict, reference months and gaps."""
    wanted = [earlier[0].plus(i) for i in range(month.ordinal - earlier[0].ordinal)] if earlier else []
    return {
        "verdict": month_verdict(results),
        "alarms": [result.name for result in results if result.verdict == "alarm"],
        "known": [result.name for result in results if result.verdict == "known"],
        "verdicts": dict(sorted(Counter(result.verdict for result in results).items())),
        "reference_months": [str(m) for m in earlier],
        "gaps": [str(m) for m in wanted if m not in earlier],
    }


def _store(lake: Lake, held: Manifest, settings: Settings) -> list[dict[str, Any]]:
    """The published results as the month's rows of `drift_metrics`."""
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    results: list[dict[str, Any]] = json.loads(lake.fs.cat_file(held.uri))["results"]
    rows = [{COLUMN_OF.get(name, name): value for name, value in result.items()} for result in results]
    replace_rows(get_engine(settings), "drift_metrics", {"service": held.service, "month": held.month}, rows)
    return results


def main() -> None:
    """`python -m include.processing.drift --service yellow --month 2020-06`."""
    run_month_step(measure_drift)


if __name__ == "__main__":
    main()
