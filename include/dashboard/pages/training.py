"""Model Training Results: who learnt best, what it cost, and where it errs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from include.config import get_settings
from include.dashboard import mlflow, session, sources
from include.dashboard.charts.drawn import show
from include.dashboard.choosing import choose_model, choose_month
from include.dashboard.documents import EVALUATION
from include.dashboard.faults import NothingYetError
from include.dashboard.figures import evaluation
from include.dashboard.figures import models as figures
from include.dashboard.states import part

UNITS = {"duration_min": "min", "fare_usd": "USD", "high_tip": ""}
SHOWN_SLICES = 20


def page() -> None:
    """One target at a time; the month chooses which fits and which test are shown."""
    service, target = choose_model(sources.models_or_stop())
    fits = sources.fits(service, target)
    month = choose_month("Trained for", sorted({row["month"] for row in fits}))
    own = [row for row in fits if row["month"] == month]
    left, right = st.columns(2)
    with left, part("The leaderboard"):
        show(figures.leaderboard(own, target, month), "leaderboard")
    with right, part("The cost"):
        show(figures.cost_and_quality(own, target, month), "cost")
    with part("The months"):
        if len({row["month"] for row in fits}) > 1:
            show(figures.families_over_months(fits, target), "families")
        else:
            st.caption("Families are compared over months as soon as a second month was trained for.")
    with part("The search for parameters"):
        _tuning(service, target, own, month)
    st.subheader("The challenger on its test month")
    with part("The evaluation"):
        _evaluation(service, target, month)
    with part("The links into MLflow"):
        _links(service, target, own)


def _tuning(service: str, target: str, own: list[dict[str, Any]], month: str) -> None:
    tried = {row["family"]: sources.trials(row["family"], target, service, month) for row in own}
    tried = {family: trials for family, trials in tried.items() if trials}
    if not tried:
        st.caption(f"No parameters were searched for {month}; `TAXI_TUNE_TRIALS=30` searches them before the fits.")
        return
    with st.expander(f"Search for parameters: {', '.join(tried)}", key="tuning", on_change="rerun") as opened:
        if opened.open:
            _tuned(tried, target)


def _tuned(tried: dict[str, list[dict[str, Any]]], target: str) -> None:
    columns = st.columns(2)
    for place, (family, trials) in enumerate(tried.items()):
        with columns[place % 2]:
            show(figures.tuning_curve(trials, family, target), f"tuning_{family}")
            early = sum(row["loss"] is None for row in trials)
            st.caption(f"Trials: {len(trials)}, {early} of them ended early on a fifth of the rows.")


def _evaluation(service: str, target: str, month: str) -> None:
    document = sources.document(f"{EVALUATION}{target}", service, month)
    if document is None:
        raise NothingYetError(
            f"{month} has no evaluation: it is made when the register phase ends. Run the month again."
        )
    unit, rows = UNITS[target], document["rows"]
    st.caption(f"{document['title']}, on {rows:,} trips of {month}, which no model had seen.")
    _numbers(document["metrics"], target)
    left, right = st.columns(2)
    if "errors" in document:
        with left:
            show(evaluation.residuals(document["errors"], unit, f"Residuals, {month}"), "residuals")
            st.caption("The bars at both ends hold all trips beyond.")
        with right:
            show(evaluation.predicted_and_actual(document["grid"], unit, f"Predicted and actual, {month}"), "grid")
    else:
        with left:
            show(evaluation.calibration(document["calibration"], f"Calibration, {month}"), "calibration")
        with right:
            if document["roc"]:
                show(evaluation.roc(document["roc"], f"ROC, {month}"), "roc")
            else:
                st.info("All trips of the month were alike: there is no ROC curve.")
    for column, what in zip(st.columns(3), ("hour", "borough", "distance"), strict=True):
        with column:
            show(evaluation.error_by(document["error_by"][what], target, what), f"by_{what}")
    _slices(service, target, month)


def _numbers(metrics: dict[str, float], target: str) -> None:
    shown = {"mae": "Mean absolute error", "rmse": "Root mean square", "coverage": "In the interval",
             "within_2": "Within 2", "within_5": "Within 5", "loss": "Log loss", "roc_auc": "Area under ROC",
             "brier": "Brier score"}  # fmt: skip
    if UNITS[target]:
        shown |= {name: f"{shown[name]} {UNITS[target]}" for name in ("within_2", "within_5")}
        shown |= {name: f"{shown[name]} ({UNITS[target]})" for name in ("mae", "rmse")}
    known = [(label, metrics[name], name) for name, label in shown.items()
             if name in metrics and not (name == "loss" and target != "high_tip")][:5]  # fmt: skip
    for column, (label, value, name) in zip(st.columns(max(len(known), 1)), known, strict=False):
        share = name in ("coverage", "within_2", "within_5")
        column.metric(label, f"{100 * value:.1f} %" if share else f"{value:.3f}")


def _slices(service: str, target: str, month: str) -> None:
    """Losses of the parts of the test month, the largest parts first."""
    scored = [row for row in sources.scores(f"nyc_taxi_{service}_{target}")
              if row["month"] == month and row["role"] in ("challenger", "baseline") and row["version"]]  # fmt: skip
    if not scored:
        return
    ranked = sorted(scored[-1]["slices"].items(), key=lambda item: -item[1]["rows"])[:SHOWN_SLICES]
    parts = [{"part": name, "trips": found["rows"], "loss": found["loss"]} for name, found in ranked]
    show(evaluation.slices(parts, target, f"The {len(parts)} largest parts of {month}"), "slices")


def _links(service: str, target: str, own: list[dict[str, Any]]) -> None:
    base, model = get_settings().mlflow_address, f"nyc_taxi_{service}_{target}"
    experiment = sources.experiment_of(base, model)
    paths = {row["family"]: mlflow.path_of(experiment, row["run_id"]) for row in own}
    links = [f"[{family}]({session.mlflow_link(path)})" for family, path in paths.items()]
    registered = session.mlflow_link(mlflow.model_path(model))
    st.markdown(f"In MLflow: {', '.join(links)}; the registered model [{model}]({registered}).")
