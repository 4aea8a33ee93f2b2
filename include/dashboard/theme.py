"""Colours that readers with any colour vision can tell apart, on a light and on a dark ground alike.

Categories: Okabe and Ito (https://jfly.uni-koeln.de/color/). Amounts: cividis, whose brightness alone tells the order
(Nunez, Anderton, Renslow 2018, https://doi.org/10.1371/journal.pone.0199239). Differences: PuOr of ColorBrewer
(https://colorbrewer2.org), orange for worse. States have a sign beside their colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BLUE, ORANGE, GREEN, YELLOW, SKY, RED, PINK, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#F0E442", "#56B4E9", "#D55E00", "#CC79A7", "#8C8C8C",
)  # fmt: skip
DARK, WHITE = "#111111", "#FFFFFF"
CATEGORIES = (BLUE, ORANGE, GREEN, SKY, RED, PINK, GREY, YELLOW)
PURPLE_TO_ORANGE = (
    "#2d004b", "#542788", "#8073ac", "#b2abd2", "#d8daeb", "#f7f7f7", "#fee0b6", "#fdb863", "#e08214", "#b35806",
    "#7f3b08",
)  # fmt: skip
FAINT = "rgba(128,128,128,0.18)"
"""Ground of what has no value; visible on both grounds."""
LINE = "rgba(128,128,128,0.55)"
BAND = "rgba(86,180,233,0.30)"
FAMILY_COLOURS = {
    "zone_pair_median": GREY, "additive_log": GREEN, "ridge": SKY, "linear": PINK, "lasso": YELLOW,
    "random_forest": RED, "xgboost": ORANGE, "lightgbm": BLUE, "mlp": "#6A3D9A", "blend": "#B15928",
}  # fmt: skip
DASHES = ("solid", "dashed", "dotted", [8, 3, 2, 3], [14, 4], [14, 4, 2, 4])
DOWN = "path://M0,0L10,0L5,9Z"
CROSS = "path://M0,2L2,0L5,3L8,0L10,2L7,5L10,8L8,10L5,7L2,10L0,8L3,5Z"
PLUS = "path://M4,0H6V4H10V6H6V10H4V6H0V4H4Z"
STAR = "path://M5,0L6.2,3.8H10L6.9,6.1L8.1,10L5,7.6L1.9,10L3.1,6.1L0,3.8H3.8Z"
SYMBOLS = (
    "circle", "rect", "diamond", PLUS, CROSS, "triangle", DOWN, STAR, "path://M5,0L10,3.8L8.1,10H1.9L0,3.8Z",
    "path://M2.5,0H7.5L10,5L7.5,10H2.5L0,5Z",
)  # fmt: skip
"""The last two have five and six corners."""


def ink(ground: str) -> str:
    """The colour of words on a bar: white on the dark ones, dark on the others, whatever the page's own ground is."""
    return WHITE if ground == BLUE else DARK


def family_look(family: str, families: Sequence[str]) -> dict[str, Any]:
    """Colour, dash and symbol of a model family: three ways to tell it apart."""
    place = sorted(families).index(family)
    return {"colour": FAMILY_COLOURS.get(family, CATEGORIES[place % len(CATEGORIES)]),
            "dash": DASHES[place % len(DASHES)], "symbol": SYMBOLS[place % len(SYMBOLS)]}  # fmt: skip


CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "sendDataToCloud"],
          "responsive": True}  # fmt: skip


def steps(count: int) -> list[str]:
    """So many colours from little to much."""
    from include.dashboard.colours import amount_steps

    return amount_steps(count)


def laid_out(figure: Any, title: str, x: str = "", y: str = "", height: int = 360) -> Any:
    """The figure with its title, the names of its axes, and room for both on a narrow screen."""
    figure.update_layout(
        title={"text": title, "x": 0, "xanchor": "left", "font": {"size": 15}}, height=height,
        margin={"l": 8, "r": 8, "t": 48, "b": 8}, hoverlabel={"align": "left"},
        legend={"orientation": "h", "yref": "container", "yanchor": "bottom", "y": 0, "x": 0, "title": {"text": ""}},
    )  # fmt: skip
    figure.update_xaxes(title={"text": x}, automargin=True)
    figure.update_yaxes(title={"text": y}, automargin=True)
    return figure
