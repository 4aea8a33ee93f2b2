"""Geometry of the report's bars, in percent and in SVG units: numbers only, so that the template only places them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from include.processing.report.facts import Distribution, MonthReport, NullBand

WIDTH, HEIGHT = 340, 150
"""SVG units of a histogram's plot; about a pixel each on a phone."""
GAP = 8
"""Between the bins of the range and those of what lies outside."""
LEAD = 0.12
"""Part of the waterfall's axis that lies before the first row set aside."""


@dataclass(frozen=True)
class Bar:
    """A waterfall's row: where its bar begins and how wide it is, in percent of the track."""

    kind: str
    label: str
    meaning: str
    rows: int
    percent: float
    left: float
    width: float


@dataclass(frozen=True)
class Waterfall:
    """Rows read, what each reason takes away, rows kept. The axis begins at `start`; `empty` reasons take nothing."""

    bars: tuple[Bar, ...]
    start: int
    empty: tuple[str, ...]


@dataclass(frozen=True)
class Bin:
    """A histogram's bin as two stacked rectangles: kept rows below, rows set aside on top."""

    label: str
    kept: int
    aside: int
    x: float
    width: float
    kept_height: float
    aside_height: float


@dataclass(frozen=True)
class Histogram:
    """One measure's bins, the ticks of both axes as (place, text), and what cannot be drawn."""

    title: str
    unit: str
    bins: tuple[Bin, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    has_ends: bool
    """Bars of rows outside the range are drawn."""
    without_value: int


def waterfall(report: MonthReport) -> Waterfall:
    """The report's rejects as bars. A month loses a few percent, so the axis leaves out most of what is kept."""
    lost, read = report.quarantined, report.rows_read
    start = max(0, int(report.rows_kept - LEAD / (1 - LEAD) * lost)) if lost else 0
    span = max(read - start, 1)

    def bar(kind: str, label: str, meaning: str, rows: int, end: int) -> Bar:
        first = end - rows if kind == "aside" else start
        share = 100 * rows / max(read, 1)
        return Bar(kind, label, meaning, rows, share, 100 * (first - start) / span, 100 * (end - first) / span)

    bars, left = [bar("all", "rows read", "in the published file", read, read)], read
    for reject in report.rejects:
        if reject.rows:
            bars.append(bar("aside", reject.reason.replace("_", " "), reject.meaning, reject.rows, left))
            left -= reject.rows
    bars.append(bar("kept", "kept", "what features and models see", report.rows_kept, report.rows_kept))
    return Waterfall(tuple(bars), start, tuple(r.reason.replace("_", " ") for r in report.rejects if not r.rows))


def histogram(found: Distribution) -> Histogram:
    """Bins left to right; the first and last, of rows outside the range, only where there are any."""
    before = found.before
    shown = range(0 if before[0] else 1, len(before) if before[-1] else len(before) - 1)
    outside = (1 if before[0] else 0) + (1 if before[-1] else 0)
    width = (WIDTH - GAP * outside) / len(shown)
    top = _nice(max(max(before), 1))
    bins = tuple(_bin(found, index, place, width, top) for place, index in enumerate(shown))
    edges = {index + 1: _number(edge) for index, edge in enumerate(found.edges)}
    every = tick_spacing(len(found.edges) - 1)
    x_ticks = tuple((_left(found, index, shown[0], width), edges[index]) for index in edges if (index - 1) % every == 0)
    y_ticks = tuple((HEIGHT * (1 - part), _short(top * part)) for part in (0.5, 1.0))
    return Histogram(found.measure, found.unit, bins, x_ticks, y_ticks, outside > 0, found.without_value)


def _bin(found: Distribution, index: int, place: int, width: float, top: float) -> Bin:
    before, after, edges = found.before[index], found.after[index], found.edges
    if index == 0:
        label = f"below {_number(edges[0])}"
    elif index == len(edges):
        label = f"{_number(edges[-1])} or more"
    else:
        label = f"{_number(edges[index - 1])} to {_number(edges[index])}"
    x = _left(found, index, index - place, width)
    return Bin(label, after, before - after, round(x, 2), round(max(width - 1, 0.5), 2),
               round(HEIGHT * after / top, 2), round(HEIGHT * (before - after) / top, 2))  # fmt: skip


def _left(found: Distribution, index: int, first: int, width: float) -> float:
    """Where a bin begins: shifted by a gap behind the bin of low values, and by another before that of high ones."""
    gaps = (1 if found.before[0] and index > 0 else 0) + (1 if index == len(found.edges) and found.before[-1] else 0)
    return round((index - first) * width + GAP * gaps, 2)


def tick_spacing(bins: int) -> int:
    """Bins between two ticks: four, six or five stretches, whichever divides the bins."""
    return next((bins // parts for parts in (4, 6, 5) if bins % parts == 0), bins)


def _nice(value: float) -> float:
    """The least round number that is not below `value` and whose half is round too."""
    power = 10.0 ** (len(str(int(value))) - 1)
    return next(step * power for step in (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10) if step * power >= value)


def _number(value: float) -> str:
    return f"{value:g}"


def _short(value: float) -> str:
    """50000 -> 50k, so that it fits beside the axis."""
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


@dataclass(frozen=True)
class NullTable:
    """Columns worth a line, the ones to look at first; the rest by name: never null, and null in every row."""

    shown: tuple[NullBand, ...]
    full: tuple[str, ...]
    empty: tuple[str, ...]


def null_table(bands: Sequence[NullBand]) -> NullTable:
    """Sorts a month's null shares into what differs and what is the same for every row of every month."""
    empty = [b.column for b in bands if b.percent == 100 and b.low in (None, 100)]
    full = [b.column for b in bands if b.percent == 0 and b.high in (None, 0)]
    shown = [b for b in bands if b.column not in {*empty, *full}]
    return NullTable(tuple(sorted(shown, key=lambda b: not b.outside)), tuple(full), tuple(empty))
