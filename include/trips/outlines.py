"""The taxi zones' outlines as SVG paths on a square sheet: north is up, and shapes look as they do on the ground.

Source: `data/zones.geojson` (TLC, simplified, degrees). Longitude is shortened by the cosine of the city's latitude;
the city is nearly as wide as it is high, 46 km, and the sheet's side is that length in the units asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from include.trips.places import LON_SCALE, POLYGONS_FILE

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@cache
def zone_rings() -> dict[int, list[np.ndarray]]:
    """Zone -> its rings, each (n, 2) longitude and latitude in degrees, its first point again at the end."""
    features = json.loads(POLYGONS_FILE.read_text(encoding="utf-8"))["features"]
    return {int(f["properties"]["LocationID"]): _rings(f["geometry"]) for f in features}


def _rings(geometry: Mapping[str, Any]) -> list[np.ndarray]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [np.asarray(ring, np.float64) for polygon in polygons for ring in polygon]


def box_around(zones: Iterable[int]) -> Box:
    """The smallest box that holds these zones; the whole city when none of them has a place."""
    known = [ring for zone in zones for ring in zone_rings().get(zone, ())]
    points = np.concatenate(known or [ring for rings in zone_rings().values() for ring in rings])
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return west, south, east, north


@cache
def zone_paths(size: int) -> dict[int, str]:
    """Zone -> SVG path on a sheet of so many units a side, in whole units; holes are cut by the even-odd rule."""
    return {zone: "".join(_path(on_sheet(ring, size)) for ring in rings) for zone, rings in zone_rings().items()}


def _path(points: np.ndarray) -> str:
    """A ring as one absolute point and relative lines; points that fall on the one before, and specks, are left out."""
    moves = np.diff(points, axis=0)
    kept = moves[np.any(moves != 0, axis=1)][:-1]
    if len(kept) < 2:
        return ""
    lines = "".join(f"{dx}{dy:+d}" if not number else f"{dx:+d}{dy:+d}" for number, (dx, dy) in enumerate(kept))
    return f"M{points[0][0]},{points[0][1]}l{lines}z"


def on_sheet(points: np.ndarray | Sequence[Sequence[float]], size: int) -> np.ndarray:
    """(n, 2) degrees, longitude first -> (n, 2) whole units from the sheet's north-west corner, right and down."""
    west, south, east, north = _city()
    units = size / max((east - west) * LON_SCALE, north - south)
    degrees = np.asarray(points, np.float64)
    return np.rint((degrees - (west, north)) * (LON_SCALE * units, -units)).astype(int)


@cache
def _city() -> Box:
    return box_around(())


def view_of(box: Box, size: int) -> tuple[int, int, int, int]:
    """The box as an SVG's viewBox has it: left, top, width, height in units."""
    west, south, east, north = box
    (left, top), (right, bottom) = on_sheet([(west, north), (east, south)], size).tolist()
    return left, top, right - left, bottom - top
