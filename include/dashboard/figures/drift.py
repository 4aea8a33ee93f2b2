"""What moved against the months before, and which known change explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.dashboard.charts.axes import amounts, labels, listed
from include.dashboard.charts.chart import Chart, Option, chart
from include.dashboard.charts.series import amount_colours, cells, points, stroke, upright
from include.dashboard.theme import CROSS, GREY, ORANGE, RED, SKY
from include.trips.regimes import Regime

Rows = Sequence[Mapping[str, Any]]
VERDICT_LOOK = {"alarm": (RED, CROSS), "warning": (ORANGE, "triangle"), "known": (SKY, "diamond")}
MARKED = {"alarm": (CROSS, "alarm"), "known": ("emptyDiamond", "explained by a known change")}
AT_MOST, FARTHEST = 3.0, 20
"""A value of so many limits fills the colour scale; so many comparisons are listed."""


def drift_heat_map(rows: Rows, regimes: Sequence[Regime], service: str) -> Chart:
    """Columns by months: the worst comparison as a share of its limit, and a line where known rules changed."""
    held = worst_of_limit(rows)
    columns, months = sorted({c for c, _ in held}), sorted({m for _, m in held})
    data = [
        [months.index(month), columns.index(column), row["value"] / row["limit_value"], _told(column, row)]
        for (column, month), row in held.items()
    ]
    series = [cells(data)]
    for verdict, (symbol, name) in MARKED.items():
        own = [[m, c] for (c, m), row in held.items() if row["verdict"] == verdict]
        if own:
            frame = {"color": RED, "borderColor": RED, "borderWidth": 1, "opacity": 1}
            series.append(points(own, RED, name, symbol, 10, itemStyle=frame, silent=True))
    since = [months.index(month) for month in sorted({str(r.since) for r in regimes} & set(months))]
    series += [stroke([[at, 0], [at, 1]], xAxisIndex=1, yAxisIndex=1) for at in since]
    colours = amount_colours(0, AT_MOST, "times the limit or more", ".0f")
    title = f"Drift of {service} against the months before"
    x, y = [labels(months, "month"), _edges(len(months))], [listed(columns), _edges(1)]
    return chart(title, x, y, series, 130 + 22 * len(columns), colours)


def _edges(length: int) -> Option:
    """An axis that is not shown: whole numbers are the edges of the other one's names, where lines can stand."""
    return {"type": "value", "min": 0, "max": length, "show": False}


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


def _told(column: str, row: Mapping[str, Any]) -> str:
    said = f"{row['metric']} {row['value']:.3g} of {row['limit_value']:.3g}: {row['verdict']}"
    return f"{column} {row['month']}\n{said}\n{row['note'] or ''}".strip()


def drift_of_segments(rows: Rows, month: str) -> Chart:
    """The comparisons of a month that are over their limits, the farthest on top, segments named."""
    over = [r for r in rows if r["limit_value"] and r["value"] is not None and r["verdict"] in VERDICT_LOOK]
    ranked = sorted(over, key=lambda r: -r["value"] / r["limit_value"])[:FARTHEST]
    series = []
    for verdict, (colour, symbol) in VERDICT_LOOK.items():
        own = [[r["value"] / r["limit_value"], compared(r), _over(r)] for r in ranked if r["verdict"] == verdict]
        if own:
            series.append(points(own, colour, verdict, symbol, 12))
    series[0]["markLine"] = upright(1, GREY)
    names = listed([compared(r) for r in ranked])
    height = 110 + 24 * max(len(ranked), 3)
    return chart(f"What moved most in {month}", amounts("times the limit"), names, series, height)


def _over(row: Mapping[str, Any]) -> str:
    said = f"{compared(row)}: {row['value'] / row['limit_value']:.2f} times the limit"
    return f"{said}\n{row['note'] or ''}".strip()


def compared(row: Mapping[str, Any]) -> str:
    """`psi of fare_usd, borough Queens`."""
    where = "" if row["segment"] == "month" else f", {row['segment']} {row['segment_value']}"
    return f"{row['metric']} of {row['column_name']}{where}"
