"""Operations: runs and their phases, how the API answers, what it is asked, and what its users meet."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from include.config import get_settings
from include.dashboard import prometheus, session, sources
from include.dashboard.airflow import Airflow, dag_id
from include.dashboard.charts.drawn import show
from include.dashboard.choosing import choose
from include.dashboard.faults import NothingYetError, RefusedError
from include.dashboard.figures import contests
from include.dashboard.figures import operations as figures
from include.dashboard.prose import calm
from include.dashboard.states import part
from include.dashboard.tables import show_table

EVERY = 10
"""Seconds between two looks at the API while the page is open."""
DAYS = 30
KEPT_SAMPLES = 200


def page() -> None:
    """Four parts that need four different things; each says when its own is away."""
    st.subheader("The API now")
    _api()
    st.subheader("Predictions")
    with part("The volume"):
        _volume()
    st.subheader("What users met")
    with part("The prospective error"):
        _prospective()
    st.subheader("Runs")
    with part("The runs"):
        _runs()


@st.fragment(run_every=EVERY)
def _api() -> None:
    with part("The API"):
        api = session.api()
        health = api.get("/health")
        sign = {"ok": ":material/check_circle:", "degraded": ":material/warning:"}.get(
            health["status"], ":material/block:"
        )
        st.markdown(f"{sign} **{health['status']}** at {api.base}, {len(health['models'])} models answer.")
        for problem in health["problems"]:
            st.warning(calm(problem), icon=":material/warning:")
        samples = prometheus.samples_of(api.text("/prometheus"))
        _figures(samples)
        routes = prometheus.latencies_of(samples)
        left, right = st.columns(2)
        with left:
            rates = _rates(samples)
            if rates:
                show(figures.rates(rates), "rates")
            else:
                st.caption(f"The rate is shown from the second look on, in {EVERY} seconds.")
        with right:
            if routes:
                show(figures.latencies(routes), "latencies")
            else:
                st.caption("Nobody has asked since the API started.")


def _figures(samples: list[prometheus.Sample]) -> None:
    asked, said = prometheus.requests_of(samples), prometheus.predictions_of(samples)
    columns = st.columns(4)
    columns[0].metric("Requests since the start", f"{asked['all']:,.0f}")
    columns[1].metric("Ended with 5xx", _share(asked["failed"], asked["all"]))
    columns[2].metric("Refused with 4xx", _share(asked["refused"], asked["all"]))
    columns[3].metric("Degraded predictions", _share(said["degraded"], said["all"]))


def _share(part_: float, whole: float) -> str:
    return f"{100 * part_ / whole:.1f} %" if whole else "none asked"


def _rates(samples: list[prometheus.Sample]) -> list[dict[str, Any]]:
    """Requests a second between the looks of this session."""
    seen: list[tuple[datetime, float]] = st.session_state.setdefault("api_seen", [])
    seen.append((datetime.now(UTC), prometheus.requests_of(samples)["all"]))
    del seen[:-KEPT_SAMPLES]
    return rates_between(seen)


def rates_between(seen: list[tuple[datetime, float]]) -> list[dict[str, Any]]:
    """(time, requests so far) -> rates between neighbours; a count that fell is a service that was started again."""
    return [
        {"at": at, "rate": max(count - before, 0.0) / (at - earlier).total_seconds()}
        for (earlier, before), (at, count) in itertools.pairwise(seen)
        if at > earlier
    ]


def _volume() -> None:
    days = sources.volume(DAYS)
    if not days:
        raise NothingYetError(
            f"No prediction of the last {DAYS} days is in the log; one appears seconds after it is asked."
        )
    left, right = st.columns(2)
    with left:
        show(figures.volume(days), "volume")
    with right:
        show(figures.degraded(days), "degraded")
    told = [f"{service}: half within {p['p50']:.1f} ms, 99 of 100 within {p['p99']:.1f} ms"
            for service, p in sources.latency(DAYS).items()]  # fmt: skip
    if told:
        st.caption(f"Trips answered alone in {DAYS} days. {'; '.join(told)}.")


def _prospective() -> None:
    known = sources.models_or_stop()
    shown = 0
    for service, targets in known.items():
        met = {target: [row for row in sources.scores(f"nyc_taxi_{service}_{target}") if row["role"] == "prospective"]
               for target in targets}  # fmt: skip
        held = [target for target in targets if met[target]]
        shown += len(held)
        for column, target in zip(st.columns(len(held)) if held else [], held, strict=True):
            with column:
                show(contests.prospective(met[target], target, service), f"{service}_{target}")
    if not shown:
        raise NothingYetError("A champion is scored on each month that comes after it; none has come yet.")


def _runs() -> None:
    settings = get_settings()
    services = sources.services_with_months() or [settings.service]
    service = choose(st, "Service", services, "service")
    try:
        airflow = Airflow(settings.airflow_address, *_login())
        runs = airflow.runs(service)
    except RefusedError:
        _ask_for_login()
        raise
    page_ = session.link(settings.airflow_port, f"/dags/{dag_id(service)}/runs")
    st.markdown(f"[The same in Airflow]({page_})")
    if not runs:
        raise NothingYetError("Airflow has run no month of this service; `make run` or Airflow's own page starts one.")
    show_table([{"month": r["month"], "state": r["state"], "kind": r["kind"],
                 "began (UTC)": (r["begin"] or "")[:16].replace("T", " "), "minutes": r["minutes"]} for r in runs],
               "runs", {"minutes": ".1f"})  # fmt: skip
    names = {run["run"]: f"{run['month'] or run['run']}: {run['state']}" for run in runs}
    chosen = st.selectbox("Phases of", list(names), format_func=names.__getitem__, key="run")
    tasks = airflow.tasks(service, str(chosen))
    if tasks:
        show(figures.phases(tasks, f"Phases of {names[chosen]}"), "phases")


def _login() -> tuple[str, str]:
    """What was typed in this session; the development login where only this machine reaches the platform."""
    settings = get_settings()
    if user := st.session_state.get("airflow_user"):
        return user, st.session_state.get("airflow_password", "")
    return ("", "") if settings.exposed else (settings.admin_user, settings.admin_password.get_secret_value())


def _ask_for_login() -> None:
    with st.form("airflow_login"):
        st.text_input("Airflow user", key="airflow_user")
        st.text_input("Airflow password", type="password", key="airflow_password")
        st.form_submit_button("Sign in for this session")
