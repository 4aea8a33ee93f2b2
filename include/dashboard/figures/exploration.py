"""Components of the features, and groups of zones and trips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from statistics import fmean, pstdev
from typing import Any

from include.dashboard.charts.axes import amounts, labels, listed
from include.dashboard.charts.chart import Chart, chart
from include.dashboard.charts.series import bars, cells, difference_colours, line, points
from include.dashboard.theme import BLUE, CATEGORIES, ORANGE, SYMBOLS

Rows = Sequence[Mapping[str, Any]]
SPOKEN = {
    "day_sin": "early in the day", "day_cos": "near midnight", "is_weekend": "on a weekend", "is_airport": "airport",
    "manhattan_km": "distance", "distance_km": "distance",
}  # fmt: skip
"""Traits whose names are words of the feature matrix."""
SPREADS = 2.0
"""So many spreads from the mean fill the colour scale."""


def explained(components: Rows, title: str) -> Chart:
    """Each component's share of the variance, and the sum so far."""
    names = [str(row["component"]) for row in components]
    shares = [100 * row["explained"] for row in components]
    own = [[name, share, f"component {name}: {share:.1f} %"] for name, share in zip(names, shares, strict=True)]
    sums = [[name, all_, f"all up to it: {all_:.1f} %"] for name, all_ in zip(names, accumulate(shares), strict=True)]
    series = [bars(own, "this component", BLUE), line(sums, ORANGE, "all up to it")]
    return chart(title, labels(names, "component"), amounts("% explained"), series, 300)


def weights(components: Rows, title: str) -> Chart:
    """Features by the components that are made of them: orange for more, purple for less."""
    names = sorted({name for row in components for name in row["features"]})
    data = [
        [place, names.index(name), weight, f"component {row['component']}, {name}: {weight:+.2f}"]
        for place, row in enumerate(components) for name, weight in row["features"].items() if weight is not None
    ]  # fmt: skip
    reach = max((abs(datum[2]) for datum in data), default=1.0)
    x = labels([str(row["component"]) for row in components], "component", every=True)
    colours = difference_colours(reach, "weight", "+.2f")
    return chart(title, x, listed(names), [cells(data)], 110 + 18 * len(names), colours)


def scattered(found: Sequence[Sequence[float]], group: Sequence[int], names: Sequence[str], title: str) -> Chart:
    """Trips by the first two components; colour and sign tell the group."""
    series = []
    for place, name in enumerate(names):
        own = [[*point[:2], name] for point, held in zip(found, group, strict=True) if held == place]
        colour, symbol = CATEGORIES[place % len(CATEGORIES)], SYMBOLS[place % len(SYMBOLS)]
        series.append(points(own, colour, name, symbol, 6, itemStyle={"color": colour, "opacity": 0.7}))
    return chart(title, amounts("first component", zero=False), amounts("second component", zero=False), series, 420)


def group_profiles(groups: Rows, title: str) -> Chart:
    """Groups by traits: how far a centre lies from the mean of all centres, in their spreads."""
    traits = list(groups[0]["centre"])
    data = []
    for x, trait in enumerate(traits):
        centres = [float(group["centre"][trait]) for group in groups]
        mean, spread = fmean(centres), pstdev(centres)
        for y, (group, centre) in enumerate(zip(groups, centres, strict=True)):
            far = (centre - mean) / spread if spread > 0 else 0.0
            data.append([x, y, far, f"{group['name']}\n{spoken(trait)}: {centre:.2f} ({far:+.1f} spreads)"])
    colours = difference_colours(SPREADS, "spreads from the mean")
    x_axis = labels([spoken(trait) for trait in traits], every=True, turned=90)
    names = listed([group["name"] for group in groups], width=130)
    return chart(title, x_axis, names, [cells(data)], 200 + 50 * len(groups), colours)


def spoken(trait: str) -> str:
    """A trait in words."""
    return SPOKEN.get(trait, trait.replace("_", " "))
