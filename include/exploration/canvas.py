"""One look for every figure: sizes, fonts and colours that a colour-blind reader can tell apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#999999"
"""Of Okabe and Ito's palette, made for readers with any colour vision: https://jfly.uni-koeln.de/color/"""
DENSITY = "cividis"


def panels(title: str, columns: int = 1, height: float = 3.6, width: float = 10.0) -> tuple[Figure, list[Axes]]:
    """A titled figure with panels side by side. It belongs to no global state: show it by returning it from a cell."""
    figure = Figure(figsize=(width, height), layout="constrained", dpi=90)
    figure.suptitle(title, fontsize=13, fontweight="bold")
    axes = np.atleast_1d(figure.subplots(1, columns))
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
    return figure, list(axes)


def label(ax: Axes, x: str, y: str, title: str = "") -> None:
    """Names both axes with their units; the panel's own title where there are several."""
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    if title:
        ax.set_title(title, fontsize=11)


def bars(ax: Axes, names: list[str], values: list[float], text: str = "{:.1f}", **options: Any) -> None:
    """Horizontal bars, the first on top, each with its value written at its end."""
    drawn = ax.barh(names, values, **{"color": BLUE, **options})
    ax.bar_label(drawn, labels=[text.format(value) for value in values], padding=4, fontsize=9)
    ax.invert_yaxis()
    ax.margins(x=0.14)
    ax.tick_params(axis="y", length=0)
