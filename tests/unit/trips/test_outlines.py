"""Every zone has an outline on the sheet, true to the ground."""

from __future__ import annotations

import re

import numpy as np
import pytest

from include.trips.outlines import box_around, on_sheet, view_of, zone_paths, zone_rings
from include.trips.places import locate_by_polygons

SIZE = 40_000


@pytest.mark.parametrize("size", [2000, SIZE])
def test_every_zone_with_a_polygon_is_drawn_inside_the_sheet(size: int) -> None:
    paths = zone_paths(size)
    assert sorted(paths) == list(range(1, 264))
    for zone, path in paths.items():
        assert re.fullmatch(r"(M\d+,\d+l(-?\d+[+-]\d+)([+-]\d+[+-]\d+)+z)+", path), zone
        points = np.concatenate([on_sheet(ring, size) for ring in zone_rings()[zone]])
        assert points.min() >= 0
        assert points.max() <= size


def drawn(path: str) -> list[np.ndarray]:
    """The rings of a path, as a browser adds its lines up."""
    rings = []
    for ring in re.findall(r"M([^z]+)z", path):
        start, lines = ring.split("l")
        moves = [*map(int, re.findall(r"-?\d+", start)), *map(int, re.findall(r"[+-]?\d+", lines))]
        rings.append(np.cumsum(np.reshape(moves, (-1, 2)), axis=0))
    return rings


@pytest.mark.parametrize("zone", [1, 4, 103, 132, 161])
def test_a_path_goes_through_the_points_of_the_zone(zone: int) -> None:
    rings = drawn(zone_paths(SIZE)[zone])
    assert len(rings) == len(zone_rings()[zone])
    for ring, degrees in zip(rings, zone_rings()[zone], strict=True):
        expected = on_sheet(degrees, SIZE)
        assert {*map(tuple, ring.tolist())} == {*map(tuple, expected.tolist())}
        assert tuple(ring[0]) == tuple(expected[0])


def test_the_rings_are_where_trips_are_located() -> None:
    middles = {zone: rings[0].mean(axis=0) for zone, rings in zone_rings().items() if zone in (132, 138, 161, 236)}
    lon, lat = np.array(list(middles.values())).T
    assert locate_by_polygons(lat, lon).tolist() == list(middles)


def test_north_is_up_and_a_kilometre_is_as_long_both_ways() -> None:
    here, north, east = on_sheet([(-73.98, 40.70), (-73.98, 40.709), (-73.98 + 0.009 / 0.7581, 40.70)], SIZE)
    up, right = here[1] - north[1], east[0] - here[0]
    assert up > 0
    assert right == pytest.approx(up, rel=0.01)


def test_a_box_holds_its_zones_and_without_any_the_city() -> None:
    west, south, east, north = box_around([4])
    whole = box_around([])
    assert whole[0] < west < east < whole[2]
    assert whole[1] < south < north < whole[3]
    assert box_around([264]) == whole
    left, top, width, height = view_of(whole, SIZE)
    assert (left, top) == (0, 0)
    assert max(width, height) == SIZE
