"""One trip's quote: what it is made of, and how it changes over the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from include.dashboard.charts.axes import amounts, labels
from include.dashboard.charts.chart import Chart, chart
from include.dashboard.charts.series import band, line, upright
from include.dashboard.charts.waterfall import waterfall
from include.dashboard.theme import BAND, BLUE, ORANGE

UNITS = {
    "duration_min": ("Minutes", "min"),
    "fare_usd": ("Metered fare", "USD"),
    "high_tip": ("Chance of a high tip", "%"),
}


def day_curve(answers: Sequence[dict[str, Any]], target: str, chosen: int, day: str) -> Chart:
    """24 answers, one for each hour -> the value and, for a quantity, the band that holds 80 of 100 trips."""
    name, unit = UNITS[target]
    told = [(hour, answer[target]) for hour, answer in enumerate(answers) if answer.get(target)]
    values = [100 * t["probability"] if target == "high_tip" else t["value"] for _, t in told]
    data = [
        [hour, value, f"{hour:02d}:00: {value:.1f} {unit}{_between(t)}"]
        for (hour, t), value in zip(told, values, strict=True)
    ]
    series = [line(data, BLUE, name, markLine=upright(chosen, ORANGE), symbolSize=6)]
    if told and "p10" in told[0][1]:
        hours = [hour for hour, _ in told]
        lows, highs = ([t[edge] for _, t in told] for edge in ("p10", "p90"))
        series = [*band(hours, lows, highs, BAND, "80 of 100 trips"), *series]
    hours_shown = labels([str(hour) for hour in range(24)], "hour of the pick-up")
    return chart(f"{name} over {day}", hours_shown, amounts(unit), series, 230)


def _between(told: dict[str, Any]) -> str:
    return f", 80 of 100 trips {told['p10']:.1f} to {told['p90']:.1f}" if "p10" in told else ""


def bill(parts: Sequence[tuple[str, float]], title: str) -> Chart:
    """(name, USD) parts -> a waterfall that ends in their sum."""
    steps = [*parts, ("total before tolls and tip", sum(value for _, value in parts))]
    names = [f"{name}: {value:.2f}" for name, value in steps]
    colours = [*(BLUE if value >= 0 else ORANGE for _, value in parts), ORANGE]
    height = 80 + 32 * len(names)
    return waterfall(title, names, [value for _, value in steps], colours, [f"{n} USD" for n in names], amounts("USD"),
                     height)  # fmt: skip
