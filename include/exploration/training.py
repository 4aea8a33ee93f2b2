"""Training looked at from outside: what each fit was worth and cost, what MLflow kept, how far intervals hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from include.config import Settings
from include.features.build_month import build_feature_month
from include.ingestion.ingest_data import ingest_month, land_month
from include.models.base_trainer import served_metrics
from include.models.bundle import Bundle, model_name, read_bundle
from include.models.evaluate import loss_of
from include.models.rows import Rows, TargetRows, load_rows, load_window
from include.models.tracking import client
from include.models.train_all import compare_models, split_outcomes
from include.processing.clean_data import clean_month
from include.trips.month import Month

STEPS = (land_month, ingest_month, clean_month, build_feature_month)
"""What a month goes through before training; expectations are looked at elsewhere and change no row."""
BINS = 6


def prepare_months(service: str, months: Iterable[Month], settings: Settings) -> None:
    """Takes months from the source to features, in the settings' home."""
    for month in months:
        for step in STEPS:
            step(service, str(month), settings)


def roles(plan: Mapping[str, Any]) -> tuple[pd.DataFrame, Rows]:
    """Trips and days by role, and the test month's rows."""
    window, test = load_window(plan), load_rows(plan["uris"][plan["month"]], plan["service"])
    parts = {"train": window.train, "tune": window.tune, "calibrate": window.calibrate, "test": test}
    table = {role: {"trips": len(rows.day), "days of the month": _days(rows.day)} for role, rows in parts.items()}
    return pd.DataFrame.from_dict(table, orient="index"), test


def _days(day: np.ndarray) -> str:
    return ", ".join(str(d) for d in np.unique(day)) if len(np.unique(day)) < 20 else f"{day.min()}-{day.max()}"


def leaderboard(outcomes: Iterable[Mapping[str, Any]], target: str, test: Rows) -> pd.DataFrame:
    """A row per family fitted on the target, the least loss on the tune days first.

    The test month's loss is shown and chooses nothing; coverage is the share of test trips that an interval holds.
    """
    rows = {}
    for outcome in (o for o in outcomes if o["target"] == target and "uri" in o):
        card = (bundle := read_bundle(outcome["uri"])).card
        score = served_metrics(bundle, test.of(target))
        rows[card.family] = {
            "tune loss": outcome["loss"], "test loss": score[loss_of(target)], "coverage": score.get("coverage"),
            "fit, processor s": card.costs["cpu_seconds"], "one quote, microseconds": card.costs["prediction_us"],
            "model, kB": card.costs["artefact_bytes"] / 1000,
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").dropna(axis="columns", how="all").sort_values("tune loss")


def best_bundle(outcomes: Iterable[Mapping[str, Any]], target: str) -> Bundle:
    """The candidate with the least loss on the tune days."""
    candidates, _ = split_outcomes([[dict(outcome) for outcome in outcomes]])
    return read_bundle(compare_models(candidates)[target][0]["uri"])


def mlflow_runs(service: str, target: str, settings: Settings) -> pd.DataFrame:
    """A row per finished run of the target's experiment, as MLflow keeps it: tags, metrics (gain included) and id."""
    mlflow_client = client(settings)
    experiment = mlflow_client.get_experiment_by_name(model_name(service, target))
    runs = mlflow_client.search_runs([experiment.experiment_id], "status = 'FINISHED'")
    kept = {run.info.run_name: {**run.data.tags, **run.data.metrics, "run_id": run.info.run_id} for run in runs}
    return pd.DataFrame.from_dict(kept, orient="index").sort_index()


def gain_shares(runs: pd.DataFrame, family: str) -> pd.Series:
    """Each feature's share of what the family's splits gained, in percent, from its run; the largest first."""
    run = runs[runs["family"] == family].iloc[0]
    shares = {name.removeprefix("gain_"): 100 * run[name] for name in runs.columns if name.startswith("gain_")}
    return pd.Series(shares, dtype=float).sort_values(ascending=False)


def interval_coverage(bundle: Bundle, rows: TargetRows) -> pd.DataFrame:
    """Percent of trips inside their interval, and its mean width, by size of the prediction."""
    said, low, high = bundle.predict_with_interval(rows.x)
    table = pd.DataFrame({"predicted": said, "held": 100.0 * ((rows.y >= low) & (rows.y <= high)), "width": high - low})
    return table.groupby(_by_size(said))[["predicted", "held", "width"]].mean().join(_counts(said))


def reliability(bundle: Bundle, rows: TargetRows) -> pd.DataFrame:
    """Mean predicted chance and the share that came true, by size of the prediction."""
    said = bundle.predict_probability(rows.x)
    table = pd.DataFrame({"predicted": said, "came true": rows.y.astype(float)})
    return table.groupby(_by_size(said)).mean().join(_counts(said))


def _by_size(said: np.ndarray) -> np.ndarray:
    """(n,) predictions -> (n,) number of the one of BINS equally filled bins that each is in."""
    edges = np.unique(np.quantile(said, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.searchsorted(edges, said, side="right")


def _counts(said: np.ndarray) -> pd.Series:
    return pd.Series(_by_size(said)).value_counts().rename("trips")
