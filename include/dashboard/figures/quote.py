"""One trip's quote: what it is made of, and how it changes over the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from include.dashboard.theme import BLUE, ORANGE, laid_out

BAND = "rgba(0,114,178,0.20)"
UNITS = {
    "duration_min": ("Minutes", "min"),
    "fare_usd": ("Metered fare", "USD"),
    "high_tip": ("Chance of a high tip", "%"),
}


def day_curve(answers: Sequence[dict[str, Any]], target: str, chosen: int, day: str) -> go.Figure:
    """24 answers, one for each hour -> the value and, for a quantity, the band that holds 80 of 100 trips."""
    name, unit = UNITS[target]
    hours = [hour for hour, answer in enumerate(answers) if answer.get(target)]
    told = [answers[hour][target] for hour in hours]
    values = [100 * t["probability"] for t in told] if target == "high_tip" else [t["value"] for t in told]
    figure = go.Figure()
    if told and "p10" in told[0]:
        figure.add_scatter(x=hours, y=[t["p90"] for t in told], mode="lines", line={"width": 0}, hoverinfo="skip",
                           showlegend=False)  # fmt: skip
        figure.add_scatter(x=hours, y=[t["p10"] for t in told], mode="lines", line={"width": 0}, fill="tonexty",
                           fillcolor=BAND, name="80 of 100 trips", hoverinfo="skip")  # fmt: skip
    figure.add_scatter(x=hours, y=values, mode="lines+markers", name=name, line={"color": BLUE},
                       hovertemplate=f"%{{x}}:00: %{{y:.1f}} {unit}<extra></extra>")  # fmt: skip
    figure.add_vline(x=chosen, line={"color": ORANGE, "dash": "dash"})
    laid_out(figure, f"{name} over {day}", "hour of the pick-up", unit, height=250)
    figure.update_xaxes(tickmode="array", tickvals=list(range(0, 24, 3)), range=[-0.5, 23.5])
    return figure.update_yaxes(rangemode="tozero")


def bill(parts: Sequence[tuple[str, float]], title: str) -> go.Figure:
    """(name, USD) parts -> a waterfall that ends in their sum."""
    values = [*(value for _, value in parts), sum(value for _, value in parts)]
    names = [*(name for name, _ in parts), "total before tolls and tip"]
    figure = go.Figure(
        go.Waterfall(
            orientation="h", x=values, y=[f"{name}: {value:.2f}" for name, value in zip(names, values, strict=True)],
            measure=[*("relative" for _ in parts), "total"], increasing={"marker": {"color": BLUE}},
            decreasing={"marker": {"color": ORANGE}}, totals={"marker": {"color": ORANGE}},
            connector={"line": {"width": 1}}, hovertemplate="%{y} USD<extra></extra>",
        )
    )  # fmt: skip
    laid_out(figure, title, "USD", "", height=130 + 32 * (len(parts) + 1))
    return figure.update_yaxes(autorange="reversed", type="category")
