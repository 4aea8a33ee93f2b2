"""What adds up to a sum, or is taken from one: each bar begins where the one above it ended."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from include.dashboard.charts.axes import listed
from include.dashboard.charts.chart import Chart, Option, chart
from include.dashboard.charts.series import Datum, bars, stroke
from include.dashboard.theme import LINE


def waterfall(
    title: str, names: Sequence[str], values: Sequence[float], colours: Sequence[str], words: Sequence[str],
    x: Option, height: int,
) -> Chart:  # fmt: skip
    """Steps from top to bottom, and a whole at the end, which begins at 0."""
    ends = [*accumulate(values[:-1]), values[-1]]
    begins = [0.0, *ends[:-2], 0.0]
    unseen = [[min(begin, end), name] for begin, end, name in zip(begins, ends, names, strict=True)]
    steps = [
        {"value": [abs(end - begin), name, said], "itemStyle": {"color": colour}}
        for begin, end, name, said, colour in zip(begins, ends, names, words, colours, strict=True)
    ]
    base: Option = {"silent": True, "itemStyle": {"opacity": 0}, "tooltip": {"show": False}}
    drawn = [bars(unseen, stack="steps", **base), bars(steps, stack="steps"), _joints(names, ends[:-1])]
    return chart(title, x, listed(names), drawn, height)


def _joints(names: Sequence[str], ends: Sequence[float]) -> Option:
    """From the end of each bar to the next one."""
    data: list[Datum] = []
    for place, end in enumerate(ends):
        data += [[end, names[place]], [end, names[place + 1]], [None, names[place + 1]]]
    return stroke(data, LINE, dash="solid", z=1)
