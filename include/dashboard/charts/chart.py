"""A chart: axes, series and what explains them, put together so that they fit a phone.

An option is ECharts' own JSON (https://echarts.apache.org/en/option.html) without functions: numbers are put into words
in Python, and each datum carries its words as its last value. Streamlit's theme sets fonts, and ink for either ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

Option = dict[str, Any]
Axes = Option | Sequence[Option]
"""One axis, or that which is shown first and others after it."""
NARROW = 480
"""Pixels below which a chart is a phone's."""
WIDE_ROW, NARROW_ROW, LETTER, SIGN, ROW = 520, 320, 6.6, 48, 24
"""Pixels: a row of the legend on either screen, a letter of it, a sign with its margins, and a row's height."""
COLOUR_BAR, NARROW_NAMES = 38, 112
GRID = {"left": 6, "right": 14, "top": 14, "bottom": 6}


class Chart(NamedTuple):
    """An option, and the height in pixels that it is drawn at."""

    option: Option
    height: int

    @property
    def title(self) -> str:
        """What the chart shows; it is set above it as text, which breaks where a screen ends."""
        return str(self.option["title"]["text"])


def chart(
    title: str, x: Axes, y: Axes, series: Sequence[Option], height: int = 320, colours: Option | None = None
) -> Chart:  # fmt: skip
    """Series on two axes. `colours` is a colour bar; named series get a legend, and both stand below.

    Long names of a vertical axis break over lines, sooner on a phone.
    """
    x, y = ([axis] if isinstance(axis, dict) else list(axis) for axis in (x, y))
    names = [one["name"] for one in series if one.get("name")]
    option: Option = {
        "title": {"text": title, "show": False},
        "animation": False,
        "aria": {"enabled": True},
        "tooltip": {"trigger": "item", "confine": True, "extraCssText": "white-space: pre-line; max-width: 22rem"},
        "legend": {
            "show": bool(names),
            "data": names,
            "left": 0,
            "bottom": 0,
            "itemGap": 12,
            "itemHeight": 11,
            "itemWidth": 28 if any(one["type"] == "line" and "name" in one for one in series) else 13,
        },
        "grid": GRID | {"bottom": _below(names, WIDE_ROW, colours)},
        "xAxis": x,
        "yAxis": y,
        "series": list(series),
    }
    if colours:
        option["visualMap"] = colours | {"bottom": _below(names, WIDE_ROW, None)}
    return Chart(option | {"media": [_narrow(names, y, colours)]}, height)


def _below(names: Sequence[str], width: int, colours: Option | None) -> int:
    """Pixels that legend and colour bar take below the axes."""
    shown = colours is not None and colours.get("show", True)
    return GRID["bottom"] + ROW * legend_rows(names, width) + (COLOUR_BAR if shown else 0)


def legend_rows(names: Sequence[str], width: int) -> int:
    """Rows that the names take, each with its sign."""
    rows, used = min(len(names), 1), 0.0
    for name in names:
        need = SIGN + LETTER * len(name)
        rows, used = (rows + 1, need) if used and used + need > width else (rows, used + need)
    return rows


def _narrow(names: Sequence[str], y: Sequence[Option], colours: Option | None) -> Option:
    """What is otherwise on a phone."""
    option: Option = {"grid": {"bottom": _below(names, NARROW_ROW, colours)}}
    if colours:
        option["visualMap"] = {"bottom": _below(names, NARROW_ROW, None)}
    option["yAxis"] = [{"axisLabel": {"width": min(width, NARROW_NAMES)}} if width else {} for width in map(_width, y)]
    return {"query": {"maxWidth": NARROW}, "option": option}


def _width(axis: Option) -> int:
    """Pixels that the names along it may take; 0 where it has none."""
    return int(axis.get("axisLabel", {}).get("width", 0))
