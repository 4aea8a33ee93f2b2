"""The map in a page: Streamlit carries a drawing to the browser, and the number of a clicked zone back.

Outlines, style and script are the component itself, the same for every map; a browser builds them once a page, and a
new drawing changes colours and words of what is there. It stays as the reader has moved it unless the drawing looks
elsewhere. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import streamlit as st

from include.dashboard.zone_map.drawing import SHEET, Drawing, outlines
from include.trips.zones import BOROUGHS, load_zones

HERE = Path(__file__).parent
NAME = "zone_map"


def show(drawing: Drawing, key: str, on_click: Callable[[int], object] | None = None) -> None:
    """Draws the map; a click on a zone, or Enter on it, calls `on_click` with its number before the page runs again.

    Without `on_click` zones are only to look at.
    """
    data = asdict(drawing) | {"clickable": on_click is not None, "sheet": SHEET}
    if on_click is None:
        _component()(key=key, data=data)
    else:
        _component()(key=key, data=data, on_zone_change=lambda: _clicked(key, on_click))


def _clicked(key: str, on_click: Callable[[int], object]) -> None:
    zone = zone_of(st.session_state.get(key))
    if zone is not None:
        on_click(zone)


def zone_of(state: Any) -> int | None:
    """The zone that a browser says was clicked; None for what is no zone of the map, whatever was sent."""
    zone = state.get("zone") if state else None
    return zone if type(zone) is int and zone in outlines() else None


@cache
def _component() -> Callable[..., Any]:
    """Registered once a process, with the first map."""
    css, js = (_text(f"zone_map.{kind}") for kind in ("css", "js"))
    return st.components.v2.component(NAME, html=markup(), css=css, js=js, isolate_styles=False)


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def markup() -> str:
    """The map as it is before it has a drawing: every zone with its outline, number, name and borough."""
    zones = load_zones()
    paths = (
        f'<path data-zone="{zone}" data-name="{escape(zones.name[zone])}" '
        f'data-borough="{escape(BOROUGHS[zones.borough[zone]])}" d="{path}"/>'
        for zone, path in outlines().items()
    )
    return Template(_text("zone_map.html")).substitute(zones="".join(paths))
