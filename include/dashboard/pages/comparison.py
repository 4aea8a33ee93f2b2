"""Model Comparison: champion against challenger, why the gate decided so, and the hand that may overrule it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from include.dashboard import session, sources
from include.dashboard.charts.drawn import show
from include.dashboard.choosing import choose, choose_model, choose_month
from include.dashboard.faults import NothingYetError
from include.dashboard.figures import contests as figures
from include.dashboard.figures.models import TITLES
from include.dashboard.prose import calm
from include.dashboard.states import part
from include.dashboard.tables import show_table
from include.warehouse.models import standing_version

VETO_ROWS = 300
SHOWN_SLICES = 18
NEEDS_KEY = (
    "Type a key of scope `admin` into the field at the left (`make api-key NAME=... SCOPES=admin` makes one). It is "
    "kept for this session alone."
)


def page() -> None:
    """One model at a time: its last contest, its history, its age, and the two buttons."""
    service, target = choose_model(sources.models_or_stop())
    model = f"nyc_taxi_{service}_{target}"
    decided = sources.decisions(model)
    if not decided:
        raise NothingYetError(
            f"{model} has not been decided yet: the register phase of a month with earlier months does."
        )
    champion = standing_version(decided)
    st.markdown(f"**{model}**: version **{champion or 'none'}** answers.")
    month = choose_month("Decided on", sorted({row["test_month"] for row in decided}))
    with part("The contest"):
        _contest(model, target, month, [row for row in decided if row["test_month"] == month])
    with part("The history"):
        show(figures.champions_over_time(decided, f"Decisions about {model}"), "history")
        _log(decided)
    with part("The staleness"):
        _staleness(service, target)
    st.subheader("Approve or roll back")
    with part("The buttons"):
        _overrule(model, champion)


def _contest(model: str, target: str, month: str, decided: list[dict[str, Any]]) -> None:
    scored = [row for row in sources.scores(model) if row["month"] == month]
    last = decided[-1]
    left, right = st.columns(2)
    with left:
        show(figures.contest(scored, target, month), "contest")
        _reasons(last)
    with right:
        parts, against = slice_rows(scored, last["summary"].get("vetoes", []))
        if parts:
            show(figures.slice_changes(parts, f"Parts of {month}: challenger against {against}"), "slices")
            st.caption(f"Grey: fewer than {VETO_ROWS} trips, which is reported and stops nothing; a long bar is cut.")
    if table := last["summary"].get("table"):
        with st.expander("What the task's log says", key="log", on_change="rerun") as opened:
            if opened.open:
                st.code(table, language=None)


def _reasons(last: Mapping[str, Any]) -> None:
    """The decision in the gate's own words and numbers."""
    name = {"promote": "Promoted", "keep": "Not promoted", "rollback": "Rolled back",
            "promote_baseline": "The baseline was promoted"}.get(last["decision"], last["decision"])  # fmt: skip
    st.markdown(f"**{name}** (rule `{last['rule']}`, by {last['actor']}): {calm(last['reason'])}")
    if last["gain"] is not None:
        bound = "unknown" if last["lower_bound"] is None else f"{100 * last['lower_bound']:+.2f} %"
        st.caption(f"Gain {100 * last['gain']:+.2f} %, with 95 % certainty at least {bound}.")


def slice_rows(scored: list[dict[str, Any]], vetoes: list[str]) -> tuple[list[dict[str, Any]], str]:
    """Scores of one month -> its parts, those first in which the challenger loses most, and what it is held against.

    That is the champion, or the baseline while there is none. `state`: stops (a veto), worse, better, or few trips.
    """
    by_role = {row["role"]: row["slices"] for row in scored}
    against = "champion" if "champion" in by_role else "baseline"
    if "challenger" not in by_role or against not in by_role:
        return [], against
    rows = []
    for name, found in by_role["challenger"].items():
        before = by_role[against].get(name)
        if before and before["loss"]:
            change = found["loss"] / before["loss"] - 1
            rows.append({"part": name, "change": change, "trips": found["rows"],
                         "state": _state(name in vetoes, found["rows"], change)})  # fmt: skip
    rows.sort(key=lambda row: (row["state"] == "few trips", -row["change"]))
    return rows[:SHOWN_SLICES], against


def _state(stops: bool, trips: int, change: float) -> str:
    if stops:
        return "stops"
    if trips < VETO_ROWS:
        return "few trips"
    return "worse" if change > 0 else "better"


def _log(decided: list[dict[str, Any]]) -> None:
    shown = [{"month": r["test_month"], "decision": r["decision"], "version": r["version_after"], "by": r["actor"],
              "at (UTC)": str(r["decided_at"])[:16].replace("T", " "), "reason": r["reason"]}
             for r in reversed(decided)]  # fmt: skip
    show_table(shown, "decisions")


def _staleness(service: str, target: str) -> None:
    cells = sources.staleness(service, target)
    if not cells:
        raise NothingYetError(
            f"How fast a model ages is not measured for {service} {target} yet: `make staleness TAXI_MONTHS=...` does."
        )
    families = sorted({cell["family"] for cell in cells})
    family = choose(st, "Family", families, "family") if len(families) > 1 else families[0]
    own = [cell for cell in cells if cell["family"] == family]
    title = f"What waiting costs: {TITLES[target]}, {family}"
    show(figures.stale_heat_map(own, title), "staleness")


def _overrule(model: str, champion: int | None) -> None:
    """Both are one call of the API: a version that is put in office by hand stays until a later month is decided."""
    known = sources.versions(model)
    others = [row["version"] for row in known if row["version"] != champion]
    if not others:
        st.info("There is one version: nothing to approve and nothing to go back to.", icon=":material/info:")
        return
    if not session.has_key():
        st.info(NEEDS_KEY, icon=":material/key:")
    told = {row["version"]: f"{row['version']}: {row['family']}, tested on {row['test_month']}" for row in known}
    with st.form("overrule", border=True):
        version = st.selectbox("Version that shall answer", others, format_func=told.__getitem__)
        reason = st.text_input("Reason, kept in the log", max_chars=500)
        first, second = st.columns(2)
        approve = first.form_submit_button("Approve this version", disabled=not session.has_key())
        back = second.form_submit_button("Roll back to the champion before", disabled=not session.has_key())
    if approve or back:
        _move({"model": model, "reason": reason} | ({"version": version} if approve else {}))


def _move(asked: dict[str, Any]) -> None:
    if len(asked["reason"].strip()) < 3:
        st.warning("Say why: the reason is kept in the promotion log.", icon=":material/edit:")
        return
    with st.spinner("The API moves the champion"):
        told = session.api().move(asked)
    sources.forget()
    st.success(f"{told['model']}: version {told['champion']} is the champion ({told['status']}); "
               f"the service answers with {told['answers_now'] or 'nothing'}.", icon=":material/check:")  # fmt: skip
