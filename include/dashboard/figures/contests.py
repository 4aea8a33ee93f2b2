"""Champions and challengers: the contest, its parts, the decisions, and how fast a model ages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.dashboard.charts.axes import amounts, counts, labels, listed
from include.dashboard.charts.chart import Chart, Option, chart
from include.dashboard.charts.series import (
    bars,
    cells,
    difference_colours,
    ink_of_difference,
    line,
    on_bar,
    points,
    stroke,
)
from include.dashboard.figures.models import LOSS, TITLES
from include.dashboard.theme import BLUE, DOWN, GREEN, GREY, ORANGE, RED

Rows = Sequence[Mapping[str, Any]]
ROLES = {"baseline": GREY, "champion": BLUE, "challenger": ORANGE}
STATES = {"worse": (ORANGE, 0), "stops": (RED, 1), "better": (BLUE, 0), "few trips": (GREY, 0)}
SIGNS = {"promote": ("triangle", GREEN), "promote_baseline": ("rect", GREY), "keep": ("circle", BLUE),
         "rollback": (DOWN, RED)}  # fmt: skip
NUMBERED = 12
"""Months up to which a heat map has room for its numbers."""


def contest(scored: Rows, target: str, month: str) -> Chart:
    """Baseline, champion and challenger on the same trips of one month."""
    shown = [(role, row) for role in ROLES for row in scored if row["role"] == role]
    longest = max((row["loss"] for _, row in shown), default=0.0)
    names = [f"{role} (version {row['version']})" if row["version"] else role for role, row in shown]
    data: list[Option] = []
    for name, (role, row) in zip(names, shown, strict=True):
        loss, colour = row["loss"], ROLES[role]
        data.append({"value": [loss, name, f"{name}: {loss:.4f} on {row['rows_scored']:,} trips"],
                     "itemStyle": {"color": colour},
                     "label": on_bar(f"{loss:.3f}", loss, longest, colour)})  # fmt: skip
    title = f"On the same trips of {month}, {TITLES[target]}"
    return chart(title, amounts(LOSS[target]), listed(names), [bars(data)], 80 + 40 * len(shown))


def slice_changes(parts: Rows, title: str) -> Chart:
    """Parts with `change` (share; above 0 is worse), `trips` and `state` -> bars, and a pattern for what stops."""
    series = []
    for state, (colour, hatch) in STATES.items():
        own = [[100 * p["change"], p["part"], f"{p['part']}: {100 * p['change']:+.1f} % on {p['trips']:,} trips"]
               for p in parts if p["state"] == state]  # fmt: skip
        if own:
            series.append(bars(own, state, colour, hatch, stack="parts"))
    change = amounts("change of the loss (%)", span=_reach(parts))
    return chart(title, change, listed([p["part"] for p in parts]), series, 110 + 24 * max(len(parts), 4))


def _reach(parts: Rows) -> tuple[float, float] | None:
    """The axis is as long as the parts that count need, and has room for the start of a bar on either side of 0.

    A bar of few trips may leave it. None: as long as any bar.
    """
    counted = [100 * p["change"] for p in parts if p["state"] != "few trips"]
    start = max((abs(change) for change in counted), default=0.0) / 4
    return (min(-start, *counted), max(start, *counted)) if start else None


def stale_heat_map(found: Rows, title: str) -> Chart:
    """Percent by which each model's loss is above the freshest one's on that month: the price of waiting."""
    rows, columns = sorted({c["trained_to"] for c in found}), sorted({c["month"] for c in found})
    freshest = {c["month"]: c["loss"] for c in sorted(found, key=lambda c: c["trained_to"])}
    excess = [100 * (cell["loss"] / freshest[cell["month"]] - 1) for cell in found]
    reach = max(max(abs(percent) for percent in excess), 1.0)
    data = []
    for cell, percent in zip(found, excess, strict=True):
        said = f"trained to {cell['trained_to']}, scored on {cell['month']}: {percent:+.1f} %, loss {cell['loss']:.3f}"
        data.append({"value": [columns.index(cell["month"]), rows.index(cell["trained_to"]), percent, said],
                     "label": {"show": len(columns) <= NUMBERED, "formatter": f"{percent:+.1f}", "textBorderWidth": 0,
                               "color": ink_of_difference(percent, reach)}})  # fmt: skip
    colours = difference_colours(reach, "% above the freshest", "+.1f")
    x, y = labels(columns, "scored on"), listed(rows, "trained to")
    return chart(title, x, y, [cells(data)], 150 + 30 * len(rows), colours)


def champions_over_time(decided: Rows, title: str) -> Chart:
    """The version that answered after each decision, as steps; the sign says what was decided."""
    series = [stroke([[n, row["version_after"]] for n, row in enumerate(decided)], dash="solid", step="end")]
    for decision in sorted({row["decision"] for row in decided}):
        symbol, colour = SIGNS.get(decision, ("circle", BLUE))
        own = [[n, row["version_after"], f"{row['test_month']}, by {row['actor']}\n{row['reason']}"]
               for n, row in enumerate(decided) if row["decision"] == decision]  # fmt: skip
        series.append(points(own, colour, decision.replace("_", " "), symbol, 13))
    versions = [row["version_after"] or 0 for row in decided]
    low, high = min(versions) - 1, max(versions) + 1
    y = counts("version that answers", high - low) | {"min": low, "max": high}
    return chart(title, labels([row["test_month"] for row in decided], "decision"), y, series, 300)


def prospective(rows: Rows, target: str, service: str) -> Chart:
    """A standing champion on each month that came after it: what its users met."""
    data = [[row["month"], row["loss"], f"{row['month']}: {row['loss']:.3f}, version {row['version']} on "
             f"{row['rows_scored']:,} trips"] for row in rows]  # fmt: skip
    title = f"{TITLES[target].capitalize()}, {service}"
    return chart(title, labels([row["month"] for row in rows], "month"), amounts(LOSS[target]), [line(data, BLUE)], 300)
