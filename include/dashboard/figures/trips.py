"""Trips by month, by hour of the week and by place."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from include.dashboard.charts.axes import amounts, labels, listed, scaled
from include.dashboard.charts.chart import Chart, chart
from include.dashboard.charts.series import Datum, amount_colours, bars, cells, gap, line
from include.dashboard.measures import Measure
from include.dashboard.theme import BLUE
from include.trips.month import Month

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHOWN = 15


def by_month(rows: Sequence[dict[str, Any]], measure: Measure, place: str) -> Chart:
    """Rows with `month` -> bars of what adds up, a line of what does not; a month that is absent is a gap."""
    values = {row["month"]: measure.value(row) for row in rows}
    months = every_month(list(values))
    divisor, unit = counted(list(values.values()), measure)
    data: list[Datum] = [
        [month, gap(values[month] / divisor), f"{month}: {said(values[month], measure)}"]
        if month in values else [month, None, ""] for month in months
    ]  # fmt: skip
    drawn = bars(data, colour=BLUE) if measure.adds else line(data, BLUE)
    return chart(f"{measure.name} by month, {place}", labels(months, "month"), amounts(unit), [drawn])


def counted(values: Sequence[float], measure: Measure) -> tuple[float, str]:
    """What an axis of the measure is divided by, and its unit; means are short as they are."""
    return scaled(values, measure.unit) if measure.adds else (1.0, measure.unit)


def said(value: float, measure: Measure) -> str:
    """`1,234 trips`."""
    return f"{value:{measure.form}} {measure.unit}"


def every_month(given: Sequence[str]) -> list[str]:
    """From the first month to the last one, without gaps."""
    if not given:
        return []
    first, last = Month.parse(min(given)), Month.parse(max(given))
    return [str(first.plus(step)) for step in range(last.ordinal - first.ordinal + 1)]


def by_hour(rows: Sequence[dict[str, Any]], measure: Measure, place: str) -> Chart:
    """Rows with `hour_of_week` (0 is Monday, 00:00) -> days by hours; an hour without a value stays empty."""
    data: list[Datum] = []
    for row in rows:
        (day, hour), value = divmod(row["hour_of_week"], 24), measure.value(row)
        if isfinite(value):
            data.append([hour, day, value, f"{DAYS[day]} {hour:02d}:00: {said(value, measure)}"])
    values = [datum[2] for datum in data]
    colours = amount_colours(min(values, default=0.0), max(values, default=1.0), measure.unit, measure.form)
    hours = labels([f"{hour:02d}" for hour in range(24)], "hour of the pick-up")
    title = f"{measure.name} by hour of the week, {place}"
    return chart(title, hours, listed(DAYS), [cells(data)], 330, colours)


def by_place(places: Sequence[tuple[str, float]], measure: Measure, title: str, opens: bool = False) -> Chart:
    """(name, value) -> bars, the greatest on top, at most SHOWN. `opens`: a click on a bar does something."""
    shown = ranked(places)
    divisor, unit = counted([value for _, value in shown], measure)
    data = [[value / divisor, name, f"{name}: {said(value, measure)}"] for name, value in shown]
    mode = "single" if opens else False
    height = 80 + 26 * max(len(shown), 3)
    names = listed([name for name, _ in shown])
    return chart(title, amounts(unit), names, [bars(data, colour=BLUE, selectedMode=mode)], height)


def ranked(places: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Those that have a value, the greatest first, at most SHOWN: the order of the bars."""
    return sorted((place for place in places if isfinite(place[1])), key=lambda place: -place[1])[:SHOWN]
