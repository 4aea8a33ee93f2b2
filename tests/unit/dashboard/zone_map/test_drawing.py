"""The map tells the truth: colours, words and legend say the same, and zones without a value are none."""

from __future__ import annotations

import pytest

from include.dashboard.theme import CATEGORIES, FAINT
from include.dashboard.zone_map.drawing import SHEET, box_of, category_map, outlines, zone_map
from include.dashboard.zone_map.steps import STEPS

WHOLE = zone_map({}, "Where", "").view


def test_the_legend_goes_from_little_to_much_in_the_colours_of_the_zones() -> None:
    drawing = zone_map({zone: float(zone) for zone in outlines()}, "Trips by zone", "trips")
    assert (drawing.title, len(drawing.legend)) == ("Trips by zone", STEPS)
    assert drawing.legend[0][1].startswith("1 to ")
    assert drawing.legend[-1][1].endswith(" to 263")
    assert drawing.colours[drawing.fills[1]] == drawing.legend[0][0]
    assert drawing.colours[drawing.fills[263]] == drawing.legend[-1][0]
    assert drawing.words[161] == "161 trips"


def test_zones_without_a_value_are_faint_and_say_so() -> None:
    drawing = zone_map({4: 1.0, 7: 5.0, 12: 9.0}, "Trips", "trips")
    assert drawing.legend[0] == (FAINT, "no trips")
    assert set(drawing.fills) == set(drawing.words) == {4, 7, 12}
    assert drawing.absent == "no trips"


@pytest.mark.parametrize("values", [{264: 9.0}, {4: float("nan")}, {4: float("inf")}])
def test_what_has_no_place_or_no_number_is_not_drawn(values: dict[int, float]) -> None:
    drawing = zone_map(values, "Trips", "trips")
    assert (drawing.fills, drawing.colours, drawing.legend) == ({}, (), ((FAINT, "no trips"),))


def test_a_map_of_no_value_has_no_legend_and_names_zones_only() -> None:
    drawing = zone_map({}, "Where from, where to", "")
    assert (drawing.legend, drawing.absent, drawing.words) == ((), "", {})


def test_the_form_of_the_measure_is_that_of_words_and_legend() -> None:
    drawing = zone_map({4: 12.345}, "Speed", "mph", form=".1f")
    assert drawing.words[4] == "12.3 mph"
    assert drawing.legend[-1][1] == "12.3"


def test_the_map_looks_at_what_it_is_about_with_a_margin() -> None:
    left, top, width, height = zone_map({}, "Where", "", box=box_of([132])).view
    assert WHOLE[0] < left < left + width < WHOLE[0] + WHOLE[2]
    assert WHOLE[1] < top < top + height < WHOLE[1] + WHOLE[3]
    assert zone_map({}, "Where", "", box=box_of([264])).view == WHOLE
    assert WHOLE[0] < 0
    assert max(WHOLE[2:]) > SHEET


def test_marks_stand_in_the_middle_of_their_zones() -> None:
    (mark,) = zone_map({}, "Where", "", marked={132: "from", 264: "nowhere"}).marks
    left, top, width, height = zone_map({}, "JFK", "", box=box_of([132])).view
    assert (mark.zone, mark.label) == (132, "from")
    assert left < mark.x < left + width
    assert top < mark.y < top + height


def test_groups_have_the_colours_of_categories_and_are_named() -> None:
    drawing = category_map({4: 0, 7: 1, 264: 1}, ["day", "night"], "Groups", box_of([]))
    assert drawing.legend == ((FAINT, "in no group"), (CATEGORIES[0], "day"), (CATEGORIES[1], "night"))
    assert drawing.fills == {4: 0, 7: 1}
    assert drawing.words == {4: "day", 7: "night"}
    assert drawing.absent == "in no group"


def test_more_groups_than_colours_begin_again() -> None:
    names = [f"group {place}" for place in range(len(CATEGORIES) + 1)]
    assert category_map({}, names, "Groups", box_of([])).colours[-1] == CATEGORIES[0]
