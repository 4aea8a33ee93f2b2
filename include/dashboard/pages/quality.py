"""Data Quality: which months passed, what was set aside, what is missing, what moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from include.config import get_settings
from include.dashboard import session, sources
from include.dashboard.charts.drawn import show
from include.dashboard.choosing import choose, choose_month
from include.dashboard.documents import REPORT
from include.dashboard.faults import NothingYetError
from include.dashboard.figures import drift
from include.dashboard.figures import quality as figures
from include.dashboard.prose import calm
from include.dashboard.states import part
from include.dashboard.tables import show_table
from include.trips.regimes import known_regimes

TOLD = ("expectation", "severity", "observed", "limit_text", "waived_by", "waived_until")
LEVELS = {"good": "Fit for use", "look": "Usable, look at it", "stop": "Do not use"}


def page() -> None:
    """All months of a service, then one month."""
    services = sources.services_with_months()
    if not services:
        sources.months_or_stop()
    service = choose(st, "Service", services, "service")
    months = sources.month_calendar(service)
    with part("The calendar"):
        show(figures.calendar(months, service), "calendar")
        _counts(months)
    known = [row["month"] for row in months if row["state"] != "missing"]
    month = choose_month("Month", known)
    with part("The month"):
        _month(service, month)
    with part("The drift"):
        _drift(service, month)
    with part("The missing values"):
        _nulls(service)


def _counts(months: list[dict[str, Any]]) -> None:
    counted = {state: sum(row["state"] == state for row in months) for state in figures.STATE_LOOK}
    st.caption(", ".join(f"{number} {state}" for state, number in counted.items() if number)
               + ". Look: usable with something unusual; waived: somebody accepted what is broken; blocked: something "
               "critical is broken; missing: a gap between months.")  # fmt: skip


def _month(service: str, month: str) -> None:
    found = sources.quality_of(service, month)
    if found is None:
        raise NothingYetError(f"{service} {month} was ingested and not judged yet: run the month again.")
    if found["verdict"]:
        level, sentence = found["verdict"]["level"], found["verdict"]["sentence"]
        draw = {"good": st.success, "look": st.info, "stop": st.error}.get(level, st.info)
        draw(f"**{LEVELS.get(level, level)}.** {calm(sentence)}")
    left, right = st.columns(2)
    with left:
        read = next((row["rows_read"] for row in sources.month_calendar(service) if row["month"] == month), None)
        if found["cleaning"] and read:
            show(figures.reject_waterfall(found["cleaning"], read, f"{service} {month}"), "rejects")
        else:
            st.info("The month has not been cleaned: there is no waterfall.")
    with right:
        _expectations(found)
    _links(service, month)


def _expectations(found: dict[str, Any]) -> None:
    """Suites, then what is broken or waived."""
    st.markdown("**Expectations**")
    show_table([{"suite": name, "asked": s["expectations"], "broken": s["broken"], "critical": s["broken_critical"],
                 "waived": s["waived"]} for name, s in found["suites"].items()], "suites")  # fmt: skip
    broken = [
        {"suite": name} | {key: outcome.get(key) for key in TOLD}
        for name, suite in found["suites"].items()
        for outcome in suite["outcomes"]
        if not outcome["success"]
    ]
    if broken:
        st.markdown("**Broken or waived**")
        show_table(broken, "broken")


def _links(service: str, month: str) -> None:
    """Data Docs and the report, served by Airflow's web server; the report as a file where this machine has it."""
    settings = get_settings()
    report = sources.document(REPORT, service, month) or {}
    airflow = session.link(settings.airflow_port, "/taxi")
    pages = [f"[Data Docs, {stage} month]({airflow}/{path})" for stage, path in report.get("docs", {}).items()]
    pages.append(f"[quality report]({airflow}/reports/quality/{service}/{month}.html)")
    st.markdown(f"In Airflow's web server (sign in there first): {', '.join(pages)}.")
    path = report_path(settings.home, service, month)
    if path.exists():
        st.download_button("Download the quality report (HTML)", path.read_bytes(), f"quality_{service}_{month}.html",
                           "text/html", icon=":material/download:")  # fmt: skip


def report_path(home: Path, service: str, month: str) -> Path:
    """Where the validate phase leaves the month's report."""
    return home / "reports" / "quality" / service / f"{month}.html"


def _drift(service: str, month: str) -> None:
    rows = sources.drift_by_month(service)
    if not any(row["limit_value"] and row["metric"] != "history" for row in rows):
        raise NothingYetError(
            "Drift is measured from the fourth month on: it takes three earlier ones to compare with."
        )
    regimes = known_regimes(service)
    show(drift.drift_heat_map(rows, regimes, service), "drift")
    months = {row["month"] for row in rows}
    since = dict.fromkeys(f"{r.since}: {r.name}" for r in regimes if min(months) <= str(r.since) <= max(months))
    if since:
        st.caption(f"Known changes, dashed where one begins within the months shown: {'; '.join(since)}.")
    of_month = sources.drift_by_month(service, month)
    if any(row["verdict"] in ("alarm", "warning", "known") for row in of_month):
        show(drift.drift_of_segments(of_month, month), "segments")
    else:
        st.caption(f"Nothing of {month} is over a limit, in no segment.")


def _nulls(service: str) -> None:
    rows = sources.nulls_by_month(service)
    varied = sorted({row["column"] for row in rows if 0 < (row["percent"] or 0) < 100})
    if not varied:
        st.caption("No column of these months lacks some values and has others.")
        return
    column = choose(st, "Column", varied, "column")
    show(figures.null_bands(rows, column), "nulls")
