"""Every zone has an outline, and its colour says how many trips start there."""

from __future__ import annotations

from include.processing.report.zone_map import step_bounds, zone_map


def test_every_zone_is_drawn_and_north_is_up() -> None:
    shapes = {shape.zone: shape for shape in zone_map({}, 0).shapes}
    assert sorted(shapes) == list(range(1, 264))
    place = {zone: tuple(map(int, shape.path[1:].split("l")[0].split(","))) for zone, shape in shapes.items()}
    bronx, jfk, newark = place[254], place[132], place[1]  # Williamsbridge, JFK, Newark
    assert bronx[1] < jfk[1]
    assert newark[0] < jfk[0]


def test_darker_means_more_and_none_is_apart() -> None:
    drawn = zone_map({132: 1000, 161: 100, 236: 10, 7: 1, 264: 30, 265: 2}, trips=1150)
    step = {shape.zone: shape.step for shape in drawn.shapes}
    assert 0 < step[7] < step[236] < step[161] < step[132]
    assert step[2] == 0
    assert drawn.elsewhere == 39, "32 at zones without a place, 7 without a zone"
    assert max(step.values()) == len(drawn.legend) - 1
    jfk = next(shape for shape in drawn.shapes if shape.zone == 132)
    assert (jfk.name, jfk.borough, jfk.trips) == ("JFK Airport", "Queens", 1000)


def test_bounds_are_distinct_and_begin_at_one_trip() -> None:
    assert step_bounds([0, 0]) == ()
    assert step_bounds([1, 1, 1]) == (1,)
    assert step_bounds(range(1, 101))[0] == 1
    assert len(step_bounds(range(1, 101))) == 5


def test_a_month_without_trips_has_an_empty_map() -> None:
    assert {shape.step for shape in zone_map({}, 0).shapes} == {0}
