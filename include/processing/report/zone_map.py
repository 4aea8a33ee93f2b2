"""The taxi zones as SVG paths, coloured by how many trips start in them.

A unit of the map is 23 m.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from include.trips.outlines import view_of, zone_paths
from include.trips.zones import BOROUGHS, load_zones

SIZE = 2000
"""Width and height of the map in its own units; the city is as wide as it is high."""
STEPS = 5
MANHATTAN = (-74.030, 40.698, -73.905, 40.882)
"""West, south, east, north of the inset: most yellow trips start on a twentieth of the city's ground."""


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
    inset = " ".join(map(str, view_of(MANHATTAN, SIZE)))
    bounds = step_bounds([pickups.get(zone, 0) for zone in zone_paths(SIZE)])
    shapes = tuple(
        ZoneShape(zone, zones.name[zone], BOROUGHS[zones.borough[zone]], pickups.get(zone, 0),
                  100 * pickups.get(zone, 0) / total, _step(pickups.get(zone, 0), bounds), path)
        for zone, path in zone_paths(SIZE).items()
    )  # fmt: skip
    return ZoneMap(shapes, _legend(bounds), inset, trips - sum(shape.trips for shape in shapes))


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
