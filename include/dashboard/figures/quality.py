"""How good the months are: calendar, what cleaning sets aside, nulls against earlier months, drift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from include.dashboard.theme import (
    AMOUNT,
    BLUE,
    GREEN,
    GREY,
    LINE,
    ORANGE,
    PINK,
    RED,
    SKY,
    YELLOW,
    laid_out,
    whole_step,
)
from include.trips.regimes import Regime

Rows = Sequence[Mapping[str, Any]]
STATE_LOOK: dict[str, tuple[str, str]] = {
    "passed": (GREEN, "✓"), "look": (SKY, "!"), "waived": (YELLOW, "w"), "blocked": (RED, "✕"),
    "unfinished": (PINK, "…"), "missing": ("rgba(128,128,128,0.25)", "-"),
}  # fmt: skip
"""State -> colour and sign: neither is needed to read the other."""
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
VERDICT_LOOK = {
    "alarm": (RED, "x"),
    "warning": (ORANGE, "triangle-up"),
    "known": (SKY, "diamond"),
    "ok": (GREEN, "circle"),
}
AT_MOST = 3.0
"""A value of so many limits fills the colour scale."""


def calendar(months: Rows, service: str) -> go.Figure:
    """Years by months, a sign and a colour for each state; hover tells the sentence."""
    states = list(STATE_LOOK)
    years = sorted({row["month"][:4] for row in months})
    z = np.full((len(years), 12), np.nan)
    signs, told = np.full((len(years), 12), "", object), np.full((len(years), 12), "", object)
    for row in months:
        at = years.index(row["month"][:4]), int(row["month"][5:]) - 1
        z[at] = states.index(row["state"])
        signs[at] = STATE_LOOK[row["state"]][1]
        told[at] = f"<b>{row['month']}: {row['state']}</b><br>{wrapped(row['sentence'])}"
    scale = [(edge, STATE_LOOK[state][0]) for place, state in enumerate(states)
             for edge in (place / len(states), (place + 1) / len(states))]  # fmt: skip
    figure = go.Figure(
        go.Heatmap(z=z, x=list(MONTH_NAMES), y=years, text=signs, texttemplate="%{text}", customdata=told, zmin=-0.5,
                   zmax=len(states) - 0.5, colorscale=scale, showscale=False, xgap=3, ygap=3,
                   hovertemplate="%{customdata}<extra></extra>", textfont={"size": 16, "color": "#111111"})
    )  # fmt: skip
    for state in states:
        colour, sign = STATE_LOOK[state]
        figure.add_scatter(x=[None], y=[None], mode="markers", name=f"{sign} {state}",
                           marker={"color": colour, "size": 12, "symbol": "square"})  # fmt: skip
    laid_out(figure, f"Months of {service}", "", "", height=190 + 44 * len(years))
    return figure.update_yaxes(type="category", autorange="reversed")


def wrapped(sentence: str, width: int = 60) -> str:
    """Lines of at most so many letters, for a hover."""
    lines = [""]
    for word in sentence.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def reject_waterfall(reasons: Rows, read: int, month: str) -> go.Figure:
    """What each reason takes from the rows read. The axis begins near what is kept, because a month loses few."""
    taken = sorted((r for r in reasons if r["rows"]), key=lambda r: -r["rows"])
    kept = read - sum(r["rows"] for r in taken)
    values = [read, *(-r["rows"] for r in taken), kept]
    names = ["rows read", *(r["reason"].replace("_", " ") for r in taken), "kept"]
    labels = [
        f"{name}<br>{abs(v):,} ({100 * abs(v) / max(read, 1):.2f} %)" for name, v in zip(names, values, strict=True)
    ]
    figure = go.Figure(
        go.Waterfall(
            orientation="h", y=labels, x=values, measure=["absolute", *["relative"] * len(taken), "total"],
            decreasing={"marker": {"color": ORANGE}}, increasing={"marker": {"color": BLUE}},
            totals={"marker": {"color": BLUE}}, hovertemplate="%{y}<extra></extra>",
        )
    )  # fmt: skip
    lost = max(read - kept, 1)
    laid_out(figure, f"From rows read to rows kept, {month}", "rows (the axis does not begin at 0)", "",
             height=130 + 40 * len(labels))  # fmt: skip
    figure.update_xaxes(range=[max(0, kept - 0.4 * lost), read + 0.1 * lost], tickformat=",d", dtick=whole_step(lost))
    return figure.update_yaxes(autorange="reversed", type="category")


def null_bands(rows: Rows, column: str) -> go.Figure:
    """A column's nulls by month, and the band of the twelve months before each."""
    own = sorted((r for r in rows if r["column"] == column), key=lambda r: r["month"])
    months, percents = [r["month"] for r in own], [r["percent"] for r in own]
    before = [percents[max(0, place - 12) : place] for place in range(len(own))]
    figure = go.Figure()
    lows, highs = [min(b) if b else None for b in before], [max(b) if b else None for b in before]
    figure.add_scatter(x=months, y=highs, mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False)
    figure.add_scatter(x=months, y=lows, mode="lines", line={"width": 0}, fill="tonexty", hoverinfo="skip",
                       fillcolor="rgba(0,114,178,0.20)", name="range of the 12 months before")  # fmt: skip
    for usual, name, colour, symbol in ((True, "as usual", BLUE, "circle"), (False, "unusual", RED, "x")):
        part = [r for r in own if bool(r["usual"]) == usual]
        figure.add_scatter(x=[r["month"] for r in part], y=[r["percent"] for r in part], mode="markers", name=name,
                           marker={"color": colour, "symbol": symbol, "size": 9}, cliponaxis=False,
                           hovertemplate="%{x}: %{y:.2f} % null<extra></extra>")  # fmt: skip
    laid_out(figure, f"Missing values of {column}", "month", "% of rows without a value", height=320)
    figure.update_xaxes(type="category", tickangle=-45, categoryorder="array", categoryarray=months)
    return figure.update_yaxes(rangemode="tozero")


def drift_heat_map(rows: Rows, regimes: Sequence[Regime], service: str) -> go.Figure:
    """Columns by months: the worst comparison as a share of its limit, and a line where known rules changed."""
    held = worst_of_limit(rows)
    columns, months = sorted({c for c, _ in held}), sorted({m for _, m in held})
    z = np.full((len(columns), len(months)), np.nan)
    told = np.full(z.shape, "", object)
    for (column, month), row in held.items():
        at = columns.index(column), months.index(month)
        z[at] = row["value"] / row["limit_value"]
        said = f"{row['metric']} {row['value']:.3g} of {row['limit_value']:.3g}: {row['verdict']}"
        told[at] = f"{said}<br>{wrapped(row['note'] or '')}"
    figure = go.Figure(
        go.Heatmap(z=z, x=months, y=columns, customdata=told, colorscale=AMOUNT, zmin=0, zmax=AT_MOST, xgap=1, ygap=1,
                   colorbar={"title": {"text": "times the limit", "side": "right"}, "thickness": 12},
                   hovertemplate="%{y} %{x}<br>%{customdata}<extra></extra>")
    )  # fmt: skip
    bad = [(row, key) for key, row in held.items() if row["verdict"] in ("alarm", "known")]
    for verdict, sign, name in (("alarm", "x", "alarm"), ("known", "diamond-open", "explained by a known change")):
        own = [key for row, key in bad if row["verdict"] == verdict]
        if own:
            figure.add_scatter(x=[m for _, m in own], y=[c for c, _ in own], mode="markers", name=name,
                               marker={"symbol": sign, "size": 10, "color": RED, "line": {"width": 2}},
                               hoverinfo="skip")  # fmt: skip
    _mark_regimes(figure, regimes, months)
    laid_out(figure, f"Drift of {service} against the months before", "month", "", height=200 + 22 * len(columns))
    figure.update_xaxes(type="category", tickangle=-45, categoryorder="array", categoryarray=months)
    return figure.update_yaxes(type="category", autorange="reversed")


def worst_of_limit(rows: Rows) -> dict[tuple[str, str], Mapping[str, Any]]:
    """(column, month) -> the comparison that is farthest along its limit."""
    held: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in rows:
        if not row["limit_value"] or row["value"] is None or not row["column_name"] or row["metric"] == "history":
            continue
        key = row["column_name"], row["month"]
        if key not in held or row["value"] / row["limit_value"] > held[key]["value"] / held[key]["limit_value"]:
            held[key] = row
    return held


def _mark_regimes(figure: go.Figure, regimes: Sequence[Regime], months: Sequence[str]) -> None:
    """A line before the month in which something changed."""
    for since in sorted({str(r.since) for r in regimes} & set(months)):
        figure.add_vline(x=months.index(since) - 0.5, line={"color": LINE, "dash": "dash", "width": 2})


def drift_of_segments(rows: Rows, month: str) -> go.Figure:
    """The comparisons of a month that are over their limits, the farthest on top, segments named."""
    over = [
        r for r in rows if r["limit_value"] and r["value"] is not None and r["verdict"] in ("alarm", "warning", "known")
    ]
    ranked = sorted(over, key=lambda r: -r["value"] / r["limit_value"])[:20]
    figure = go.Figure()
    for verdict, (colour, symbol) in VERDICT_LOOK.items():
        own = [r for r in ranked if r["verdict"] == verdict]
        if own:
            figure.add_scatter(
                x=[r["value"] / r["limit_value"] for r in own], y=[compared(r) for r in own], mode="markers",
                name=verdict, marker={"color": colour, "symbol": symbol, "size": 12},
                customdata=[wrapped(r["note"] or "") for r in own],
                hovertemplate="%{y}: %{x:.2f} times the limit<br>%{customdata}<extra></extra>",
            )  # fmt: skip
    figure.add_vline(x=1, line={"color": GREY, "dash": "dash"})
    laid_out(figure, f"What moved most in {month}", "times the limit", "", height=150 + 24 * max(len(ranked), 3))
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=[compared(r) for r in ranked][::-1])
    return figure.update_xaxes(rangemode="tozero")


def compared(row: Mapping[str, Any]) -> str:
    """`psi of fare_usd, borough Queens`."""
    where = "" if row["segment"] == "month" else f", {row['segment']} {row['segment_value']}"
    return f"{row['metric']} of {row['column_name']}{where}"
