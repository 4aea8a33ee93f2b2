"""Colours that readers with any colour vision can tell apart, on a light and on a dark ground alike.

Categories: Okabe and Ito (https://jfly.uni-koeln.de/color/). Amounts: cividis, whose brightness alone tells the order
(Nunez, Anderton, Renslow 2018, https://doi.org/10.1371/journal.pone.0199239). Differences: PuOr of ColorBrewer, orange
for worse. States have a sign beside their colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

import plotly.graph_objects as go
from plotly.colors import sample_colorscale

BLUE, ORANGE, GREEN, YELLOW, SKY, RED, PINK, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#F0E442", "#56B4E9", "#D55E00", "#CC79A7", "#8C8C8C",
)  # fmt: skip
DARK, WHITE = "#111111", "#FFFFFF"
CATEGORIES = (BLUE, ORANGE, GREEN, SKY, RED, PINK, GREY, YELLOW)
AMOUNT = "cividis"
DIFFERENCE = "PuOr_r"
FAINT = "rgba(128,128,128,0.18)"
"""Ground of what has no value; visible on both grounds."""
LINE = "rgba(128,128,128,0.55)"
FAMILY_COLOURS = {
    "zone_pair_median": GREY, "additive_log": GREEN, "ridge": SKY, "linear": PINK, "lasso": YELLOW,
    "random_forest": RED, "xgboost": ORANGE, "lightgbm": BLUE, "mlp": "#6A3D9A", "blend": "#B15928",
}  # fmt: skip
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "triangle-down", "star", "pentagon", "hexagon")
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "sendDataToCloud"],
          "responsive": True}  # fmt: skip


def ink(ground: str) -> str:
    """The colour of words on a bar: white on the dark ones, dark on the others, whatever the page's own ground is."""
    return WHITE if ground == BLUE else DARK


def steps(count: int) -> list[str]:
    """So many colours from little to much."""
    places = [0.5] if count == 1 else [place / (count - 1) for place in range(count)]
    return [str(colour) for colour in sample_colorscale("cividis", places)]


def laid_out(figure: go.Figure, title: str, x: str = "", y: str = "", height: int = 360) -> go.Figure:
    """The figure with its title, the names of its axes, and room for both on a narrow screen."""
    figure.update_layout(
        title={"text": title, "x": 0, "xanchor": "left", "font": {"size": 15}}, height=height,
        margin={"l": 8, "r": 8, "t": 48, "b": 8}, hoverlabel={"align": "left"},
        legend={"orientation": "h", "yref": "container", "yanchor": "bottom", "y": 0, "x": 0, "title": {"text": ""}},
    )  # fmt: skip
    figure.update_xaxes(title={"text": x}, automargin=True)
    figure.update_yaxes(title={"text": y}, automargin=True)
    return figure


def logarithmic(figure: go.Figure, values: Sequence[float]) -> go.Figure:
    """The x axis in whole powers of ten around the values, which are above 0."""
    low = floor(log10(min(values, default=1.0)) - 0.02)
    high = max(ceil(log10(max(values, default=1.0)) + 0.02), low + 1)
    return figure.update_xaxes(type="log", dtick=1, range=[low, high], tickformat="~g")


def whole_step(length: float) -> int:
    """Between ticks: 1, 2 or 5 times a power of ten, of which about three make the length."""
    power = int(10 ** floor(log10(max(length / 3, 1))))
    return min((power, 2 * power, 5 * power, 10 * power), key=lambda step: abs(length / 3 - step))


def family_look(family: str, families: Sequence[str]) -> dict[str, str]:
    """Colour, dash and symbol of a model family: three ways to tell it apart."""
    place = sorted(families).index(family)
    return {"color": FAMILY_COLOURS.get(family, CATEGORIES[place % len(CATEGORIES)]),
            "dash": DASHES[place % len(DASHES)], "symbol": SYMBOLS[place % len(SYMBOLS)]}  # fmt: skip
