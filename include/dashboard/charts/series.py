"""Bars, lines, points, cells and bands. A datum is its place and its values, then the words that a hover shows."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from include.dashboard.charts.chart import Option
from include.dashboard.colours import CIVIDIS
from include.dashboard.theme import DARK, LINE, PURPLE_TO_ORANGE, WHITE, ink

Datum = Sequence[Any]
Data = Sequence[Datum | Option]
SAID = "{@[%d]}"
HATCHES = (
    None,
    {"symbol": "rect", "color": "rgba(0,0,0,0.45)", "dashArrayX": [1, 0], "dashArrayY": [2, 6], "rotation": -0.785},
    {"symbol": "rect", "color": "rgba(0,0,0,0.45)", "dashArrayX": [1, 0], "dashArrayY": [2, 6], "rotation": 0.785},
    {"symbol": "circle", "color": "rgba(0,0,0,0.45)", "symbolSize": 0.6, "dashArrayX": [[8, 8], [0, 8, 8, 0]],
     "dashArrayY": [6, 0]},
)  # fmt: skip
"""Patterns that tell bars apart without their colours."""


def gap(value: float | None) -> float | None:
    """The value, or None, which is drawn as a gap, where it is not a number."""
    return None if value is None or not isfinite(value) else float(value)


def bars(data: Data, name: str = "", colour: str | None = None, hatch: int = 0, **more: Any) -> Option:
    """(x, y, words) each; widths as the axis gives them."""
    style = {"color": colour} if colour else {}
    if HATCHES[hatch]:
        style["decal"] = HATCHES[hatch]  # type: ignore[assignment]
    return _series("bar", data, name, 2) | {"itemStyle": style, "barMaxWidth": 60} | more


def line(data: Data, colour: str, name: str = "", dash: Any = "solid", symbol: str = "circle", **more: Any) -> Option:
    """(x, y, words) each; a gap is a gap."""
    return _series("line", data, name, 2) | {
        "lineStyle": {"color": colour, "type": dash, "width": 2}, "itemStyle": {"color": colour}, "symbol": symbol,
        "symbolSize": 8, "showAllSymbol": True,
    } | more  # fmt: skip


def stroke(data: Data, colour: str = LINE, name: str = "", dash: Any = "dashed", **more: Any) -> Option:
    """A line to read the others by: no points, no hover."""
    return line(data, colour, name, dash, "none") | {"silent": True, "tooltip": {"show": False}} | more


def points(data: Data, colour: str, name: str = "", symbol: str = "circle", size: int = 10, **more: Any) -> Option:
    """(x, y, words) each."""
    return _series("scatter", data, name, 2) | {
        "symbol": symbol, "symbolSize": size, "itemStyle": {"color": colour, "opacity": 1},
    } | more  # fmt: skip


def cells(data: Data, **more: Any) -> Option:
    """(x, y, value, words) each; a colour bar gives them their colours."""
    return _series("heatmap", data, "", 3) | {"itemStyle": {"borderWidth": 1, "borderColor": "transparent"}} | more


def band(places: Sequence[Any], lows: Sequence[float | None], highs: Sequence[float | None], colour: str,
         name: str) -> list[Option]:  # fmt: skip
    """From low to high, as two lines that are stacked: the lower one is not seen, the other is the area above it."""
    heights = [None if a is None or b is None else b - a for a, b in zip(lows, highs, strict=True)]
    shared: Option = {"stack": name, "stackStrategy": "all", "lineStyle": {"width": 0, "opacity": 0}}
    return [
        stroke(list(zip(places, lows, strict=True)), colour, **shared),
        stroke(list(zip(places, heights, strict=True)), colour, name, areaStyle={"color": colour}, symbol="rect",
               symbolSize=0, **shared),
    ]  # fmt: skip


def upright(at: Any, colour: str) -> Option:
    """A dashed line across a series' chart where its horizontal axis has this value."""
    return {"silent": True, "symbol": "none", "label": {"show": False}, "data": [{"xAxis": at}],
            "lineStyle": {"color": colour, "type": "dashed", "width": 2}}  # fmt: skip


def on_bar(told: str, length: float, longest: float, ground: str) -> Option:
    """A bar's words: at its end where it is long enough for them, else behind it."""
    if length < longest / 6:
        return {"show": True, "position": "right", "formatter": told}
    return {"show": True, "position": "insideRight", "formatter": told, "color": ink(ground), "textBorderWidth": 0}


def amount_colours(low: float, high: float, unit: str, form: str = ",.0f", **more: Any) -> Option:
    """A colour bar from little to much."""
    return _colour_bar(CIVIDIS, low, high, (f"{low:{form}}", f"{high:{form}} {unit}")) | more


def difference_colours(reach: float, unit: str, form: str = "+.0f") -> Option:
    """A colour bar from purple by nothing to orange, as far as `reach` on both sides."""
    return _colour_bar(PURPLE_TO_ORANGE, -reach, reach, (f"{-reach:{form}}", f"{reach:{form}} {unit}"))


def ink_of_difference(value: float, reach: float) -> str:
    """What is read on a cell of that colour: its ends are dark."""
    return WHITE if abs(value) > 0.7 * reach else DARK


def _colour_bar(colours: Sequence[str], low: float, high: float, ends: tuple[str, str]) -> Option:
    return {
        "type": "continuous", "min": low, "max": high, "dimension": 2, "seriesIndex": 0, "orient": "horizontal",
        "left": 0, "itemWidth": 12, "itemHeight": 130, "inRange": {"color": list(colours)}, "text": ends[::-1],
    }  # fmt: skip


def _series(kind: str, data: Data, name: str, said: int) -> Option:
    return {"type": kind, "data": list(data), **({"name": name} if name else {}),
            "tooltip": {"formatter": SAID % said}}  # fmt: skip
