"""A family's parameters for a target: the best that an earlier month found, or, within the plan's budget, better ones.

A search leaves its trials and its best in the lake stage `tuned/<family>/<target>` of its test month, for the months
after it. It reads the window's training and tune days and nothing else.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from include.config import Settings
from include.features.trip_features import targets_of
from include.lake import Lake, Manifest
from include.models.bundle import PREDICTION_BOUNDS, model_name
from include.models.costs import measured
from include.models.evaluate import pointwise_loss
from include.models.families import Family, find_row, task_of
from include.models.recipes import SEED, Lesson
from include.models.rows import TargetRows, TargetWindow
from include.models.tuning import Budget, Found, Loss, search
from include.trips.month import Month
from include.utils.hashing import fingerprint
from include.utils.logs import get_logger

LEAST_ROWS = 200
"""A share of the training rows is at least as many, where there are as many."""
TRIALS_FILE = "trials.csv"


@dataclass(frozen=True)
class Tuned:
    """Parameters that win over the family's, where they come from (for the card), what finding them took, the trials.

    `trials` is CSV, "" without a search.
    """

    params: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    trials: str = ""


def remembered(
    lake: Lake, service: str, test: Month, families: Iterable[str], synthetic: bool
) -> dict[str, dict[str, Any]]:
    """Family -> target -> the `month` and `params` of the latest search before the test month, as plain data.

    Searches on the sample are remembered for the sample alone (`synthetic`), those on real months for real ones.
    Parameters that the family no longer searches are left out, and so is a family that searches none.
    """
    found: dict[str, dict[str, Any]] = {}
    for family in families:
        for target in targets_of(service):
            row = find_row(family, task_of(target))
            latest = _latest(lake, service, test, stage_of(family, target), synthetic) if row and row.search else None
            if row and latest:
                params = {name: value for name, value in latest.meta["params"].items() if name in row.search}
                found.setdefault(family, {})[target] = {"month": latest.month, "params": params}
    return found


def _latest(lake: Lake, service: str, test: Month, stage: str, synthetic: bool) -> Manifest | None:
    for month in reversed([month for month in lake.months(stage, service) if month < test]):
        held = lake.current(stage, service, month)
        if held is not None and held.meta["synthetic"] == synthetic:
            return held
    return None


def stage_of(family: str, target: str) -> str:
    """The lake stage of a family's searches for a target."""
    return f"tuned/{family}/{target}"


def tune(plan: Mapping[str, Any], row: Family, target: str, data: TargetWindow, settings: Settings) -> Tuned:
    """The parameters for one fit, as the plan says: searched when it has a budget, else those of an earlier month.

    A search that was killed goes on from its journal. When no trial ends well the earlier month's stay.
    """
    earlier = plan.get("tuned", {}).get(row.name, {}).get(target)
    kept = Tuned(dict(earlier["params"]), {"tuned_month": earlier["month"]}) if earlier else Tuned()
    if not plan.get("tuning") or not row.search:
        return kept
    with measured() as cost:
        found = _searched(plan, row, target, data, kept.params, settings)
    if found is None:
        get_logger(phase="train", month=plan["month"], family=row.name).warning("no trial of the search ended well")
        return kept
    text = as_csv(found.table)
    _remember(plan, row.name, target, found, text, settings)
    source = {"tuned_month": plan["month"], "tuned_trials": len(found.table), "tuned_pruned": found.pruned}
    return Tuned(found.params, source, {"search_seconds": cost["fit_seconds"]}, text)


def _searched(
    plan: Mapping[str, Any], row: Family, target: str, data: TargetWindow, kept: Mapping[str, Any], settings: Settings
) -> Found | None:
    defaults = dict(row.params)
    journal = settings.home / "tuning" / plan["service"] / plan["month"] / plan["key"] / f"{row.name}-{target}.journal"
    starts = [{**defaults, **kept}, defaults] if kept else [defaults]
    return search(
        f"{model_name(plan['service'], target)} {row.name}", row.search,
        tune_loss(row, target, data, settings.fit_threads), Budget(**plan["tuning"]), journal,
        search_seed(plan["service"], target, row.name), starts,
    )  # fmt: skip


def tune_loss(row: Family, target: str, data: TargetWindow, threads: int) -> Loss:
    """Parameters and a share -> the decisive loss on the tune days of a fit on that share of the training rows."""
    tune, defaults, bounds = data.tune, dict(row.params), PREDICTION_BOUNDS[target]

    def loss(params: Mapping[str, Any], share: float) -> float:
        train = share_of(data.train, share)
        lesson = Lesson(train.x, train.y, tune.x, tune.y, threads)
        fitted = row.fit(row.estimator, {**defaults, **params}, lesson)
        said = np.clip(fitted.predict(tune.x).astype(np.float64), *bounds)
        return float(pointwise_loss(target, tune.y, said).mean())

    return loss


def share_of(rows: TargetRows, share: float) -> TargetRows:
    """A seeded share of the rows, in their order; the same share is the same rows, and a smaller one is part of it."""
    if share >= 1:
        return rows
    drawn = np.random.default_rng(SEED).permutation(len(rows))[: max(int(share * len(rows)), LEAST_ROWS)]
    drawn.sort()
    return TargetRows(rows.x[drawn], rows.y[drawn], rows.day[drawn], rows.app_dispatched[drawn])


def search_seed(service: str, target: str, family: str) -> int:
    """A search's own seed: below 2**28, so that a trial's number can be added to it."""
    return int(fingerprint("search", service, target, family)[:7], 16)


def as_csv(table: Iterable[Mapping[str, Any]]) -> str:
    """Trials as CSV; what a trial does not have is empty."""
    rows, text = list(table), io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _remember(plan: Mapping[str, Any], family: str, target: str, found: Found, trials: str, settings: Settings) -> None:
    lake, month = Lake(settings.lake), Month.parse(plan["month"])
    meta = {"params": found.params, "loss": found.loss, "finished": found.finished, "pruned": found.pruned,
            "synthetic": plan["synthetic"]}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="tuned-") as scratch:
        path = Path(scratch) / TRIALS_FILE
        path.write_text(trials, encoding="utf-8")
        lake.publish_file(
            stage_of(family, target), plan["service"], month, path, plan["key"], len(found.table), meta, suffix=".csv"
        )
