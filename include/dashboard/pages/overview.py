"""Overview: what is there, who answers, and what is up."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import streamlit as st

from include.config import get_settings
from include.dashboard import session, sources
from include.dashboard.faults import AwayError
from include.dashboard.figures.models import LOSS, TITLES
from include.dashboard.mlflow import NO_SERVER
from include.dashboard.prose import calm
from include.dashboard.states import part
from include.dashboard.tables import show_table
from include.warehouse.models import standing_version

SECONDS = 3.0
NEXT = "`make pipeline` trains and promotes champions; `make status` says what is up."


def page() -> None:
    """Data, models, services: each part by itself."""
    st.markdown("New York's taxi trips, month by month, turned into predictions: how long, how much, how generous.")
    with part("The months"):
        _months()
    with part("The champions"):
        _champions()
    st.subheader("Services")
    _services()


def _months() -> None:
    loaded = sources.months_or_stop()
    for column, (service, months) in zip(st.columns(max(len(loaded), 3)), loaded.items(), strict=False):
        rows = sources.totals(service, months, "month", ("month",))
        trips = sum(row["trips"] for row in rows)
        column.metric(f"{service.title()}: trips of {len(months)} months", f"{trips:,}")
        column.caption(f"{months[0]} to {months[-1]}")


def _champions() -> None:
    st.subheader("Champions")
    rows = []
    for service, targets in sources.models_or_stop().items():
        for target in targets:
            model = f"nyc_taxi_{service}_{target}"
            standing = standing_version(sources.decisions(model))
            row = next((v for v in sources.versions(model) if v["version"] == standing), None)
            if row is None:
                continue
            scored = [
                s for s in sources.scores(model) if s["version"] == standing and s["role"] in ("challenger", "baseline")
            ]
            rows.append({"service": service, "predicts": TITLES[target], "version": standing, "family": row["family"],
                         "learnt to": row["trained_to"], "tested on": row["test_month"],
                         "error there": f"{scored[-1]['loss']:.3f}, {LOSS[target]}" if scored else ""})  # fmt: skip
    if rows:
        show_table(rows, "champions")


def _services() -> None:
    settings = get_settings()
    asked: tuple[tuple[str, Callable[[], str], str], ...] = (
        (
            "Prediction API",
            _health,
            session.link(settings.api_port, "/docs"),
        ),
        ("MLflow", lambda: _up("MLflow", settings.mlflow_address, "/health"), session.mlflow_link("/")),
        (
            "Airflow",
            lambda: _up("Airflow", settings.airflow_address, "/api/v2/version"),
            session.link(settings.airflow_port),
        ),
    )
    for column, (name, ask, link) in zip(st.columns(len(asked)), asked, strict=True):
        with column, part(name):
            st.markdown(f":material/check_circle: [{name}]({link}): {ask()}")


def _health() -> str:
    """The API's own word; what is wrong with it is told below."""
    told = session.api().get("/health")
    problems = "".join(f"\n- {calm(problem)}" for problem in told.get("problems", []))
    if told["status"] != "ok":
        st.warning(f"The API is **{told['status']}**. {NEXT}{problems}", icon=":material/warning:")
    return str(told["status"])


def _up(name: str, base: str, path: str) -> str:
    if not base:
        raise AwayError(NO_SERVER)
    try:
        httpx.get(f"{base}{path}", timeout=SECONDS, trust_env=False).raise_for_status()
    except httpx.HTTPError as fault:
        raise AwayError(f"{name} at {base} does not answer ({type(fault).__name__}).") from None
    return "up"
