"""Places become zones: the raster says what the polygons say, and no place is lost."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.features.geospatial_features import assign_zone
from include.trips.places import CELL, locate_by_polygons, zone_raster
from include.trips.zones import zone_rows

CITY = st.tuples(st.floats(40.3, 41.1), st.floats(-74.5, -73.5))
ANYWHERE = st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True))


def one(lat: float, lon: float) -> int:
    return int(assign_zone(np.array([lat]), np.array([lon]))[0])


@given(st.lists(CITY | ANYWHERE, max_size=30))
def test_the_raster_equals_the_polygons(places: list[tuple[float, float]]) -> None:
    lat, lon = np.array(places, float).reshape(-1, 2).T
    assert assign_zone(lat, lon).tolist() == locate_by_polygons(lat, lon).tolist()


def test_the_raster_equals_the_polygons_along_every_border() -> None:
    rng = np.random.default_rng(7)
    vertices = border_points()
    lat, lon = (vertices[rng.integers(0, len(vertices), 60_000)] + rng.normal(0, 2 * CELL, (60_000, 2))).T
    assert np.array_equal(assign_zone(lat, lon), locate_by_polygons(lat, lon))
    assert np.array_equal(assign_zone(*vertices.T), locate_by_polygons(*vertices.T))


def border_points() -> np.ndarray:
    """(n, 2) latitude and longitude of every vertex of every zone."""
    import json

    from include.trips.places import POLYGONS_FILE

    def vertices(nested: list[object]) -> list[list[float]]:
        if isinstance(nested[0], float | int):
            return [[float(str(nested[1])), float(str(nested[0]))]]
        return [vertex for part in nested if isinstance(part, list) for vertex in vertices(part)]

    features = json.loads(POLYGONS_FILE.read_text())["features"]
    return np.array([vertex for feature in features for vertex in vertices(feature["geometry"]["coordinates"])])


def test_every_zones_own_point_is_in_it() -> None:
    rows = [row for row in zone_rows() if row["point_lat"]]
    lat, lon = (np.array([float(row[name]) for row in rows]) for name in ("point_lat", "point_lon"))
    wrong = assign_zone(lat, lon) != np.array([int(row["LocationID"]) for row in rows])
    assert len(rows) == 263
    assert [row["zone"] for row, w in zip(rows, wrong, strict=True) if w] == []


@pytest.mark.parametrize(
    ("lat", "lon", "zone"),
    [
        (0.0, 0.0, 264),
        (float("nan"), -73.9, 264),
        (40.7, float("inf"), 264),
        (0.0, -73.9, 264),
        (4073.0, -73.9, 264),
        (40.7308, -74.0655, 265),  # Jersey City
        (42.36, -71.06, 265),  # Boston
        (-33.9, 151.2, 265),
        (40.6413, -73.7781, 132),  # JFK
        (40.7769, -73.8740, 138),  # LaGuardia
        (40.7580, -73.9855, 230),  # Times Square
        (40.7484, -74.0090, 246),  # the end of a pier at West 30th Street
    ],
)
def test_known_places(lat: float, lon: float, zone: int) -> None:
    assert one(lat, lon) == zone


def test_shapes_and_types() -> None:
    assert assign_zone(np.empty(0), np.empty(0)).tolist() == []
    zones = assign_zone([40.758, 0], [-73.9855, 0])
    assert zones.dtype == np.dtype("int32")
    assert zones.shape == (2,)
    assert not zone_raster().cells.flags.writeable


def test_features_load_no_geometry_library() -> None:
    """The service computes features in an image without these."""
    code = "import sys, include.features.engineer_features; print({'shapely', 'pyarrow', 'pandas'} & set(sys.modules))"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "set()"
