"""Runs, requests and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from include.dashboard.theme import BLUE, CATEGORIES, DASHES, GREEN, GREY, LINE, ORANGE, RED, SKY, laid_out, logarithmic

Rows = Sequence[Mapping[str, Any]]
PHASE_COLOURS = {"ingest": SKY, "validate": GREEN, "features": BLUE, "train": ORANGE, "register": "#CC79A7"}


def phases(tasks: Rows, title: str) -> go.Figure:
    """Tasks with `task`, `phase`, `begin` and `minutes` since the run's start -> bars along time; red frame: failed."""
    figure = go.Figure()
    for phase in dict.fromkeys(task["phase"] for task in tasks):
        own = [task for task in tasks if task["phase"] == phase]
        figure.add_bar(
            x=[max(task["minutes"], 0.01) for task in own], base=[task["begin"] for task in own],
            y=[task["task"] for task in own], orientation="h", name=phase, customdata=[task["state"] for task in own],
            marker={"color": PHASE_COLOURS.get(phase, GREY),
                    "line": {"width": [3 if t["state"] == "failed" else 0.5 for t in own],
                             "color": [RED if t["state"] == "failed" else LINE for t in own]}},
            hovertemplate="%{y}: %{customdata}, %{x:.1f} min<extra></extra>",
        )  # fmt: skip
    laid_out(figure, title, "minutes since the run began", "", height=170 + 22 * len({t["task"] for t in tasks}))
    figure.update_yaxes(autorange="reversed", type="category")
    return figure.update_layout(barmode="overlay")


def rates(samples: Rows) -> go.Figure:
    """Samples with `at` (time) and `rate` (requests a second)."""
    figure = go.Figure()
    figure.add_scatter(x=[s["at"] for s in samples], y=[s["rate"] for s in samples], mode="lines+markers",
                       line={"color": BLUE}, hovertemplate="%{x}: %{y:.2f} a second<extra></extra>")  # fmt: skip
    laid_out(figure, "Requests while this page is open", "time", "requests a second", height=280)
    return figure.update_yaxes(rangemode="tozero")


def latencies(routes: Rows) -> go.Figure:
    """Routes with `p50`, `p95` and `p99` in milliseconds since the API started."""
    figure = go.Figure()
    for name, colour, symbol in (("p50", BLUE, "circle"), ("p95", ORANGE, "square"), ("p99", RED, "diamond")):
        figure.add_scatter(x=[r[name] for r in routes], y=[r["route"] for r in routes], mode="markers", name=name,
                           marker={"color": colour, "symbol": symbol, "size": 11},
                           hovertemplate=f"%{{y}} {name}: about %{{x:.1f}} ms<extra></extra>")  # fmt: skip
    laid_out(figure, "Time to answer since the API started", "milliseconds (logarithmic)", "",
             height=150 + 30 * max(len(routes), 3))  # fmt: skip
    figure.update_yaxes(type="category", autorange="reversed")
    return logarithmic(figure, [max(r[name], 0.01) for r in routes for name in ("p50", "p99")])


def volume(days: Rows) -> go.Figure:
    """Answers by day, stacked by service."""
    figure = go.Figure()
    for place, service in enumerate(sorted({row["service"] for row in days})):
        own = [row for row in days if row["service"] == service]
        figure.add_bar(x=[row["day"] for row in own], y=[row["answers"] for row in own], name=service,
                       marker={"color": CATEGORIES[place], "pattern": {"shape": ["", "/", "x", "."][place % 4]}},
                       hovertemplate=f"{service} %{{x}}: %{{y:,}} answers<extra></extra>")  # fmt: skip
    laid_out(figure, "Predictions answered by day (UTC)", "day", "answers", height=300)
    figure.update_xaxes(type="category", nticks=15)
    return figure.update_layout(barmode="stack")


def degraded(days: Rows) -> go.Figure:
    """Share of answers in which something stood in for a champion, by day."""
    figure = go.Figure()
    for place, service in enumerate(sorted({row["service"] for row in days})):
        own = [row for row in days if row["service"] == service]
        shares = [100 * row["degraded_share"] for row in own]
        figure.add_scatter(x=[row["day"] for row in own], y=shares, name=service, mode="lines+markers",
                           line={"color": CATEGORIES[place], "dash": DASHES[place % 6]},
                           hovertemplate=f"{service} %{{x}}: %{{y:.1f}} % of answers<extra></extra>")  # fmt: skip
    laid_out(figure, "Degraded answers", "day", "% of answers", height=300)
    figure.update_xaxes(type="category", nticks=15)
    return figure.update_yaxes(range=[0, 105])
