"""From coordinates to taxi zones, for the years in which files name places by latitude and longitude.

`assign_zone` reads almost every point off a raster of 11 m cells whose cells lie wholly inside one zone, or wholly
outside all; points in the other cells meet the polygons in an STRtree. Both ways give the same zone. Source of the
polygons: `data/zones.geojson`, TLC's zone shapefile, simplified, in degrees (WGS 84).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from include.trips.zones import UNKNOWN_ZONES

POLYGONS_FILE = Path(__file__).parent / "data" / "zones.geojson"
NOT_KNOWN, OUTSIDE = UNKNOWN_ZONES
LON_SCALE = float(np.cos(np.radians(40.7)))
"""A degree of longitude in degrees of latitude, here: scaled so, distances are the same in both directions."""
SHORE = 0.0009
"""100 m. A point on a pier, a bridge's end or a gap between simplified polygons belongs to the zone that is so near."""
CELL = 0.0001
"""11 m: side of a raster cell."""
BLOCK = 10
"""Cells along a block's side; a block is wider than SHORE, so what is near a zone is in a block next to it."""
_UNDECIDED = -1


@dataclass(frozen=True)
class Raster:
    """int16 cells [row, column], south-west first: a zone, OUTSIDE, or _UNDECIDED where only the polygons can tell."""

    west: float
    south: float
    cells: np.ndarray


def assign_zone(lat: Any, lon: Any) -> np.ndarray:
    """Two (n,) arrays in degrees -> (n,) int32 zone.

    264 where the place is not known (NaN, 0, no place on earth), 265 farther than 100 m outside every zone. On an edge
    that zones share, and where simplified polygons overlap, the lower number wins.
    """
    y, x = np.asarray(lat, np.float64), np.asarray(lon, np.float64) * LON_SCALE
    raster = zone_raster()
    row, column = _cell_of(y, raster.south), _cell_of(x, raster.west)
    rows, columns = raster.cells.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    zone = np.full(y.shape, OUTSIDE, np.int32)
    zone[inside] = raster.cells[row[inside], column[inside]]
    open_ = zone == _UNDECIDED
    zone[open_] = _zone_by_polygons(x[open_], y[open_])
    zone[_is_no_place(y, x)] = NOT_KNOWN
    return zone


def locate_by_polygons(lat: Any, lon: Any) -> np.ndarray:
    """`assign_zone` by the polygons alone: slower, and what it must equal."""
    y, x = np.asarray(lat, np.float64), np.asarray(lon, np.float64) * LON_SCALE
    zone = np.full(y.shape, NOT_KNOWN, np.int32)
    placed = ~_is_no_place(y, x)
    zone[placed] = _zone_by_polygons(x[placed], y[placed])
    return zone


def _is_no_place(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.asarray(~((np.abs(y) <= 90) & (np.abs(x) <= 180 * LON_SCALE)) | (y == 0) | (x == 0))


def _cell_of(value: np.ndarray, origin: float) -> np.ndarray:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.floor(np.clip((value - origin) / CELL, -1, 1e6)).astype(np.int64))


@cache
def _zones() -> tuple[np.ndarray, np.ndarray, Any]:
    """Zone numbers in order, their polygons in scaled coordinates, and the tree over them; built once a process."""
    import shapely

    features = json.loads(POLYGONS_FILE.read_text(encoding="utf-8"))["features"]
    features.sort(key=lambda feature: feature["properties"]["LocationID"])
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    scaled = shapely.transform(shapes, lambda places: places * np.array((LON_SCALE, 1.0)))
    shapely.prepare(scaled)
    numbers = np.array([feature["properties"]["LocationID"] for feature in features], np.int32)
    return numbers, scaled, shapely.STRtree(scaled)


def _zone_by_polygons(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The lowest zone that covers the point, else the nearest within SHORE, else OUTSIDE."""
    import shapely

    numbers, _, tree = _zones()
    points = shapely.points(x, y)
    zone = _lowest(tree.query(points, predicate="intersects"), numbers, len(points))
    lost = np.flatnonzero(zone == OUTSIDE)
    if len(lost):
        near = tree.query_nearest(points[lost], max_distance=SHORE)
        zone[lost] = _lowest(near, numbers, len(lost))
    return zone


def _lowest(pairs: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """(2, k) of point and polygon -> (count,) zone of each point, the lowest of several, OUTSIDE of none."""
    zone = np.full(count, OUTSIDE, np.int32)
    np.minimum.at(zone, pairs[0], numbers[pairs[1]])
    return zone


@cache
def zone_raster() -> Raster:
    """The raster over the city and 2 blocks around it, computed once a process in about a second."""
    import shapely

    numbers, shapes, _ = _zones()
    west, south, east, north = shapely.total_bounds(shapes)
    margin = 2 * BLOCK * CELL
    west, south = west - margin, south - margin
    size = [-(-int((high - low + margin) / CELL + 1) // BLOCK) * BLOCK for low, high in ((south, north), (west, east))]
    cells = np.full(size, OUTSIDE, np.int16)
    for number, shape in reversed(list(zip(numbers, shapes, strict=True))):  # the lower number is written last
        _fill(cells, number, _edges(shape, west, south))
    for shape in shapes:
        _mark(cells, _edges(shape, west, south))
    touched = cells != OUTSIDE
    cells[~touched & _near_one(touched)] = _UNDECIDED
    cells.setflags(write=False)
    return Raster(west, south, cells)


def _edges(shape: Any, west: float, south: float) -> np.ndarray:
    """(n, 4) of x0, y0, x1, y1 in cells: every edge of every ring."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shape))
    places = [(shapely.get_coordinates(ring) - np.array((west, south))) / CELL for ring in rings]
    return np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in places])


def _fill(cells: np.ndarray, number: int, edges: np.ndarray) -> None:
    """Writes the number where a cell's centre is inside: an odd number of edges lies to its west."""
    x0, y0, x1, y1 = edges.T
    first, last = np.ceil(np.minimum(y0, y1) - 0.5).astype(int), np.ceil(np.maximum(y0, y1) - 0.5).astype(int)
    edge = np.repeat(np.arange(len(edges)), last - first)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(last - first) - (last - first), last - first) + first[edge]
    crossing = x0[edge] + (row + 0.5 - y0[edge]) * (x1 - x0)[edge] / (y1 - y0)[edge]
    column = np.ceil(crossing - 0.5).astype(int)
    south, west = row.min(), column.min()
    crossed = np.zeros((row.max() - south + 1, column.max() - west + 1), np.int16)
    np.add.at(crossed, (row - south, column - west), 1)
    inside = np.cumsum(crossed, axis=1, dtype=np.int16) % 2 == 1
    cells[south : south + crossed.shape[0], west : west + crossed.shape[1]][inside] = number


def _mark(cells: np.ndarray, edges: np.ndarray) -> None:
    """Makes every cell that an edge touches _UNDECIDED: samples a quarter cell apart, each with a box around it."""
    start, step = edges[:, :2], edges[:, 2:] - edges[:, :2]
    counts = np.ceil(np.hypot(*step.T) * 4).astype(int) + 1
    edge = np.repeat(np.arange(len(edges)), counts)
    along = (np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)) / np.maximum(counts - 1, 1)[edge]
    samples = start[edge] + along[:, None] * step[edge]
    for dx in (-0.13, 0.13):
        for dy in (-0.13, 0.13):
            column, row = np.floor(samples + np.array((dx, dy))).astype(int).T
            cells[row, column] = _UNDECIDED


def _near_one(touched: np.ndarray) -> np.ndarray:
    """Cells in a block with a touched cell, or in one of the eight blocks around such a block."""
    rows, columns = touched.shape[0] // BLOCK, touched.shape[1] // BLOCK
    blocks = np.zeros((rows + 2, columns + 2), bool)
    blocks[1:-1, 1:-1] = touched.reshape(rows, BLOCK, columns, BLOCK).any(axis=(1, 3))
    near = np.zeros((rows, columns), bool)
    for down in range(3):
        for right in range(3):
            near |= blocks[down : down + rows, right : right + columns]
    return near.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
