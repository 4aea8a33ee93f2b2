"""What a map of the zones shows, as plain values: each zone's colour and words, the legend, marks, and where it looks.

The outlines are not among them: a browser has them already when it gets a drawing (`component`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from include.dashboard.colours import amount_steps
from include.dashboard.theme import CATEGORIES, FAINT
from include.dashboard.zone_map.steps import step_bounds, step_names, step_of
from include.trips.outlines import Box, box_around, on_sheet, view_of, zone_paths
from include.trips.zones import load_zones

SHEET = 40_000
"""Units along a side of the map; one is 1.2 m, and the source tells places apart to 1 m."""
MARGIN = 0.04
MANHATTAN_BELOW_96TH: Box = (-74.025, 40.698, -73.925, 40.808)
NO_TRIPS, NO_GROUP = "no trips", "in no group"


@dataclass(frozen=True)
class Mark:
    """A zone with a thick outline and a label over its middle, which is at x, y on the sheet."""

    zone: int
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """A map: zone -> place in `colours`, zone -> words, what zones without a colour say, the legend in order.

    `view` is what is shown at first: left, top, width, height on the sheet.
    """

    title: str
    view: tuple[int, int, int, int]
    height: int
    colours: tuple[str, ...]
    fills: Mapping[int, int]
    words: Mapping[int, str]
    absent: str
    legend: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...] = ()


def outlines() -> dict[int, str]:
    """Zone -> outline on the sheet, of every zone that has a place."""
    return zone_paths(SHEET)


def box_of(zones: Iterable[int]) -> Box:
    """What a map of these zones shows, with a margin; of the whole city when none of them has a place."""
    west, south, east, north = box_around(zones)
    x, y = MARGIN * (east - west), MARGIN * (north - south)
    return west - x, south - y, east + x, north + y


def zone_map(
    values: Mapping[int, float], title: str, unit: str, *, box: Box | None = None, form: str = ",.0f",
    marked: Mapping[int, str] | None = None, height: int = 470,
) -> Drawing:  # fmt: skip
    """Zone -> value as colours of steps with as many zones each; zones without one are faint. `marked` ones are named.

    A map of no value at all shows where zones are and has no legend.
    """
    given = {zone: value for zone, value in values.items() if zone in outlines() and isfinite(value)}
    bounds = step_bounds(list(given.values()))
    colours, names = tuple(amount_steps(max(len(bounds) - 1, 0))), step_names(bounds, form)
    absent = NO_TRIPS if values else ""
    shown = [(FAINT, absent)] if values and len(given) < len(outlines()) else []
    return Drawing(
        title, view_of(box or box_of(()), SHEET), height, colours,
        fills={zone: step_of(value, bounds) for zone, value in given.items()},
        words={zone: f"{value:{form}} {unit}" for zone, value in given.items()},
        absent=absent, legend=(*shown, *zip(colours, names, strict=True)), marks=_marks(marked or {}),
    )  # fmt: skip


def category_map(held: Mapping[int, int], names: Sequence[str], title: str, box: Box) -> Drawing:
    """Zone -> place of its group in `names`, in the colours of categories; zones of none are faint."""
    colours = tuple(CATEGORIES[place % len(CATEGORIES)] for place in range(len(names)))
    fills = {zone: place for zone, place in held.items() if zone in outlines()}
    return Drawing(
        title, view_of(box, SHEET), 450, colours, fills, words={zone: names[place] for zone, place in fills.items()},
        absent=NO_GROUP, legend=((FAINT, NO_GROUP), *zip(colours, names, strict=True)),
    )  # fmt: skip


def _marks(marked: Mapping[int, str]) -> tuple[Mark, ...]:
    zones = load_zones()
    held = [zone for zone in marked if zone in outlines()]
    middles = [on_sheet([(zones.lon[zone], zones.lat[zone])], SHEET)[0].tolist() for zone in held]
    return tuple(Mark(zone, marked[zone], x, y) for zone, (x, y) in zip(held, middles, strict=True))
