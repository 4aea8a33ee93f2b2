"""How a model did on its test month: where it errs, by how much, and whether its chances come true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log10
from typing import Any

from include.dashboard.charts.axes import amounts, labels, listed
from include.dashboard.charts.chart import Chart, Option, chart
from include.dashboard.charts.series import amount_colours, bars, cells, line, on_bar, stroke, upright
from include.dashboard.figures.models import LOSS
from include.dashboard.theme import BLUE, GREY, LINE, ORANGE

Rows = Sequence[Mapping[str, Any]]


def residuals(errors: Mapping[str, Any], unit: str, title: str) -> Chart:
    """The histogram of predicted - actual; the outer bars hold what lies beyond."""
    data = [
        [(low + high) / 2, trips, f"about {(low + high) / 2:.1f} {unit}: {trips:,} trips"]
        for (low, high), trips in zip(pairwise(errors["edges"]), errors["trips"], strict=True)
    ]
    frame = {"color": BLUE, "borderColor": LINE, "borderWidth": 0.5}
    drawn = bars(data, itemStyle=frame, barCategoryGap="0%", barMaxWidth=None, markLine=upright(0, ORANGE))
    error = amounts(f"predicted - actual ({unit})", zero=False)
    return chart(title, error, amounts("trips"), [drawn])


def predicted_and_actual(grid: Mapping[str, Any], unit: str, title: str) -> Chart:
    """Trips by what was said and what came; a good model lies along the diagonal.

    Cells stand on axes of names, which are not shown; the axes that are shown have numbers, as the diagonal has.
    """
    edges, trips = grid["edges"], grid["trips"]
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    data = [
        [x, y, log10(count), f"said {said:.0f} {unit}, was {was:.0f} {unit}: {count:,} trips"]
        for y, (was, row) in enumerate(zip(middles, trips, strict=True))
        for x, (said, count) in enumerate(zip(middles, row, strict=True)) if count
    ]  # fmt: skip
    greatest = max((count for row in trips for count in row), default=1)
    unseen: Option = {"type": "category", "data": [f"{middle:.1f}" for middle in middles], "show": False}
    numbers: Option = {"min": edges[0], "max": edges[-1], "axisLabel": {"showMaxLabel": False}}
    x = amounts(f"predicted ({unit})") | numbers | {"position": "bottom"}
    y = amounts(f"actual ({unit})") | numbers | {"position": "left"}
    diagonal = stroke([[edges[0], edges[0]], [edges[-1], edges[-1]]], ORANGE, xAxisIndex=1, yAxisIndex=1)
    colours = amount_colours(0, log10(max(greatest, 10)), "trips") | {"text": [f"{greatest:,} trips", "1"]}
    return chart(title, [unseen, x], [unseen, y], [cells(data), diagonal], 440, colours)


def calibration(groups: Rows, title: str) -> Chart:
    """Groups of `said` and `was`: what was promised against how often it came true."""
    chances = [100 * group[name] for group in groups for name in ("said", "was")]
    low, high = min(chances, default=0.0), max(chances, default=100.0)
    exact = stroke([[low, low], [high, high]], GREY, "exact")
    data = [[100 * g["said"], 100 * g["was"], _came_true(g)] for g in groups]
    x, y = amounts("predicted chance (%)", zero=False), amounts("trips with a high tip (%)", zero=False)
    return chart(title, x, y, [exact, line(data, BLUE, "the model")])


def _came_true(group: Mapping[str, Any]) -> str:
    return f"said {100 * group['said']:.1f} %, was {100 * group['was']:.1f} % of {group['trips']:,} trips"


def roc(curve: Mapping[str, Any], title: str) -> Chart:
    """Hits against false alarms; the diagonal is guessing."""
    guessing = stroke([[0, 0], [100, 100]], GREY, "guessing")
    data = [[100 * false, 100 * hit, f"{100 * hit:.0f} % found at {100 * false:.0f} % false alarms"]
            for false, hit in zip(curve["false_alarms"], curve["hits"], strict=True)]  # fmt: skip
    drawn = line(data, BLUE, f"area {curve['area']:.3f}", symbolSize=4)
    x, y = (amounts(name, span=(0, 100)) for name in ("false alarms (% of the others)", "found (% of high tips)"))
    return chart(title, x, y, [guessing, drawn])


def error_by(rows: Rows, target: str, what: str) -> Chart:
    """Mean loss of each part of the test month, in its order."""
    data = [[row["label"], row["loss"], f"{row['label']}: {row['loss']:.3f} on {row['trips']:,} trips"] for row in rows]
    axis = labels([row["label"] for row in rows], what, every=len(rows) < 9, turned=35)
    return chart(f"Error by {what}", axis, amounts(LOSS[target]), [bars(data, colour=BLUE)])


def slices(parts: Rows, target: str, title: str) -> Chart:
    """Parts of the test month with `trips` and `loss`, in their order, each with its number."""
    longest = max(row["loss"] for row in parts)
    data: list[Option] = [
        {"value": [row["loss"], place, f"{row['part']}: {row['loss']:.3f} on {row['trips']:,} trips"],
         "label": on_bar(f"{row['loss']:.3f}", row["loss"], longest, BLUE)} for place, row in enumerate(parts)
    ]  # fmt: skip
    names = listed([f"{row['part']} ({row['trips']})" for row in parts], "part (trips)", width=220)
    return chart(title, amounts(LOSS[target]), names, [bars(data, colour=BLUE)], 80 + 26 * len(parts))
