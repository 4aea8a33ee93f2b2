"""The map: every zone can be clicked, and its colours tell the truth."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from include.dashboard.figures.zone_map import (
    STEPS,
    box_of,
    category_map,
    outlines,
    step_bounds,
    zone_map,
    zone_of,
)
from include.trips.places import locate_by_polygons


def points_of(figure: go.Figure) -> go.Scatter:
    return figure.data[-1]


def test_every_zone_has_points_of_its_own_ground() -> None:
    assert len(outlines()) == 263
    shown = [(zone, lon, lat) for zone, outline in outlines().items() for lon, lat in outline.points]
    zone, lon, lat = (np.array(column) for column in zip(*shown, strict=True))
    found = locate_by_polygons(lat, lon)
    assert set(zone) == set(outlines())
    # simplified polygons overlap a little, and of two the lower number is found
    assert (found == zone).mean() > 0.99


def test_a_click_gives_the_zone() -> None:
    told = points_of(zone_map({4: 1.0}, "Trips", "trips")).customdata[0]
    assert zone_of({"selection": {"points": [{"customdata": list(told)}]}}) == int(told[0])
    assert zone_of({"selection": {"points": [{"customdata": dict(enumerate(told))}]}}) == int(told[0])
    assert zone_of({"selection": {"points": []}}) is None
    assert zone_of(None) is None


def test_colours_are_steps_that_hold_as_many_zones_each() -> None:
    values = {zone: float(place) for place, zone in enumerate(sorted(outlines()))}
    names = [trace.name for trace in zone_map(values, "Trips", "trips").data[:-1]]
    assert len(names) == STEPS
    assert names[0].startswith("0 to ")
    assert names[-1].endswith(" to 262")


@pytest.mark.parametrize(("values", "bounds"), [([], []), ([3.0], [3.0, 3.0]), ([1.0, 1.0, 1.0], [1.0, 1.0])])
def test_few_or_equal_values_make_fewer_steps(values: list[float], bounds: list[float]) -> None:
    assert step_bounds(values) == bounds


def test_whole_numbers_are_in_one_step_only() -> None:
    names = [t.name for t in zone_map({4: 1.0, 7: 5.0, 12: 9.0}, "Trips", "trips").data]
    assert {"1 to 2", "no trips"} <= set(names)


def test_zones_without_a_place_and_without_a_value_are_not_drawn_as_values() -> None:
    figure = zone_map({264: 9.0, 4: float("nan")}, "Trips", "trips")
    assert [trace.name for trace in figure.data[:-1]] == ["no trips"]


def test_the_map_frames_what_it_is_about() -> None:
    west, south, east, north = box_of([4])
    whole = box_of([])
    assert whole[0] < west < east < whole[2]
    assert whole[1] < south < north < whole[3]
    assert box_of([264]) == whole


def test_categories_and_marks_are_named() -> None:
    figure = category_map({4: 0, 7: 1}, {0: "day", 1: "night"}, {0: "#000", 1: "#fff"}, "Groups", box_of([]))
    assert [trace.name for trace in figure.data] == ["in no group", "day", "night", "zones"]
    marked = zone_map({}, "Where", "", marked={132: "from", 264: "nowhere"})
    assert [note.text for note in marked.layout.annotations] == ["from"]
