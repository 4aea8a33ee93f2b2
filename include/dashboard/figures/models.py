"""Model families: who learnt best, what that cost, and how parameters were searched for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from include.dashboard.charts.axes import amounts, counts, labels, listed, powers
from include.dashboard.charts.chart import Chart, chart
from include.dashboard.charts.series import Datum, bars, gap, line, on_bar, points, stroke
from include.dashboard.theme import BLUE, LINE, ORANGE, family_look

LOSS = {"duration_min": "mean absolute error (min)", "fare_usd": "mean absolute error (USD)", "high_tip": "log loss"}
TITLES = {"duration_min": "duration", "fare_usd": "fare", "high_tip": "chance of a high tip"}
Rows = Sequence[Mapping[str, Any]]


def leaderboard(rows: Rows, target: str, month: str) -> Chart:
    """Fits of one month -> bars of the loss on the tune days, the best on top."""
    ranked = sorted((row for row in rows if row["loss_tune"] is not None), key=lambda row: row["loss_tune"])
    longest = max((row["loss_tune"] for row in ranked), default=0.0)
    data = []
    for place, row in enumerate(ranked):
        loss, colour = row["loss_tune"], BLUE if place else ORANGE
        data.append({"value": [loss, row["family"], f"{row['family']}: {loss:.4f}"], "itemStyle": {"color": colour},
                     "label": on_bar(f"{loss:.3f}", loss, longest, colour)})  # fmt: skip
    title = f"Families for {TITLES[target]}, {month}: loss on the tune days"
    names = listed([row["family"] for row in ranked])
    return chart(title, amounts(LOSS[target]), names, [bars(data)], 80 + 30 * len(ranked))


def families_over_months(rows: Rows, target: str) -> Chart:
    """Fits of all months -> a line for each family; a month that it was not trained for is a gap."""
    families, months = sorted({row["family"] for row in rows}), sorted({row["month"] for row in rows})
    series = []
    for family in families:
        losses = {row["month"]: gap(row["loss_tune"]) for row in rows if row["family"] == family}
        data = [_fit(family, month, losses[month]) for month in months if month in losses]
        series.append(line(data, name=family, **family_look(family, families)))
    title = f"Families over the months, {TITLES[target]}"
    return chart(title, labels(months, "month trained for"), amounts(LOSS[target], zero=False), series, 380)


def _fit(family: str, month: str, loss: float | None) -> Datum:
    return [month, loss, "" if loss is None else f"{family} {month}: {loss:.4f}"]


def cost_and_quality(rows: Rows, target: str, month: str) -> Chart:
    """Fits of one month: seconds to fit (logarithmic) against the loss; down and left is better."""
    families = sorted({row["family"] for row in rows})
    series = []
    for row in rows:
        family, seconds, loss = row["family"], max(row["fit_seconds"] or 0, 0.01), gap(row["loss_tune"])
        look = family_look(family, families)
        data = [] if loss is None else [[seconds, loss, f"{family}: {seconds:.2f} s, loss {loss:.4f}"]]
        frame = {"color": look["colour"], "borderColor": LINE, "borderWidth": 1, "opacity": 1}
        series.append(points(data, look["colour"], family, look["symbol"], 14, itemStyle=frame))
    seconds_axis = powers("seconds of the fit (logarithmic)", [max(row["fit_seconds"] or 0, 0.01) for row in rows])
    title = f"What a fit costs, {TITLES[target]}, {month}"
    return chart(title, seconds_axis, amounts(LOSS[target], zero=False), series, 360)


def tuning_curve(trials: Rows, family: str, target: str) -> Chart:
    """Trials with `trial` and `loss` (None where one ended early) -> each trial, and the best so far."""
    tried = [(row["trial"], row["loss"]) for row in trials if row["loss"] is not None]
    best = list(accumulate((loss for _, loss in tried), min))
    each = points([[n, loss, f"trial {n}: {loss:.4f}"] for n, loss in tried], BLUE, "a trial", size=9)
    lowest = [[n, loss] for (n, _), loss in zip(tried, best, strict=True)]
    series = [each, stroke(lowest, ORANGE, "best so far", "solid", step="end")]
    title = f"Search for parameters: {family}"
    return chart(title, counts("trial", len(trials)), amounts(LOSS[target], zero=False), series)
