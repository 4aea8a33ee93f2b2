"""Every family on the same real months: `TAXI_TEST_DATA=<folder> python tests/bench/bench_families.py [family ...]`.

Yellow 2018-09..2019-07 train, 2019-08 tunes and calibrates, 2019-09 is scored. The
months go through the project's own steps in a home that is thrown away. Prints a Markdown table: mean absolute error on
trips of up to 120 minutes (as `make anchors` counts them), the share that the intervals hold, log loss and ROC-AUC of
`high_tip`, and processor seconds of each fit. Nothing here fails: the figures are to be compared.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from include.config import Settings, load_settings
from include.features.build_month import build_feature_month
from include.features.trip_features import PROBABILITIES, TARGETS
from include.ingestion.ingest_data import ingest_month, land_month
from include.models.base_trainer import served_metrics
from include.models.bundle import read_bundle
from include.models.families import BASELINE, family_names
from include.models.plan import plan_training
from include.models.rows import Rows, load_rows
from include.models.train_all import fit_family
from include.processing.clean_data import clean_month
from include.trips.month import Month
from include.utils.logs import configure

SERVICE, TEST, WINDOW = "yellow", Month(2019, 9), 12
LONGEST_MIN = 120
STEPS = (land_month, ingest_month, clean_month, build_feature_month)
SHOWN = {"duration_min": ("mae", "coverage"), "fare_usd": ("mae", "coverage"), "high_tip": ("log_loss", "roc_auc")}
"""The metrics of the table, by target."""


def main() -> None:
    configure("WARNING")
    folder = os.environ.get("TAXI_TEST_DATA", "")
    if not Path(folder, SERVICE).is_dir():
        print(f"skipped: TAXI_TEST_DATA={folder!r} is no folder with {SERVICE}/{SERVICE}_tripdata_<YYYY-MM>.parquet")
        return
    chosen = tuple(dict.fromkeys((BASELINE, *(sys.argv[1:] or family_names()))))
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        update = {"home": home, "source": folder, "service": SERVICE, "window_months": WINDOW}
        settings = load_settings(update).model_copy(update={"families": chosen})
        plan = prepare(settings)
        test = load_rows(plan["uris"][str(TEST)], SERVICE)
        test = test.where(test.y["duration_min"] <= LONGEST_MIN)
        heads = [f"{target} {metric}" for target in TARGETS for metric in SHOWN[target]]
        print("|", " | ".join(["family", *heads, *(f"{target} fit s" for target in TARGETS)]), "|")
        print("|---" * (1 + len(heads) + len(TARGETS)) + "|", flush=True)
        for family in chosen:
            print(row(family, fit_family(plan, family, settings), test), flush=True)


def prepare(settings: Settings) -> dict[str, Any]:
    """The feature months, and the plan of their training."""
    for back in range(WINDOW, -1, -1):
        for step in STEPS:
            step(SERVICE, str(TEST.plus(-back)), settings)
    return plan_training(SERVICE, str(TEST), "always", settings)


def row(family: str, outcomes: list[dict[str, Any]], test: Rows) -> str:
    """One line of the table; a target that the family has no form for, or failed on, says so."""
    by_target = {outcome["target"]: outcome for outcome in outcomes}
    figures, seconds = [], []
    for target in TARGETS:
        outcome = by_target.get(target, {})
        if "uri" not in outcome:
            figures += [outcome.get("failed", "-")[:40], "-"]
            seconds.append("-")
            continue
        bundle = read_bundle(outcome["uri"])
        score = served_metrics(bundle, test.of(target))
        digits = 4 if target in PROBABILITIES else 3
        figures += [f"{score[metric]:.{digits}f}" for metric in SHOWN[target]]
        seconds.append(f"{bundle.card.costs['cpu_seconds']:.1f}")
    return f"| {' | '.join([family, *figures, *seconds])} |"


if __name__ == "__main__":
    main()
