"""The 263 taxi zones as a plotly figure without tiles: filled outlines in degrees, and points to click on.

Plotly selects points, not areas, so every zone carries invisible points all over its ground; a click finds the nearest.
Its own maps would fetch outlines of the world from a public server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go

from include.dashboard.theme import FAINT, LINE, RED, laid_out, steps
from include.trips.places import LON_SCALE, POLYGONS_FILE
from include.trips.zones import BOROUGHS, load_zones

STEPS = 6
POINTS_A_ZONE = 14
MARGIN = 0.04
MANHATTAN_BELOW_96TH = (-74.025, 40.698, -73.925, 40.808)
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class Outline:
    """A zone's rings as one line with gaps (NaN), and the points that stand for its ground, in degrees."""

    lon: tuple[float, ...]
    lat: tuple[float, ...]
    points: tuple[tuple[float, float], ...]


GAP = Outline((np.nan,), (np.nan,), ())


@cache
def outlines() -> dict[int, Outline]:
    """Zone -> outline, read once a process."""
    features = json.loads(POLYGONS_FILE.read_text(encoding="utf-8"))["features"]
    return {int(f["properties"]["LocationID"]): _outline(f["geometry"]) for f in features}


def _outline(geometry: Mapping[str, Any]) -> Outline:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [np.asarray(ring, np.float64) for polygon in polygons for ring in polygon]
    gap = np.full((1, 2), np.nan)
    line = np.concatenate([part for ring in rings for part in (ring, gap)])[:-1]
    return Outline(tuple(line[:, 0]), tuple(line[:, 1]), _spread(rings))


def _spread(rings: Sequence[np.ndarray]) -> tuple[tuple[float, float], ...]:
    """About POINTS_A_ZONE points of a square grid inside the rings; the largest ring's mean where none falls inside."""
    area = sum(abs(_signed_area(ring)) for ring in rings)
    pitch = (area / POINTS_A_ZONE) ** 0.5
    west, south = np.min([ring.min(axis=0) for ring in rings], axis=0)
    east, north = np.max([ring.max(axis=0) for ring in rings], axis=0)
    x, y = np.meshgrid(np.arange(west + pitch / 2, east, pitch), np.arange(south + pitch / 2, north, pitch))
    inside = np.zeros(x.shape, bool)
    for ring in rings:
        inside ^= _inside(x, y, ring)
    largest = max(rings, key=lambda ring: abs(_signed_area(ring)))
    found = [(float(a), float(b)) for a, b in zip(x[inside], y[inside], strict=True)]
    return tuple(found) or ((float(largest[:, 0].mean()), float(largest[:, 1].mean())),)


def _signed_area(ring: np.ndarray) -> float:
    x, y = ring.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def _inside(x: np.ndarray, y: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """Even-odd: how often a line to the east crosses the ring."""
    crossed = np.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in pairwise(ring):
        if y0 != y1:
            crossed ^= ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return crossed


def box_of(zones: Sequence[int]) -> Box:
    """What a map of these zones shows, with a margin; of the whole city when none of them has a place."""
    known = [outlines()[zone] for zone in zones if zone in outlines()] or list(outlines().values())
    lon, lat = (np.concatenate([getattr(o, axis) for o in known]) for axis in ("lon", "lat"))
    west, east, south, north = (float(v) for v in (np.nanmin(lon), np.nanmax(lon), np.nanmin(lat), np.nanmax(lat)))
    x, y = MARGIN * (east - west), MARGIN * (north - south)
    return west - x, south - y, east + x, north + y


def zone_map(
    values: Mapping[int, float], title: str, unit: str, *, box: Box | None = None, form: str = ",.0f",
    marked: Mapping[int, str] | None = None, height: int = 560,
) -> go.Figure:  # fmt: skip
    """Zone -> value as colours of STEPS equally filled steps; zones without one are faint. `marked` zones get a label.

    A click on a zone selects a point whose `customdata` begins with the zone's number.
    """
    figure = go.Figure()
    given = {zone: value for zone, value in values.items() if zone in outlines() and np.isfinite(value)}
    bounds = step_bounds(list(given.values()))
    _fill(figure, [zone for zone in outlines() if zone not in given], FAINT, "no trips" if values else "")
    for place, colour in enumerate(steps(max(len(bounds) - 1, 1))[: len(bounds) - 1]):
        low, high = bounds[place], bounds[place + 1]
        last = place == len(bounds) - 2
        zones = [z for z, v in given.items() if low <= v and (v < high or last)]
        _fill(figure, zones, colour, _step_name(low, high, form, last))
    _mark(figure, marked or {})
    told = {zone: f"{value:{form}} {unit}" for zone, value in given.items()}
    _add_points(figure, told, "no trips" if values else "")
    return _framed(figure, title, box or box_of(()), height)


def category_map(
    held: Mapping[int, int], names: Mapping[int, str], colours: Mapping[int, str], title: str, box: Box
) -> go.Figure:  # fmt: skip
    """Zone -> category, in the categories' colours; zones of none are faint."""
    figure = go.Figure()
    _fill(figure, [zone for zone in outlines() if zone not in held], FAINT, "in no group")
    for category, name in names.items():
        _fill(figure, [zone for zone in held if held[zone] == category and zone in outlines()], colours[category], name)
    _add_points(figure, {zone: names[category] for zone, category in held.items()}, "in no group")
    return _framed(figure, title, box, 520)


def _framed(figure: go.Figure, title: str, box: Box, height: int) -> go.Figure:
    """Shows the box, whatever the chart's shape, with the same scale in both directions."""
    west, south, east, north = box
    laid_out(figure, title, height=height)
    figure.update_layout(dragmode="pan", hovermode="closest", hoverdistance=30, clickmode="event+select",
                         legend={"itemclick": False, "itemdoubleclick": False})  # fmt: skip
    figure.update_xaxes(visible=False, range=[west, east])
    figure.update_yaxes(visible=False, range=[south, north], scaleanchor="x", scaleratio=1 / LON_SCALE)
    return figure


def step_bounds(values: Sequence[float]) -> list[float]:
    """Lower ends of steps that hold about as many zones each, and the greatest value; equal ones once."""
    if not len(values):
        return []
    cuts = np.unique(np.quantile(np.asarray(values, np.float64), np.linspace(0, 1, STEPS + 1)))
    return [float(cuts[0])] * 2 if len(cuts) == 1 else [float(cut) for cut in cuts]


def _step_name(low: float, high: float, form: str, last: bool) -> str:
    """What a step holds; whole numbers end one before the next step, so that none is in two of them."""
    if form.endswith(".0f"):
        low, high = ceil(low), high if last else max(ceil(high) - 1, ceil(low))
    first, end = f"{low:{form}}", f"{high:{form}}"
    return first if first == end else f"{first} to {end}"


def _fill(figure: go.Figure, zones: Sequence[int], colour: str, name: str) -> None:
    if not zones:
        return
    lon, lat = _joined(zones)
    figure.add_scatter(x=lon, y=lat, mode="lines", fill="toself", fillcolor=colour, name=name, hoverinfo="skip",
                       line={"width": 0.6, "color": LINE}, showlegend=bool(name))  # fmt: skip


def _joined(zones: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Outlines of several zones as one line; a gap is NaN. Arrays, which plotly takes as they are: lists it checks one
    number after the other. Single precision is a metre here."""
    parts = [part for zone in zones for part in (outlines()[zone], GAP)]
    return (np.concatenate([part.lon for part in parts]).astype(np.float32),
            np.concatenate([part.lat for part in parts]).astype(np.float32))  # fmt: skip


def _mark(figure: go.Figure, marked: Mapping[int, str]) -> None:
    zones = load_zones()
    for zone, label in marked.items():
        if zone not in outlines():
            continue
        lon, lat = _joined([zone])
        figure.add_scatter(x=lon, y=lat, mode="lines", line={"width": 3, "color": RED}, hoverinfo="skip",
                           showlegend=False)  # fmt: skip
        figure.add_annotation(x=float(zones.lon[zone]), y=float(zones.lat[zone]), text=label, showarrow=True, ax=0,
                              ay=-34, bgcolor="rgba(255,255,255,0.9)", bordercolor=RED, borderwidth=1,
                              font={"color": "#111111", "size": 12}, arrowcolor=RED)  # fmt: skip


def _add_points(figure: go.Figure, told: Mapping[int, str], absent: str) -> None:
    """The invisible points, last, so that they lie on top and get the click; `told` is what a zone's hover says.

    One of them is drawn. Plotly looks for the nearest among all that it knows, and thousands of unseen circles are
    what drawing the map would mostly take.
    """
    zones = load_zones()
    lon, lat, shown = [], [], []
    for zone, outline in outlines().items():
        lon += [x for x, _ in outline.points]
        lat += [y for _, y in outline.points]
        shown += [(zone, zones.name[zone], BOROUGHS[zones.borough[zone]], told.get(zone, absent))] * len(outline.points)
    hover = "<b>%{customdata[1]}</b> (%{customdata[0]})<br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>"
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=np.array(lon, np.float32), y=np.array(lat, np.float32), mode="markers", name="zones", showlegend=False,
        marker={"size": 6, "opacity": 0, "maxdisplayed": 1}, customdata=np.array(shown, object), hovertemplate=hover,
        selected=unseen, unselected=unseen,
    )  # fmt: skip


def zone_of(event: Any) -> int | None:
    """The zone that a click on the map chose, from what Streamlit gives of a chart's selection."""
    points = event["selection"]["points"] if event else []
    told = points[0].get("customdata") if points else None
    if isinstance(told, Mapping):  # a list's places may arrive as keys
        told = list(told.values())
    return int(told[0]) if told else None
