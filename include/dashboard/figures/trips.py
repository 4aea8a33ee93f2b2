"""Trips by month, by hour of the week and by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from include.dashboard.measures import Measure
from include.dashboard.theme import AMOUNT, BLUE, laid_out
from include.trips.month import Month

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHOWN = 15


def by_month(rows: Sequence[dict[str, Any]], measure: Measure, place: str) -> go.Figure:
    """Rows with `month` -> bars of what adds up, a line of what does not; a month that is absent is a gap."""
    values = {row["month"]: measure.value(row) for row in rows}
    months = every_month(list(values))
    y = [values.get(month, np.nan) for month in months]
    figure = go.Figure()
    hover = f"%{{x}}: %{{y:{measure.form}}} {measure.unit}<extra></extra>"
    if measure.adds:
        figure.add_bar(x=months, y=y, marker={"color": BLUE}, hovertemplate=hover)
    else:
        figure.add_scatter(x=months, y=y, mode="lines+markers", line={"color": BLUE}, hovertemplate=hover)
    laid_out(figure, f"{measure.name} by month, {place}", "month", measure.unit)
    figure.update_xaxes(type="category", tickangle=-45, nticks=24)
    return figure.update_yaxes(rangemode="tozero", tickformat="~s" if measure.adds else None)


def every_month(given: Sequence[str]) -> list[str]:
    """From the first month to the last one, without gaps."""
    if not given:
        return []
    first, last = Month.parse(min(given)), Month.parse(max(given))
    return [str(first.plus(step)) for step in range(last.ordinal - first.ordinal + 1)]


def by_hour(rows: Sequence[dict[str, Any]], measure: Measure, place: str) -> go.Figure:
    """Rows with `hour_of_week` (0 is Monday, 00:00) -> days by hours."""
    grid = np.full(168, np.nan)
    for row in rows:
        grid[row["hour_of_week"]] = measure.value(row)
    figure = go.Figure(
        go.Heatmap(
            z=grid.reshape(7, 24), x=[f"{hour:02d}" for hour in range(24)], y=DAYS, colorscale=AMOUNT,
            colorbar={"title": {"text": measure.unit, "side": "right"}, "thickness": 12},
            hovertemplate=f"%{{y}} %{{x}}:00: %{{z:{measure.form}}} {measure.unit}<extra></extra>", xgap=1, ygap=1,
        )
    )  # fmt: skip
    laid_out(figure, f"{measure.name} by hour of the week, {place}", "hour of the pick-up", "", height=330)
    figure.update_xaxes(type="category", nticks=12, tickangle=0)
    return figure.update_yaxes(autorange="reversed")


def by_place(places: Sequence[tuple[str, float]], measure: Measure, title: str) -> go.Figure:
    """(name, value) -> bars, the greatest on top, at most SHOWN."""
    ranked = sorted((p for p in places if np.isfinite(p[1])), key=lambda p: -p[1])[:SHOWN]
    figure = go.Figure(
        go.Bar(
            x=[value for _, value in ranked], y=[name for name, _ in ranked], orientation="h", marker={"color": BLUE},
            hovertemplate=f"%{{y}}: %{{x:{measure.form}}} {measure.unit}<extra></extra>",
        )
    )  # fmt: skip
    laid_out(figure, title, measure.unit, "", height=110 + 24 * max(len(ranked), 3))
    figure.update_yaxes(autorange="reversed", type="category")
    return figure.update_xaxes(rangemode="tozero", tickformat="~s" if measure.adds else None)
