"""Runs, requests and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.dashboard.charts.axes import amounts, labels, listed, powers
from include.dashboard.charts.chart import Chart, Option, chart
from include.dashboard.charts.series import bars, line, points
from include.dashboard.theme import BLUE, CATEGORIES, DASHES, GREEN, GREY, LINE, ORANGE, PINK, RED, SKY, SYMBOLS

Rows = Sequence[Mapping[str, Any]]
PHASE_COLOURS = {"ingest": SKY, "validate": GREEN, "features": BLUE, "train": ORANGE, "register": PINK}
SHARES = (("p50", BLUE, "circle"), ("p95", ORANGE, "rect"), ("p99", RED, "diamond"))


def phases(tasks: Rows, title: str) -> Chart:
    """Tasks with `task`, `phase`, `begin` and `minutes` since the run's start -> bars along time; red frame: failed."""
    unseen: Option = {"silent": True, "itemStyle": {"opacity": 0}, "tooltip": {"show": False}}
    begins = [[task["begin"], place] for place, task in enumerate(tasks)]
    series = [bars(begins, stack="time", **unseen)]
    for phase in dict.fromkeys(task["phase"] for task in tasks):
        own = [_task(place, task) for place, task in enumerate(tasks) if task["phase"] == phase]
        series.append(bars(own, phase, PHASE_COLOURS.get(phase, GREY), stack="time"))
    names = listed([task["task"] for task in tasks])
    return chart(title, amounts("minutes since the run began"), names, series, 120 + 24 * len(tasks))


def _task(place: int, task: Mapping[str, Any]) -> Option:
    failed = task["state"] == "failed"
    frame = {"borderColor": RED if failed else LINE, "borderWidth": 3 if failed else 0.5}
    said = f"{task['task']}: {task['state']}, {task['minutes']:.1f} min"
    return {"value": [max(task["minutes"], 0.01), place, said], "itemStyle": frame}


def rates(samples: Rows) -> Chart:
    """Samples with `at` (a time in UTC) and `rate` (requests a second)."""
    data = [[f"{s['at']:%H:%M:%S}", s["rate"], f"{s['at']:%H:%M:%S}: {s['rate']:.2f} a second"] for s in samples]
    times = labels([datum[0] for datum in data], "time (UTC)")
    return chart("Requests while this page is open", times, amounts("requests a second"), [line(data, BLUE)], 280)


def latencies(routes: Rows) -> Chart:
    """Routes with `p50`, `p95` and `p99` in milliseconds since the API started."""
    series = [
        points([[max(r[share], 0.01), r["route"], f"{r['route']} {share}: about {r[share]:.1f} ms"] for r in routes],
               colour, share, symbol) for share, colour, symbol in SHARES
    ]  # fmt: skip
    time = powers("milliseconds (logarithmic)", [max(r[name], 0.01) for r in routes for name in ("p50", "p99")])
    names = listed([r["route"] for r in routes])
    return chart("Time to answer since the API started", time, names, series, 120 + 30 * max(len(routes), 3))


def volume(days: Rows) -> Chart:
    """Answers by day, stacked by service."""
    series = []
    for place, service in enumerate(sorted({row["service"] for row in days})):
        own = [[row["day"], row["answers"], f"{service} {row['day']}: {row['answers']:,} answers"]
               for row in days if row["service"] == service]  # fmt: skip
        series.append(bars(own, service, CATEGORIES[place], hatch=place % 4, stack="services"))
    return chart("Predictions answered by day (UTC)", labels(_days(days), "day"), amounts("answers"), series, 300)


def degraded(days: Rows) -> Chart:
    """Share of answers in which something stood in for a champion, by day."""
    series = []
    for place, service in enumerate(sorted({row["service"] for row in days})):
        own = [(row["day"], 100 * row["degraded_share"]) for row in days if row["service"] == service]
        data = [[day, share, f"{service} {day}: {share:.1f} % of answers"] for day, share in own]
        series.append(line(data, CATEGORIES[place], service, DASHES[place % len(DASHES)], SYMBOLS[place]))
    return chart("Degraded answers", labels(_days(days), "day"), amounts("% of answers", span=(0, 100)), series, 300)


def _days(rows: Rows) -> list[str]:
    return sorted({row["day"] for row in rows})
