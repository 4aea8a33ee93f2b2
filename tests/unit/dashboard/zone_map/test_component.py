"""What goes to the browser is well formed and asks for nothing; what comes back is a zone or nothing."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

import pytest

from include.dashboard.zone_map import component
from include.dashboard.zone_map.component import markup, zone_of
from include.dashboard.zone_map.drawing import outlines, zone_map


def paths() -> list[ElementTree.Element]:
    return [found for found in ElementTree.fromstring(markup_as_xml()).iter("path") if "data-zone" in found.attrib]


def markup_as_xml() -> str:
    return markup().replace("&minus;", "-").replace(" hidden>", ' hidden="">')


def test_the_markup_holds_every_zone_once_with_its_name() -> None:
    held = {int(path.attrib["data-zone"]): path.attrib for path in paths()}
    assert len(paths()) == len(held) == 263
    assert held[161]["data-name"] == "Midtown Center"
    assert held[138] == {"data-zone": "138", "data-name": "LaGuardia Airport", "data-borough": "Queens",
                         "d": outlines()[138]}  # fmt: skip


def test_names_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(component, "BOROUGHS", ('" onload="alert(1)"><script>',) * 7)
    assert "<script>" not in markup()
    assert {path.attrib["data-borough"] for path in paths()} == {'" onload="alert(1)"><script>'}


def test_outlines_are_not_in_a_drawing_so_that_a_new_one_is_small() -> None:
    drawing = zone_map(dict.fromkeys(outlines(), 1234.5), "Trips by zone", "trips", marked={4: "from"})
    sent = json.dumps(asdict(drawing))
    assert len(sent) < len(markup()) / 5
    assert json.loads(sent)["fills"]["161"] == 0


@pytest.mark.parametrize("name", ["zone_map.html", "zone_map.css", "zone_map.js"])
def test_nothing_is_fetched_and_no_markup_is_made_of_data(name: str) -> None:
    text = (component.HERE / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|@import|url\(|fetch\(|XMLHttpRequest|innerHTML|outerHTML|insertAdjacentHTML", text)


@pytest.mark.parametrize(
    ("state", "zone"),
    [({"zone": 161}, 161), (None, None), ({}, None), ({"zone": None}, None), ({"zone": 264}, None),
     ({"zone": "161"}, None), ({"zone": True}, None), ({"zone": [4]}, None), ({"zone": 4.0}, None)],
)  # fmt: skip
def test_a_click_gives_a_zone_of_the_map_or_nothing(state: Any, zone: int | None) -> None:
    assert zone_of(state) == zone


def test_without_a_listener_zones_are_only_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(component, "_component", lambda: lambda **given: shown.append(given))
    drawing = zone_map({4: 1.0}, "Trips", "trips")
    component.show(drawing, "map")
    component.show(drawing, "map", on_click=lambda zone: None)
    looked_at, clicked = shown
    assert (looked_at["data"]["clickable"], clicked["data"]["clickable"]) == (False, True)
    assert "on_zone_change" not in looked_at
    assert callable(clicked["on_zone_change"])
