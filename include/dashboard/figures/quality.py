"""How good the months are: calendar, what cleaning sets aside, nulls against earlier months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from include.dashboard.charts.axes import amounts, labels, listed
from include.dashboard.charts.chart import Chart, Option, chart
from include.dashboard.charts.series import band, cells, points
from include.dashboard.charts.waterfall import waterfall
from include.dashboard.theme import BAND, BLUE, CROSS, DARK, GREEN, ORANGE, PINK, RED, SKY, YELLOW

Rows = Sequence[Mapping[str, Any]]
STATE_LOOK: dict[str, tuple[str, str]] = {
    "passed": (GREEN, "✓"), "look": (SKY, "!"), "waived": (YELLOW, "w"), "blocked": (RED, "✕"),
    "unfinished": (PINK, "…"), "missing": ("rgba(128,128,128,0.25)", "-"),
}  # fmt: skip
"""State -> colour and sign: neither is needed to read the other."""
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def calendar(months: Rows, service: str) -> Chart:
    """Years by months, a sign and a colour for each state; hover tells the sentence."""
    states, years = list(STATE_LOOK), sorted({row["month"][:4] for row in months})
    data = []
    for row in months:
        place = int(row["month"][5:]) - 1, years.index(row["month"][:4])
        said = f"{row['month']}: {row['state']}\n{row['sentence']}"
        data.append({"value": [*place, states.index(row["state"]), said],
                     "label": {"show": True, "formatter": STATE_LOOK[row["state"]][1], "fontSize": 16,
                               "textBorderWidth": 0,
                               **({} if row["state"] == "missing" else {"color": DARK})}})  # fmt: skip
    looks = [points([], colour, f"{sign} {state}", "rect", 12) for state, (colour, sign) in STATE_LOOK.items()]
    shown = cells(data, itemStyle={"borderWidth": 3, "borderColor": "transparent", "borderRadius": 4})
    x, y = labels(MONTH_NAMES), listed(years)
    return chart(f"Months of {service}", x, y, [shown, *looks], 100 + 44 * len(years), _state_colours())


def _state_colours() -> Option:
    """A colour for each state's number; the legend is that of the states, with their signs."""
    pieces = [{"value": place, "color": colour} for place, (colour, _) in enumerate(STATE_LOOK.values())]
    return {"type": "piecewise", "show": False, "dimension": 2, "seriesIndex": 0, "pieces": pieces}


def reject_waterfall(reasons: Rows, read: int, month: str) -> Chart:
    """What each reason takes from the rows read. The axis begins near what is kept, because a month loses few."""
    taken = sorted((r for r in reasons if r["rows"]), key=lambda r: -r["rows"])
    kept = read - sum(r["rows"] for r in taken)
    steps = [("rows read", read), *((r["reason"].replace("_", " "), -r["rows"]) for r in taken), ("kept", kept)]
    told = [f"{abs(rows):,} ({100 * abs(rows) / max(read, 1):.2f} %)" for _, rows in steps]
    names = [f"{name}\n{what}" for (name, _), what in zip(steps, told, strict=True)]
    colours = [BLUE, *[ORANGE] * len(taken), BLUE]
    lost = max(read - kept, 1)
    x = amounts("rows (the axis does not begin at 0)", span=(max(0, kept - 0.4 * lost), read))
    words = [f"{name}: {what}" for (name, _), what in zip(steps, told, strict=True)]
    title = f"From rows read to rows kept, {month}"
    return waterfall(title, names, [rows for _, rows in steps], colours, words, x, 80 + 40 * len(names))


def null_bands(rows: Rows, column: str) -> Chart:
    """A column's nulls by month, and the band of the twelve months before each."""
    own = sorted((r for r in rows if r["column"] == column), key=lambda r: r["month"])
    months, percents = [r["month"] for r in own], [r["percent"] for r in own]
    before = [percents[max(0, place - 12) : place] for place in range(len(own))]
    lows, highs = [min(b) if b else None for b in before], [max(b) if b else None for b in before]
    series = band(months, lows, highs, BAND, "range of the 12 months before")
    for usual, name, colour, symbol in ((True, "as usual", BLUE, "circle"), (False, "unusual", RED, CROSS)):
        data = [[r["month"], r["percent"], f"{r['month']}: {r['percent']:.2f} % null"]
                for r in own if bool(r["usual"]) == usual]  # fmt: skip
        series.append(points(data, colour, name, symbol, 9))
    title = f"Missing values of {column}"
    return chart(title, labels(months, "month"), amounts("% of rows without a value"), series)
