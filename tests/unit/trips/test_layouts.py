"""Every era is known by its names; another service's file and a missing column are refused by name."""

from __future__ import annotations

import pytest

from include.errors import BadDataError
from include.trips.columns import ALL_SERVICES, columns_for
from include.trips.layouts import LAYOUTS, Layout, layouts_of, recognise


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: f"{layout.service} {layout.since}")
def test_a_layout_recognises_itself_in_any_case_and_with_blanks(layout: Layout) -> None:
    whole = [f" {name.upper()} " for names in layout.names.values() for name in names]
    bare = [text.split("|")[-1] for text in layout.required.values()]
    assert recognise(whole, layout.service, "f") is layout
    assert recognise(bare, layout.service, "f") is layout


@pytest.mark.parametrize("service", ALL_SERVICES)
def test_layouts_name_canonical_columns_of_their_service_and_reach_all(service: str) -> None:
    known = {c.name for c in columns_for(service)}
    named = {column for layout in layouts_of(service) for column in layout.names}
    assert named == known


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: f"{layout.service} {layout.since}")
@pytest.mark.parametrize("service", ALL_SERVICES)
def test_another_services_file_is_refused_naming_it(layout: Layout, service: str) -> None:
    if layout.service == service:
        return
    names = [name for names in layout.names.values() for name in names]
    with pytest.raises(BadDataError, match=rf"is a {layout.service} trip file .*TAXI_SERVICE={layout.service}"):
        recognise(names, service, "f.csv")


def test_what_is_required_depends_on_the_era() -> None:
    old = list(next(layout for layout in LAYOUTS if layout.since == "2010-01").required.values())
    old.remove("pickup_latitude")
    with pytest.raises(BadDataError, match=r"lacks required columns pickup_latitude of yellow trips since 2010-01"):
        recognise(old, "yellow", "f.csv")
    with pytest.raises(BadDataError, match=r"lacks .*hvfhs_license_num.*it has: pickup_datetime, mood"):
        recognise(["pickup_datetime", "mood"], "fhvhv", "f.csv")


def test_a_service_without_a_contract_is_refused() -> None:
    with pytest.raises(BadDataError, match=r"service 'pink'; known services: yellow, green, fhv, fhvhv"):
        recognise(["a"], "pink", "f.csv")
