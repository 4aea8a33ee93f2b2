"""Dataset Explorer: trips, revenue, speed and demand by month, hour of the week and zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from include.dashboard import sources
from include.dashboard.charts.drawn import show
from include.dashboard.choosing import choose
from include.dashboard.faults import NothingYetError
from include.dashboard.figures import trips as figures
from include.dashboard.measures import MEASURES, Measure, measures_of
from include.dashboard.places import ANYWHERE, CITY, Place, borough_of, boroughs, zone_labels, zone_named, zones_of
from include.dashboard.states import part
from include.dashboard.zone_map import component
from include.dashboard.zone_map.drawing import box_of, zone_map
from include.utils.csv_export import csv_text

ANY_ZONE = "all zones"
COLUMNS = ("month", "pickup_zone", "dropoff_zone", "trips", "revenue_usd", "fare_usd", "distance_mi", "minutes")


@dataclass(frozen=True)
class Choice:
    """What the reader asked for; all of it is in the address."""

    service: str
    months: list[str]
    place: Place
    measure: Measure


def page() -> None:
    """Filters, then figures; each figure is asked for by itself."""
    choice = _choose(sources.months_or_stop())
    whole = sources.totals(choice.service, choice.months, choice.place.grain, ("month",), choice.place.pickups,
                           choice.place.dropoffs)  # fmt: skip
    if not whole:
        raise NothingYetError(f"No {choice.service} trip of these months is from {choice.place.name}.")
    _headline(whole)
    left, right = st.columns([3, 2])
    with left, part("The map"):
        _map(choice)
    with right, part("The ranking"):
        _ranking(choice)
    with part("The months"):
        show(figures.by_month(whole, choice.measure, choice.place.name), "months")
    with part("The week"):
        _week(choice)
    with part("The download"):
        _download(choice)


def _choose(loaded: dict[str, list[str]]) -> Choice:
    """The filters. A borough forgets a zone of another one, and a zone names its borough."""
    _follow_clicks()
    first, second, third, fourth = st.columns(4)
    service = choose(first, "Service", list(loaded), "service")
    months = loaded[service]
    since = choose(second, "From", months, "from")
    until = choose(third, "To", months, "to", index=len(months) - 1)
    name = choose(fourth, "Measure", [m.name for m in MEASURES], "measure")
    first, second, third = st.columns(3)
    borough = choose(first, "Borough", boroughs(), "borough", on_change=_forget_zones)
    zones = [ANY_ZONE, *(label for zone, label in zone_labels().items() if zone in zones_of(borough))]
    label = choose(second, "Pick-up zone", zones, "zone", on_change=_forget_destination)
    zone = zone_named(label)
    to = choose(third, "Drop-off zone", [ANYWHERE, *zone_labels().values()], "destination", disabled=zone is None,
                help="Choose a pick-up zone first.")  # fmt: skip
    chosen = [month for month in months if min(since, until) <= month <= max(since, until)]
    measure = next(m for m in MEASURES if m.name == name)
    return Choice(service, chosen, Place(borough, zone, zone_named(to) if zone else None), measure)


def _follow_clicks() -> None:
    """A click on a map or a bar, made before this page was drawn, becomes the filter that it stands for."""
    clicked = st.session_state.pop("clicked", None)
    if clicked is None:
        return
    kind, value = clicked
    if kind == "borough":
        st.session_state["borough"] = value
        _forget_zones()
    elif kind == "zone":
        st.session_state["borough"], st.session_state["zone"] = borough_of(value), zone_labels()[value]
        _forget_destination()
    else:
        st.session_state["destination"] = zone_labels()[value]


def _forget_zones() -> None:
    st.session_state["zone"] = ANY_ZONE
    _forget_destination()


def _forget_destination() -> None:
    st.session_state["destination"] = ANYWHERE


def _headline(rows: list[dict[str, Any]]) -> None:
    """Sums over the months chosen."""
    names = [name for name in rows[0] if name != "month"]
    whole = {name: None if rows[0][name] is None else sum(row[name] or 0 for row in rows) for name in names}
    shown = [m for m in measures_of(rows) if m.name in ("Trips", "Revenue", "Revenue a trip", "Speed")]
    for column, measure in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(f"{measure.name} ({measure.unit})", f"{measure.value(whole):{measure.form}}")


def _by_zone(choice: Choice) -> list[dict[str, Any]]:
    """Per pick-up zone of the city; below a zone per drop-off zone of its trips."""
    if choice.place.zone is None:
        return sources.totals(choice.service, choice.months, "pickup", ("pickup_zone",))
    return sources.totals(choice.service, choice.months, "pair", ("dropoff_zone",), (choice.place.zone,))


def _map(choice: Choice) -> None:
    place, measure = choice.place, choice.measure
    key = "pickup_zone" if place.zone is None else "dropoff_zone"
    rows = _by_zone(choice)
    if measure not in measures_of(rows):
        raise NothingYetError(f"{choice.service} trips have no {measure.name.lower()}: choose another measure.")
    values = {row[key]: measure.value(row) for row in rows}
    title = (
        f"{measure.name} by pick-up zone"
        if place.zone is None
        else f"{measure.name} from {Place(zone=place.zone).name}"
    )
    marked = {zone: label for zone, label in ((place.zone, "from"), (place.to, "to")) if zone}
    shown = box_of(zones_of("Manhattan") if place.borough == CITY and place.zone is None else _around(place))
    drawing = zone_map(values, title, measure.unit, box=shown, form=measure.form, marked=marked)
    component.show(drawing, "map", on_click=lambda zone: _clicked(place, zone))
    what = "its trips" if place.zone is None else "the way there"
    st.caption(f"Click a zone to see {what}; drag and scroll to move. Colours hold as many zones each.")


def _around(place: Place) -> Sequence[int]:
    """What the map shows: the borough, and where the trip goes."""
    return [*zones_of(place.borough), *([place.to] if place.to else [])]


def _clicked(place: Place, zone: int) -> None:
    st.session_state["clicked"] = ("zone" if place.zone is None else "dropoff", zone)


def _ranking(choice: Choice) -> None:
    """Boroughs of the city (a click opens one), zones of a borough, destinations of a zone."""
    rows, measure, place = _by_zone(choice), choice.measure, choice.place
    if place.zone is not None:
        values = [(zone_labels().get(row["dropoff_zone"], "outside or not known"), measure.value(row)) for row in rows]
        show(figures.by_place(values, measure, f"{measure.name} by destination"), "destinations")
    elif place.borough != CITY:
        inside = [row for row in rows if row["pickup_zone"] in zones_of(place.borough)]
        values = [(zone_labels()[row["pickup_zone"]], measure.value(row)) for row in inside]
        show(figures.by_place(values, measure, f"{measure.name} by zone of {place.borough}"), "zones")
    else:
        values = _boroughs(rows, measure)
        names = [name for name, _ in figures.ranked(values)]
        title = f"{measure.name} by borough"
        show(figures.by_place(values, measure, title, opens=True), "bars", lambda bar: _open_borough(names[bar]))
        st.caption("Click a bar to open the borough.")


def _boroughs(rows: list[dict[str, Any]], measure: Measure) -> list[tuple[str, float]]:
    """Sums of the boroughs' zones, then the measure of each."""
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        held = sums.setdefault(borough_of(row["pickup_zone"]), {})
        for name in MEASURED:
            held[name] = None if row[name] is None else held.get(name, 0) + row[name]
    return [(name, measure.value(row)) for name, row in sums.items()]


MEASURED = ("trips", "revenue_usd", "fare_usd", "distance_mi", "minutes", "moving_minutes")


def _open_borough(name: str) -> None:
    if name in boroughs():
        st.session_state["clicked"] = ("borough", name)


def _week(choice: Choice) -> None:
    """Hours are told apart by the place where a trip starts, not by the way it goes."""
    place = Place(choice.place.borough, choice.place.zone)
    grain = "hour" if place.pickups is None else "pickup_hour"
    rows = sources.totals(choice.service, choice.months, grain, ("hour_of_week",), place.pickups)
    show(figures.by_hour(rows, choice.measure, f"from {place.name}"), "week")
    if choice.place.to is not None:
        st.caption(f"All trips from {place.name}: hours are not told apart by destination.")


def _download(choice: Choice) -> None:
    """By month and place, as a spreadsheet reads it; made when it is asked for."""
    name = f"{choice.service}_{choice.months[0]}_{choice.months[-1]}.csv"
    st.download_button("Download by month and zone (CSV)", lambda: table_text(choice), name, "text/csv",
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def table_text(choice: Choice) -> str:
    """The table of months and zones; below a zone also where its trips go."""
    place = choice.place
    if place.zone is None:
        rows = sources.totals(choice.service, choice.months, "pickup", ("month", "pickup_zone"), place.pickups)
    else:
        rows = sources.totals(choice.service, choice.months, "pair", ("month", "pickup_zone", "dropoff_zone"),
                              place.pickups, place.dropoffs)  # fmt: skip
    return csv_text([{"service": choice.service} | row for row in rows], ("service", *COLUMNS))
