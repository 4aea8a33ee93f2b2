"""Model families, fits, tests and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from include.dashboard.theme import (
    AMOUNT,
    BLUE,
    DIFFERENCE,
    GREEN,
    GREY,
    LINE,
    ORANGE,
    RED,
    family_look,
    ink,
    laid_out,
    logarithmic,
    whole_step,
)

LOSS = {"duration_min": "mean absolute error (min)", "fare_usd": "mean absolute error (USD)", "high_tip": "log loss"}
TITLES = {"duration_min": "duration", "fare_usd": "fare", "high_tip": "chance of a high tip"}
Rows = Sequence[Mapping[str, Any]]


def leaderboard(rows: Rows, target: str, month: str) -> go.Figure:
    """Fits of one month -> bars of the loss on the tune days, the best on top."""
    ranked = sorted((row for row in rows if row["loss_tune"] is not None), key=lambda row: row["loss_tune"])
    colours = [ORANGE if not place else BLUE for place in range(len(ranked))]
    figure = go.Figure(
        go.Bar(
            x=[row["loss_tune"] for row in ranked], y=[row["family"] for row in ranked], orientation="h",
            marker={"color": colours}, insidetextfont={"color": [ink(colour) for colour in colours]},
            text=[f"{row['loss_tune']:.3f}" for row in ranked], textposition="auto",
            hovertemplate="%{y}: %{x:.4f}<extra></extra>",
        )
    )  # fmt: skip
    title = f"Families for {TITLES[target]}, {month}: loss on the tune days"
    laid_out(figure, title, LOSS[target], "", height=130 + 30 * len(ranked))
    return figure.update_yaxes(autorange="reversed", type="category")


def families_over_months(rows: Rows, target: str) -> go.Figure:
    """Fits of all months -> a line for each family."""
    families = sorted({row["family"] for row in rows})
    figure = go.Figure()
    for family in families:
        own = sorted((row for row in rows if row["family"] == family), key=lambda row: row["month"])
        look = family_look(family, families)
        figure.add_scatter(
            x=[row["month"] for row in own], y=[row["loss_tune"] for row in own], mode="lines+markers", name=family,
            line={"color": look["color"], "dash": look["dash"]}, marker={"symbol": look["symbol"], "size": 8},
            hovertemplate=f"{family} %{{x}}: %{{y:.4f}}<extra></extra>",
        )  # fmt: skip
    laid_out(figure, f"Families over the months, {TITLES[target]}", "month trained for", LOSS[target])
    order = sorted({row["month"] for row in rows})
    return figure.update_xaxes(type="category", tickangle=-45, categoryorder="array", categoryarray=order)


def cost_and_quality(rows: Rows, target: str, month: str) -> go.Figure:
    """Fits of one month: seconds to fit (logarithmic) against the loss; down and left is better."""
    families = sorted({row["family"] for row in rows})
    figure = go.Figure()
    for row in rows:
        look = family_look(row["family"], families)
        figure.add_scatter(
            x=[max(row["fit_seconds"] or 0, 0.01)], y=[row["loss_tune"]], mode="markers", name=row["family"],
            marker={"color": look["color"], "symbol": look["symbol"], "size": 14, "line": {"width": 1, "color": LINE}},
            hovertemplate=f"{row['family']}: %{{x:.2f}} s, loss %{{y:.4f}}<extra></extra>",
        )  # fmt: skip
    laid_out(figure, f"What a fit costs, {TITLES[target]}, {month}", "seconds of the fit (logarithmic)", LOSS[target])
    return logarithmic(figure, [max(row["fit_seconds"] or 0, 0.01) for row in rows])


def tuning_curve(trials: Rows, family: str, target: str) -> go.Figure:
    """Trials with `trial` and `loss` (None where one ended early) -> each trial, and the best so far."""
    tried = [(row["trial"], row["loss"]) for row in trials if row["loss"] is not None]
    best = np.minimum.accumulate([loss for _, loss in tried]).tolist() if tried else []
    figure = go.Figure()
    figure.add_scatter(x=[t for t, _ in tried], y=[loss for _, loss in tried], mode="markers", name="a trial",
                       marker={"color": BLUE, "size": 9})  # fmt: skip
    figure.add_scatter(x=[t for t, _ in tried], y=best, mode="lines", name="best so far",
                       line={"color": ORANGE, "shape": "hv"})  # fmt: skip
    laid_out(figure, f"Search for parameters: {family}", "trial", LOSS[target])
    return figure.update_xaxes(tickformat="d", dtick=whole_step(len(trials)))


def residuals(errors: Mapping[str, Any], unit: str, title: str) -> go.Figure:
    """The histogram of predicted - actual; the outer bars hold what lies beyond."""
    edges = np.asarray(errors["edges"])
    figure = go.Figure(
        go.Bar(
            x=((edges[:-1] + edges[1:]) / 2).tolist(), y=errors["trips"], width=float(edges[1] - edges[0]),
            marker={"color": BLUE, "line": {"width": 0.5, "color": LINE}},
            hovertemplate=f"about %{{x:.1f}} {unit}: %{{y:,}} trips<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": ORANGE, "dash": "dash"})
    return laid_out(figure, title, f"predicted - actual ({unit})", "trips")


def predicted_and_actual(grid: Mapping[str, Any], unit: str, title: str) -> go.Figure:
    """Trips by what was said and what came; a good model lies along the diagonal."""
    edges = np.asarray(grid["edges"])
    trips = np.asarray(grid["trips"], np.float64)
    figure = go.Figure(
        go.Heatmap(
            z=np.log10(np.where(trips > 0, trips, np.nan)), x=(edges[:-1] + edges[1:]) / 2,
            y=(edges[:-1] + edges[1:]) / 2, customdata=trips, colorscale=AMOUNT,
            colorbar={"title": {"text": "trips", "side": "right"}, "thickness": 12, "tickvals": [0, 1, 2, 3, 4, 5, 6],
                      "ticktext": ["1", "10", "100", "1k", "10k", "100k", "1M"]},
            hovertemplate=f"said %{{x:.0f}} {unit}, was %{{y:.0f}} {unit}: %{{customdata:,}} trips<extra></extra>",
        )
    )  # fmt: skip
    figure.add_scatter(x=[0, edges[-1]], y=[0, edges[-1]], mode="lines", line={"color": ORANGE, "dash": "dash"},
                       hoverinfo="skip", showlegend=False)  # fmt: skip
    return laid_out(figure, title, f"predicted ({unit})", f"actual ({unit})", height=420)


def calibration(groups: Rows, title: str) -> go.Figure:
    """Groups of `said` and `was`: what was promised against how often it came true."""
    figure = go.Figure()
    low = min([g[n] for g in groups for n in ("said", "was")], default=0.0)
    high = max([g[n] for g in groups for n in ("said", "was")], default=1.0)
    figure.add_scatter(x=[100 * low, 100 * high], y=[100 * low, 100 * high], mode="lines", hoverinfo="skip",
                       name="exact", line={"color": GREY, "dash": "dash"})  # fmt: skip
    figure.add_scatter(
        x=[100 * g["said"] for g in groups], y=[100 * g["was"] for g in groups], mode="lines+markers",
        customdata=[g["trips"] for g in groups], name="the model", line={"color": BLUE}, marker={"size": 9},
        hovertemplate="said %{x:.1f} %, was %{y:.1f} % of %{customdata:,} trips<extra></extra>",
    )  # fmt: skip
    return laid_out(figure, title, "predicted chance (%)", "trips with a high tip (%)")


def roc(curve: Mapping[str, Any], title: str) -> go.Figure:
    """Hits against false alarms; the diagonal is guessing."""
    figure = go.Figure()
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line={"color": GREY, "dash": "dash"}, name="guessing",
                       hoverinfo="skip")  # fmt: skip
    figure.add_scatter(
        x=[100 * v for v in curve["false_alarms"]], y=[100 * v for v in curve["hits"]], mode="lines",
        line={"color": BLUE}, name=f"area {curve['area']:.3f}",
        hovertemplate="%{y:.0f} % found at %{x:.0f} % false alarms<extra></extra>",
    )  # fmt: skip
    return laid_out(figure, title, "false alarms (% of the others)", "found (% of high tips)")


def error_by(rows: Rows, target: str, what: str) -> go.Figure:
    """Mean loss of each part of the test month, in its order."""
    figure = go.Figure(
        go.Bar(
            x=[row["label"] for row in rows], y=[row["loss"] for row in rows], marker={"color": BLUE},
            customdata=[row["trips"] for row in rows],
            hovertemplate="%{x}: %{y:.3f} on %{customdata:,} trips<extra></extra>",
        )
    )  # fmt: skip
    laid_out(figure, f"Error by {what}", what, LOSS[target], height=320)
    return figure.update_xaxes(type="category", tickangle=-45)


def contest(scored: Rows, target: str, month: str) -> go.Figure:
    """Baseline, champion and challenger on the same trips of one month."""
    order = {"baseline": GREY, "champion": BLUE, "challenger": ORANGE, "prospective": GREEN}
    shown = [(role, row) for role in order for row in scored if row["role"] == role and role != "prospective"]
    figure = go.Figure(
        go.Bar(
            x=[row["loss"] for _, row in shown], orientation="h", marker={"color": [order[role] for role, _ in shown]},
            y=[f"{role} (version {row['version']})" if row["version"] else role for role, row in shown],
            text=[f"{row['loss']:.3f}" for _, row in shown], textposition="auto",
            insidetextfont={"color": [ink(order[role]) for role, _ in shown]},
            customdata=[row["rows_scored"] for _, row in shown],
            hovertemplate="%{y}: %{x:.4f} on %{customdata:,} trips<extra></extra>",
        )
    )  # fmt: skip
    laid_out(figure, f"On the same trips of {month}, {TITLES[target]}", LOSS[target], "", height=130 + 40 * len(shown))
    return figure.update_yaxes(autorange="reversed", type="category")


def slice_changes(parts: Rows, title: str) -> go.Figure:
    """Parts with `change` (share; above 0 is worse), `trips` and `state` -> bars, and a sign for what stops."""
    colours = {"worse": ORANGE, "stops": RED, "better": BLUE, "few trips": GREY}
    figure = go.Figure()
    for state, colour in colours.items():
        own = [p for p in parts if p["state"] == state]
        if own:
            figure.add_bar(
                x=[100 * p["change"] for p in own], y=[p["part"] for p in own], orientation="h", name=state,
                marker={"color": colour, "pattern": {"shape": "/" if state == "stops" else ""}},
                customdata=[p["trips"] for p in own],
                hovertemplate="%{y}: %{x:+.1f} % on %{customdata:,} trips<extra></extra>",
            )  # fmt: skip
    laid_out(figure, title, "change of the loss (%)", "", height=150 + 24 * max(len(parts), 4))
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=[p["part"] for p in parts][::-1])
    figure.update_xaxes(range=_reach(parts))
    return figure.update_layout(barmode="overlay")


def _reach(parts: Rows) -> list[float] | None:
    """The axis is as long as the parts that count need; a bar of few trips may leave it. None: as long as any bar."""
    counted = [100 * p["change"] for p in parts if p["state"] != "few trips"]
    if not counted:
        return None
    low, high = min(0.0, *counted), max(0.0, *counted)
    margin = 0.25 * (high - low) or 1.0
    return [low - margin, high + margin]


def stale_heat_map(cells: Rows, title: str) -> go.Figure:
    """Percent by which each model's loss is above the freshest one's on that month: the price of waiting."""
    rows, columns = sorted({c["trained_to"] for c in cells}), sorted({c["month"] for c in cells})
    losses = np.full((len(rows), len(columns)), np.nan)
    for cell in cells:
        losses[rows.index(cell["trained_to"]), columns.index(cell["month"])] = cell["loss"]
    freshest = np.array([column[np.flatnonzero(np.isfinite(column))[-1]] for column in losses.T])
    excess = 100 * (losses / freshest - 1)
    reach = max(float(np.nanmax(np.abs(excess))), 1.0)
    figure = go.Figure(
        go.Heatmap(
            z=excess, x=columns, y=rows, colorscale=DIFFERENCE, zmid=0, zmin=-reach, zmax=reach, customdata=losses,
            colorbar={"title": {"text": "% above the freshest", "side": "right"}, "thickness": 12}, xgap=1, ygap=1,
            texttemplate="%{z:+.1f}" if len(columns) <= 12 else None,
            hovertemplate="trained to %{y}, scored on %{x}: %{z:+.1f} %, loss %{customdata:.3f}<extra></extra>",
        )
    )  # fmt: skip
    laid_out(figure, title, "scored on", "trained to", height=160 + 30 * len(rows))
    figure.update_xaxes(type="category", tickangle=-45)
    return figure.update_yaxes(type="category", autorange="reversed")


def champions_over_time(decided: Rows, title: str) -> go.Figure:
    """The version that answered after each decision, as steps; the sign says what was decided."""
    signs = {"promote": ("triangle-up", GREEN), "promote_baseline": ("square", GREY), "keep": ("circle", BLUE),
             "rollback": ("triangle-down", RED)}  # fmt: skip
    figure = go.Figure()
    places = list(range(1, len(decided) + 1))
    figure.add_scatter(x=places, y=[row["version_after"] for row in decided], mode="lines", showlegend=False,
                       line={"color": LINE, "shape": "hv"}, hoverinfo="skip")  # fmt: skip
    for decision in sorted({row["decision"] for row in decided}):
        symbol, colour = signs.get(decision, ("circle", BLUE))
        own = [(place, row) for place, row in zip(places, decided, strict=True) if row["decision"] == decision]
        figure.add_scatter(
            x=[place for place, _ in own], y=[row["version_after"] for _, row in own], mode="markers",
            name=decision.replace("_", " "), marker={"symbol": symbol, "color": colour, "size": 13},
            customdata=[[row["test_month"], row["reason"], row["actor"]] for _, row in own],
            hovertemplate="%{customdata[0]}, by %{customdata[2]}<br>%{customdata[1]}<extra></extra>",
        )  # fmt: skip
    laid_out(figure, title, "decision", "version that answers", height=300)
    figure.update_xaxes(tickmode="array", tickvals=places, ticktext=[row["test_month"] for row in decided])
    return figure.update_yaxes(dtick=1, tickformat="d")


def prospective(rows: Rows, target: str, service: str) -> go.Figure:
    """A standing champion on each month that came after it: what its users met."""
    figure = go.Figure(
        go.Scatter(
            x=[row["month"] for row in rows], y=[row["loss"] for row in rows], mode="lines+markers",
            line={"color": BLUE}, marker={"size": 9},
            customdata=[[row["version"], row["rows_scored"]] for row in rows],
            hovertemplate="%{x}: %{y:.3f}, version %{customdata[0]} on %{customdata[1]:,} trips<extra></extra>",
        )
    )  # fmt: skip
    laid_out(figure, f"{TITLES[target].capitalize()}, {service}", "month", LOSS[target], height=300)
    figure.update_xaxes(type="category")
    return figure.update_yaxes(rangemode="tozero")
