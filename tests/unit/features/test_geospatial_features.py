"""Distances and places: against known ones, and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.features.geospatial_features import (
    bearing,
    borough_of,
    extract_zone_features,
    grid_components,
    haversine_distance,
    is_airport_trip,
    is_in_cbd,
    is_jfk_flat_trip,
    is_surcharge_trip,
    manhattan_distance,
    pair_table,
)
from include.trips.zones import BOROUGHS, load_zones

LAT, LON = st.floats(40.4, 41.0), st.floats(-74.3, -73.6)
POINTS = st.tuples(LAT, LON, LAT, LON)
JFK, LA_GUARDIA, NEWARK, TIMES_SQUARE, MIDTOWN_NORTH, LINCOLN_SQUARE, EAST_HARLEM, ASTORIA = (
    132, 138, 1, 230, 163, 142, 74, 7
)  # fmt: skip


def zones(*numbers: int) -> np.ndarray:
    return np.array(numbers)


def one(values: tuple[float, float, float, float]) -> tuple[np.ndarray, ...]:
    return tuple(np.array([value]) for value in values)


def test_known_distances() -> None:
    degree = haversine_distance(np.array([40.0]), np.array([-74.0]), np.array([41.0]), np.array([-74.0]))
    assert degree[0] == pytest.approx(6371.0088 * np.pi / 180)
    jfk_to_times_square = haversine_distance(np.array([40.6413]), np.array([-73.7781]), np.array([40.7580]),
                                             np.array([-73.9855]))  # fmt: skip
    assert jfk_to_times_square[0] == pytest.approx(21.77, abs=0.05)


@given(POINTS)
def test_distance_has_no_direction_and_the_grid_is_never_shorter(points: tuple[float, float, float, float]) -> None:
    lat1, lon1, lat2, lon2 = one(points)
    direct, back = haversine_distance(lat1, lon1, lat2, lon2)[0], haversine_distance(lat2, lon2, lat1, lon1)[0]
    assert direct == pytest.approx(back, rel=1e-9, abs=1e-9)
    on_the_grid = manhattan_distance(lat1, lon1, lat2, lon2)[0]
    assert direct - 1e-9 <= on_the_grid <= direct * 2**0.5 + 1e-9
    along, across = grid_components(lat1, lon1, lat2, lon2)
    assert along[0] + across[0] == on_the_grid
    assert np.hypot(along[0], across[0]) == pytest.approx(direct, rel=1e-9, abs=1e-9)


def test_what_is_not_known_has_no_distance() -> None:
    nowhere, somewhere = np.array([np.nan]), np.array([40.7])
    assert np.isnan(haversine_distance(nowhere, nowhere, somewhere, somewhere)[0])
    assert np.isnan(manhattan_distance(nowhere, nowhere, somewhere, somewhere)[0])


@pytest.mark.parametrize(("lat", "lon", "degrees"), [(41.0, -74.0, 0), (40.0, -73.0, 90), (39.0, -74.0, 180)])
def test_bearings_are_clockwise_from_north(lat: float, lon: float, degrees: float) -> None:
    found = bearing(np.array([40.0]), np.array([-74.0]), np.array([lat]), np.array([lon]))
    assert np.degrees(found[0]) == pytest.approx(degrees, abs=0.4)


def test_fifth_avenue_is_an_avenue_and_42nd_a_street() -> None:
    """From Washington Square to 110th along Fifth; along 42nd Street from the Hudson to the East River."""
    avenue = grid_components(*one((40.7313, -73.9970, 40.7968, -73.9494)))
    street = grid_components(*one((40.7624, -74.0010, 40.7485, -73.9687)))
    assert avenue[1][0] < 0.02 * avenue[0][0]
    assert street[0][0] < 0.02 * street[1][0]


def test_flags_of_known_trips() -> None:
    start, end = zones(JFK, JFK, TIMES_SQUARE, NEWARK, ASTORIA), zones(TIMES_SQUARE, ASTORIA, LA_GUARDIA, 264, ASTORIA)
    assert is_airport_trip(start, end).tolist() == [True, True, True, True, False]
    assert is_jfk_flat_trip(start, end).tolist() == [True, False, False, False, False]
    assert is_jfk_flat_trip(end, start).tolist() == [True, False, False, False, False]
    assert is_surcharge_trip(start, end).tolist() == [True, False, True, False, False]


def test_sixtieth_street_ends_the_cbd() -> None:
    assert is_in_cbd(zones(TIMES_SQUARE, MIDTOWN_NORTH, LINCOLN_SQUARE, EAST_HARLEM, ASTORIA, 264, 265)).tolist() == [
        True, True, False, False, False, False, False
    ]  # fmt: skip
    assert is_surcharge_trip(zones(LINCOLN_SQUARE, EAST_HARLEM), zones(264, 265)).tolist() == [True, False]


def test_boroughs() -> None:
    found = [BOROUGHS[b] for b in borough_of(zones(NEWARK, JFK, TIMES_SQUARE, 264, 265))]
    assert found == ["EWR", "Queens", "Manhattan", "Unknown", "Unknown"]


def test_a_trip_within_its_zone_goes_nowhere() -> None:
    named = extract_zone_features(zones(TIMES_SQUARE), zones(TIMES_SQUARE))
    assert [named[name][0] for name in ("haversine_km", "manhattan_km", "bearing_sin", "same_zone")] == [0, 0, 0, 1]


@pytest.mark.parametrize("unknown", [264, 265])
def test_a_zone_without_a_place_stands_in_the_middle_of_the_city(unknown: int) -> None:
    named = extract_zone_features(zones(unknown, TIMES_SQUARE), zones(TIMES_SQUARE, JFK))
    assert named["places_known"].tolist() == [0, 1]
    known = load_zones().known == 1
    assert named["pickup_lat"][0] == pytest.approx(load_zones().lat[known].mean(), rel=1e-6)
    assert np.isfinite(named["manhattan_km"]).all()


def test_every_pair_has_its_features_and_nobody_can_change_them() -> None:
    assert np.isfinite(pair_table().rows).all()
    with pytest.raises(ValueError, match="read-only"):
        pair_table().rows[0, 0] = 1
