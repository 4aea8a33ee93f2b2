"""Exploration of models: what trips and zones look like as a whole."""

from __future__ import annotations

from typing import Any

import streamlit as st

from include.dashboard import sources
from include.dashboard.charts.drawn import show
from include.dashboard.choosing import choose, choose_month
from include.dashboard.documents import EXPLORE
from include.dashboard.faults import NothingYetError
from include.dashboard.figures import exploration as figures
from include.dashboard.places import zones_of
from include.dashboard.states import part
from include.dashboard.tables import show_table
from include.dashboard.zone_map import component
from include.dashboard.zone_map.drawing import box_of, category_map, outlines

GROUPS, COMPONENTS = "Groups of zones and trips", "Components of the features"
REDUCED = (("pca", "PCA", "whatever trips differ in"), ("lda", "LDA", "what makes a trip a long one"))
DIMENSIONS, CLUSTERS = f"{EXPLORE}dimensions", f"{EXPLORE}clusters"


def page() -> None:
    """One month's documents; a month is explored when it trains."""
    services = [s for s in sources.services_with_months() if _months(s)]
    if not services:
        raise NothingYetError(
            "No month has been explored yet: the train phase does it, which `make run` and `make pipeline` come to."
        )
    service = choose(st, "Service", services, "service")
    month = choose_month("Trained for", _months(service))
    shown = st.segmented_control("Show", list(VIEWS), key="view", bind="query-params", default=GROUPS, required=True)
    with part(str(shown)):
        VIEWS[shown or GROUPS](service, month)


def _months(service: str) -> list[str]:
    return sorted({*sources.document_months(DIMENSIONS, service), *sources.document_months(CLUSTERS, service)})


def _groups(service: str, month: str) -> None:
    found = sources.document(CLUSTERS, service, month)
    if found is None:
        raise NothingYetError(f"{month} has no groups: too few zones had enough pick-ups to be told apart.")
    names = [group["name"] for group in found["zone_groups"]]
    boroughs = sorted({zone["borough"] for zone in found["zones"]})
    where = st.selectbox("The map shows", ["All zones that were grouped", *boroughs], key="shows")
    zones = [z["zone"] for z in found["zones"]] if where not in boroughs else zones_of(where)
    held = {z["zone"]: z["group"] for z in found["zones"] if z["zone"] in outlines()}
    component.show(category_map(held, names, "Groups of zones", box_of(zones)), "group_map")
    apart = found["metrics"]["zones"].get("kmeans_silhouette", float("nan"))
    st.caption(f"k-means on {len(held)} zones with 50 pick-ups or more among trips of {', '.join(found['months'])}; "
               f"silhouette {apart:.2f} (1: groups lie apart, 0: they touch).")  # fmt: skip
    left, right = st.columns(2)
    with left:
        _profiles(found["zone_groups"], "Groups of zones, by what they are used for", "zone_profiles")
    with right:
        _profiles(found["trip_groups"], "Groups of trips", "trip_profiles")


def _profiles(groups: list[dict[str, Any]], title: str, key: str) -> None:
    show(figures.group_profiles(groups, title), key)
    show_table([{"group": group["name"], "size": group["size"]} for group in groups], key, {"size": ",d"})


def _components(service: str, month: str) -> None:
    found = sources.document(DIMENSIONS, service, month)
    if found is None:
        raise NothingYetError(f"{month} has no components.")
    for name, title, what in REDUCED:
        st.subheader(f"{title}: {what}")
        left, right = st.columns(2)
        with left:
            show(figures.explained(found[name], f"{title}: how much each component explains"), f"{name}_explained")
            show(figures.weights(found[name], f"{title}: what the components are made of"), f"{name}_weights")
        with right:
            points = figures.scattered(
                found["points"][name], found["group"], found["groups"], f"{title}: a thousand trips"
            )
            show(points, f"{name}_points")
            st.caption("Colours and signs: quarters of the trips by duration.")


VIEWS = {GROUPS: _groups, COMPONENTS: _components}
