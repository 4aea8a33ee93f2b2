"""The taxi zones as SVG paths, coloured by how many trips start in them.

Source of the polygons: `trips/data/zones.geojson` (TLC, simplified, degrees). Longitude is shortened by the cosine of
the city's latitude, so shapes look as they do on the ground; a unit is 23 m.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from include.trips.places import LON_SCALE, POLYGONS_FILE
from include.trips.zones import BOROUGHS, load_zones

SIZE = 2000
"""Width and height of the map in its own units; the city is as wide as it is high."""
STEPS = 5
MANHATTAN = (-74.030, 40.698, -73.905, 40.882)
"""West, south, east, north of the inset: most yellow trips start on a twentieth of the city's ground."""

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class ZoneShape:
    """One zone: what it is called, its pick-ups, the colour step (0 for none, 1..STEPS) and its outline."""

    zone: int
    name: str
    borough: str
    trips: int
    percent: float
    step: int
    path: str


@dataclass(frozen=True)
class ZoneMap:
    """All shapes, what the colour steps mean, the inset's viewBox, and the trips that are on no map."""

    shapes: tuple[ZoneShape, ...]
    legend: tuple[str, ...]
    inset: str
    elsewhere: int


def zone_map(pickups: Mapping[int, int], trips: int) -> ZoneMap:
    """Pick-ups per zone, of so many trips -> the map.

    Trips of zones 264 (not known) and 265 (outside), which have no place, and trips without a zone are elsewhere.
    """
    zones, total = load_zones(), max(trips, 1)
    bounds = step_bounds([pickups.get(zone, 0) for zone in zone_paths()])
    shapes = tuple(
        ZoneShape(zone, zones.name[zone], BOROUGHS[zones.borough[zone]], pickups.get(zone, 0),
                  100 * pickups.get(zone, 0) / total, _step(pickups.get(zone, 0), bounds), path)
        for zone, path in zone_paths().items()
    )  # fmt: skip
    return ZoneMap(shapes, _legend(bounds), _view(MANHATTAN), trips - sum(shape.trips for shape in shapes))


def step_bounds(counts: Iterable[int]) -> tuple[int, ...]:
    """The least count of each colour step: fifths of the zones that have any, to two digits, each bound once."""
    given = np.array([count for count in counts if count > 0], np.float64)
    if not len(given):
        return ()
    cuts = np.quantile(given, np.arange(1, STEPS) / STEPS)
    return tuple(sorted({1, *(max(1, int(float(f"{cut:.2g}"))) for cut in cuts)}))


def _step(count: int, bounds: tuple[int, ...]) -> int:
    return int(np.searchsorted(bounds, count, side="right")) if count else 0


def _legend(bounds: tuple[int, ...]) -> tuple[str, ...]:
    """What each step means, from 0 on."""
    ends = [*(bound - 1 for bound in bounds[1:]), None]
    named = [f"{low:,} or more" if high is None else f"{low:,}" if low == high else f"{low:,} to {high:,}"
             for low, high in zip(bounds, ends, strict=False)]  # fmt: skip
    return ("none", *named)


@cache
def zone_paths() -> dict[int, str]:
    """Zone -> SVG path, whole units, holes cut out by the even-odd rule; read once a process."""
    features = json.loads(POLYGONS_FILE.read_text(encoding="utf-8"))["features"]
    return {int(f["properties"]["LocationID"]): _path(f["geometry"]) for f in features}


def _path(geometry: Mapping[str, object]) -> str:
    coordinates: list[list[Ring]] = geometry["coordinates"]  # type: ignore[assignment]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    return "".join(_outline(ring) for polygon in polygons for ring in polygon)  # type: ignore[arg-type]


def _outline(ring: Ring) -> str:
    """A ring as one absolute point and relative lines; points that fall on the one before, and specks, are left out."""
    points = np.array([_place(lon, lat) for lon, lat in ring])
    moves = np.diff(points, axis=0)
    kept = moves[np.any(moves != 0, axis=1)][:-1]
    if len(kept) < 2:
        return ""
    lines = "".join(f"{dx}{dy:+d}" if not number else f"{dx:+d}{dy:+d}" for number, (dx, dy) in enumerate(kept))
    return f"M{points[0][0]},{points[0][1]}l{lines}z"


def _place(lon: float, lat: float) -> tuple[int, int]:
    west, north, scale = _frame()
    return round((lon - west) * LON_SCALE * scale), round((north - lat) * scale)


@cache
def _frame() -> tuple[float, float, float]:
    """West and north of the city in degrees, and units per degree of latitude."""
    zones = json.loads(POLYGONS_FILE.read_text(encoding="utf-8"))["features"]
    points = np.array([point for f in zones for point in _points(f["geometry"]["coordinates"])])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return float(west), float(north), SIZE / max((east - west) * LON_SCALE, north - south)


def _points(nested: list[object]) -> list[list[float]]:
    """Every point of a geometry, however deep its rings are."""
    if isinstance(nested[0], int | float):
        return [nested]  # type: ignore[list-item]
    return [point for part in nested for point in _points(part)]  # type: ignore[arg-type]


def _view(box: tuple[float, float, float, float]) -> str:
    west, south, east, north = box
    (x0, y0), (x1, y1) = _place(west, north), _place(east, south)
    return f"{x0} {y0} {x1 - x0} {y1 - y0}"
