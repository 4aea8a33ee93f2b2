"""Components of the features, and groups of zones and trips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from include.dashboard.theme import BLUE, CATEGORIES, DIFFERENCE, ORANGE, SYMBOLS, laid_out

Rows = Sequence[Mapping[str, Any]]
SPOKEN = {
    "day_sin": "early in the day", "day_cos": "near midnight", "is_weekend": "on a weekend", "is_airport": "airport",
    "manhattan_km": "distance", "distance_km": "distance",
}  # fmt: skip
"""Traits whose names are words of the feature matrix."""


def explained(components: Rows, title: str) -> go.Figure:
    """Each component's share of the variance, and the sum so far."""
    places = [row["component"] for row in components]
    shares = [100 * row["explained"] for row in components]
    figure = go.Figure()
    figure.add_bar(x=places, y=shares, name="this component", marker={"color": BLUE},
                   hovertemplate="component %{x}: %{y:.1f} %<extra></extra>")  # fmt: skip
    figure.add_scatter(x=places, y=np.cumsum(shares).tolist(), name="all up to it", mode="lines+markers",
                       line={"color": ORANGE}, hovertemplate="%{y:.1f} %<extra></extra>")  # fmt: skip
    laid_out(figure, title, "component", "% explained", height=320)
    return figure.update_xaxes(dtick=1)


def weights(components: Rows, title: str) -> go.Figure:
    """Which features a component is made of: orange for more, purple for less."""
    names = sorted({name for row in components for name in row["features"]})
    z = [[row["features"].get(name) for name in names] for row in components]
    reach = max((abs(v) for line in z for v in line if v is not None), default=1.0)
    figure = go.Figure(
        go.Heatmap(z=z, x=names, y=[f"component {row['component']}" for row in components], colorscale=DIFFERENCE,
                   zmin=-reach, zmax=reach, zmid=0, xgap=1, ygap=1,
                   colorbar={"title": {"text": "weight", "side": "right"}, "thickness": 12},
                   hovertemplate="%{y}, %{x}: %{z:+.2f}<extra></extra>")
    )  # fmt: skip
    laid_out(figure, title, "", "", height=230 + 28 * len(components))
    figure.update_xaxes(tickangle=-60, type="category", dtick=1)
    return figure.update_yaxes(autorange="reversed")


def scattered(points: Sequence[Sequence[float]], group: Sequence[int], names: Sequence[str], title: str) -> go.Figure:
    """Trips by the first two components; colour and sign tell the group."""
    figure = go.Figure()
    for place, name in enumerate(names):
        own = [point for point, held in zip(points, group, strict=True) if held == place]
        figure.add_scatter(
            x=[p[0] for p in own], y=[p[1] for p in own], mode="markers", name=name,
            marker={"color": CATEGORIES[place % len(CATEGORIES)], "symbol": SYMBOLS[place % len(SYMBOLS)], "size": 6,
                    "opacity": 0.7}, hovertemplate=f"{name}<extra></extra>",
        )  # fmt: skip
    return laid_out(figure, title, "first component", "second component", height=420)


def group_profiles(groups: Rows, title: str) -> go.Figure:
    """Groups by traits: how far a centre lies from the mean of all centres, in their spreads."""
    traits = list(groups[0]["centre"])
    centres = np.array([[group["centre"][t] for t in traits] for group in groups], np.float64)
    spread = centres.std(axis=0)
    z = (centres - centres.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    figure = go.Figure(
        go.Heatmap(z=z, x=[SPOKEN.get(t, t.replace("_", " ")) for t in traits], customdata=centres,
                   y=[short(g["name"]) for g in groups], colorscale=DIFFERENCE, zmid=0, zmin=-2, zmax=2, xgap=1, ygap=1,
                   colorbar={"thickness": 8},
                   hovertemplate="%{y}<br>%{x}: %{customdata:.2f} (%{z:+.1f} spreads)<extra></extra>")
    )  # fmt: skip
    laid_out(figure, title, "spreads from the mean of all groups", "", height=250 + 50 * len(groups))
    figure.update_xaxes(tickangle=-90, type="category", dtick=1)
    return figure.update_yaxes(autorange="reversed", type="category")


def short(name: str, width: int = 20) -> str:
    """The name over several lines, so that it leaves room for what it names."""
    lines = [""]
    for word in name.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
