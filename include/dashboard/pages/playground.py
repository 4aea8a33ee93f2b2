"""Inference Playground: two clicks on the map and a time, and what the champions say."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import streamlit as st

from include.config import SERVICES, get_settings
from include.dashboard import session
from include.dashboard.api import as_curl
from include.dashboard.charts.drawn import show
from include.dashboard.choosing import choose
from include.dashboard.faults import NothingYetError
from include.dashboard.figures import quote as figures
from include.dashboard.places import boroughs, zone_labels, zone_named, zones_of
from include.dashboard.prose import calm
from include.dashboard.states import part
from include.dashboard.tables import show_table
from include.dashboard.zone_map import component
from include.dashboard.zone_map.drawing import MANHATTAN_BELOW_96TH, box_of, zone_map
from include.trips.calendar import FIRST_DAY, LAST_YEAR, holiday_table

JFK, TIMES_SQUARE = 132, 230
DEGRADED = (
    "The service is degraded: a champion cannot be loaded, and an older one or a table of medians answers for it. "
    "Train and promote a new one (`make pipeline`), or put back the code that it was trained with."
)
CONGESTION = ("congestion", "cbd")
"""How the names of the charges begin or end that pay for the crowded part of the city."""

MINUTES, FARE, TIP, TOTAL = "minutes", "metered fare, USD", "chance of a high tip, %", "total before tolls and tip, USD"


def page() -> None:
    """Map and form at the left, the answer at the right."""
    served, problems = _served()
    if problems:
        st.warning(DEGRADED, icon=":material/warning:")
        with st.expander("What is wrong"):
            for problem in problems:
                st.markdown(f"- {calm(problem)}")
    left, right = st.columns([2, 3])
    with left:
        trip = _trip(served)
    answer: dict[str, Any] | None = None
    with right, part("The quote"):
        answer = session.api().predict(trip)
        _answer(answer)
    if answer is not None:  # who is refused a quote is told so once
        with right, part("The day"):
            _day(trip)
        with part("What if"):
            _what_if(trip, answer)
    command = st.expander("The same question as a command", key="command", on_change="rerun")
    if command.open:  # what sets code is a script of its own, as large as a third of all charts
        command.code(as_curl(get_settings().api_address, trip, session.has_key()), language="bash")


def _served() -> tuple[list[str], list[str]]:
    """Services that have a champion, and what is wrong with the others."""
    health = session.api().get("/health")
    served: list[str] = [service for service in SERVICES if any(f"_{service}_" in name for name in health["models"])]
    if not served:
        raise NothingYetError("No model answers yet. `make run` or `make pipeline` trains and promotes the first ones.")
    return served, list(health.get("problems", []))


def _trip(served: list[str]) -> dict[str, Any]:
    """The form. A click on the map sets the end that the switch names."""
    _follow_click()
    labels = list(zone_labels().values())
    service = choose(st, "Service", served, "service")
    start = st.selectbox("Pick-up", labels, labels.index(zone_labels()[JFK]), key="pickup", bind="query-params")
    end = st.selectbox("Drop-off", labels, labels.index(zone_labels()[TIMES_SQUARE]), key="dropoff",
                       bind="query-params")  # fmt: skip
    pickup, dropoff = zone_named(start) or JFK, zone_named(end) or TIMES_SQUARE
    day = st.date_input("Day", value="today", min_value=FIRST_DAY.item(), max_value=date(LAST_YEAR, 12, 31), key="day")
    first, second = st.columns(2)
    at = first.time_input("Time", time(18, 30), key="at", step=timedelta(minutes=15))
    people = second.number_input("Passengers", 1, 6, 1, key="people")
    _map(pickup, dropoff)
    return {"service": service, "pickup_zone": pickup, "dropoff_zone": dropoff,
            "pickup_datetime": datetime.combine(day, at).isoformat(), "passenger_count": int(people)}  # fmt: skip


def _follow_click() -> None:
    clicked = st.session_state.pop("clicked_end", None)
    if clicked is not None:
        end, zone = clicked
        st.session_state[end] = zone_labels()[zone]
        st.session_state["click_sets"] = "dropoff" if end == "pickup" else "pickup"


def _map(pickup: int, dropoff: int) -> None:
    names = {"pickup": "Pick-up", "dropoff": "Drop-off"}
    chosen = st.segmented_control("A click on the map sets", list(names), default="pickup", required=True,
                                  format_func=names.__getitem__, key="click_sets")  # fmt: skip
    where = st.selectbox("The map shows", ["The trip", "Midtown and downtown", *boroughs()], key="shows")
    box = {"The trip": box_of([pickup, dropoff]), "Midtown and downtown": MANHATTAN_BELOW_96TH}
    shown = box[where] if where in box else box_of(zones_of(where))
    drawing = zone_map({}, "Where from, where to", "", box=shown, marked={pickup: "from", dropoff: "to"}, height=400)

    def clicked(zone: int) -> None:
        st.session_state["clicked_end"] = (chosen, zone)

    component.show(drawing, "playground_map", on_click=clicked)


def _answer(answer: dict[str, Any]) -> None:
    """Three numbers with what they are worth, then the bill."""
    if answer.get("degraded"):
        st.warning("Something stands in for a champion that cannot answer now: take these numbers as rough.",
                   icon=":material/warning:")  # fmt: skip
    minutes, fare, tip = (answer.get(name) for name in ("duration_min", "fare_usd", "high_tip"))
    columns = st.columns(3)
    _estimate(columns[0], "Duration", minutes, "{:.0f} min", "{:.0f} to {:.0f} min")
    _estimate(columns[1], "Metered fare", fare, "${:.2f}", "${:.2f} to ${:.2f}")
    if tip:
        columns[2].metric("Tip of 20 % or more", f"{100 * tip['probability']:.0f} %",
                          help="Chance if paid by card; no other payment has its tip on record.")  # fmt: skip
        columns[2].caption(f"if paid by card; {_signed(tip)}")
    else:
        columns[2].metric("Tip of 20 % or more", "no model")
    if fare:
        _bill(answer, float(fare["value"]))


def _estimate(column: Any, name: str, told: dict[str, Any] | None, form: str, between: str) -> None:
    if told is None:
        column.metric(name, "no model")
        return
    column.metric(name, form.format(told["value"]))
    column.caption(calm(f"8 of 10 trips: {between.format(told['p10'], told['p90'])}; {_signed(told)}"))


def _signed(told: dict[str, Any]) -> str:
    """Who says so."""
    version, learnt = str(told["model"]).rpartition("/")[2].replace("_", " "), told.get("trained_to")
    named = f"version {version}" if version.isdigit() else version
    return f"{named}, learnt to {learnt}" if learnt else named


def _parts(answer: dict[str, Any], fare: float, congestion: bool = True) -> list[tuple[str, float]]:
    """The fare and the surcharges that are certain."""
    charges = [s for s in answer.get("surcharges") or [] if s.get("certain", True)]
    kept = [s for s in charges if congestion or not any(word in s["name"] for word in CONGESTION)]
    return [("metered fare", fare), *((s["name"].replace("_", " "), float(s["usd"])) for s in kept)]


def _bill(answer: dict[str, Any], fare: float) -> None:
    if "surcharges" not in answer:
        st.caption("This API gives no surcharges.")
        return
    show(figures.bill(_parts(answer, fare), "What it costs before tolls and tip"), "bill")
    unsure = [s for s in answer["surcharges"] if not s.get("certain", True)]
    for charge in unsure:
        why = f"Perhaps {charge['name'].replace('_', ' ')}, ${charge['usd']:.2f}: {charge.get('reason', '')}."
        st.caption(calm(why))


def _day(trip: dict[str, Any]) -> None:
    """The same way at every hour of the day, asked in one batch."""
    at = datetime.fromisoformat(trip["pickup_datetime"])
    asked = [trip | {"pickup_datetime": at.replace(hour=hour, minute=0).isoformat()} for hour in range(24)]
    answers = session.api().predict_batch(asked)
    for target in figures.UNITS:
        if any(answer.get(target) for answer in answers):
            show(figures.day_curve(answers, target, at.hour, f"{at:%A, %d %B %Y}"), f"day_{target}")


def _what_if(trip: dict[str, Any], answer: dict[str, Any]) -> None:
    """On the next holiday, and without the fees for the crowded part of the city."""
    st.subheader("What if")
    at = datetime.fromisoformat(trip["pickup_datetime"])
    holiday, usual = holiday_near(at.date(), True), holiday_near(at.date(), False)
    asked = [trip | {"pickup_datetime": datetime.combine(day, at.time()).isoformat()} for day in (holiday, usual)]
    on_holiday, on_usual = session.api().predict_batch(asked)
    rows = [_row(f"as asked, {at:%A %Y-%m-%d}", answer), _row(f"on a holiday, {holiday:%A %Y-%m-%d}", on_holiday),
            _row(f"on a day that is none, {usual:%A %Y-%m-%d}", on_usual)]  # fmt: skip
    if "surcharges" in answer and answer.get("fare_usd"):
        rows.append(_row("as asked, without the congestion fees", answer, congestion=False))
    show_table(rows, "what_if", {MINUTES: ".1f", FARE: ".2f", TIP: ".1f", TOTAL: ".2f"})


def _row(name: str, answer: dict[str, Any], congestion: bool = True) -> dict[str, Any]:
    minutes, fare, tip = (answer.get(key) for key in ("duration_min", "fare_usd", "high_tip"))
    row = {"what": name, MINUTES: minutes and minutes["value"], FARE: fare and fare["value"],
           TIP: tip and 100 * tip["probability"]}  # fmt: skip
    if fare and "surcharges" in answer:
        total = sum(usd for _, usd in _parts(answer, float(fare["value"]), congestion))
        row[TOTAL] = total
    return row


def holiday_near(day: date, holiday: bool) -> date:
    """The first day after this one that is a public holiday of New York; or one that is none, of the same weekday."""
    flags, first = holiday_table(), FIRST_DAY.item()
    place, step = (day - first).days + (1 if holiday else 7), 1 if holiday else 7
    while place < len(flags) - step and bool(flags[place]) != holiday:
        place += step
    return (np.datetime64(first) + np.timedelta64(place, "D")).item()
