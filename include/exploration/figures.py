"""Figures of trips that can have happened: what they last, cost and tip, when and where they start."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from include.exploration.canvas import BLUE, DENSITY, GREY, ORANGE, label, panels
from include.exploration.patterns import (
    DAY_KINDS,
    WEEKDAYS,
    demand_by_hour_of_week,
    minutes_of,
    speed_by_hour,
    tip_percent,
    tip_spike,
    top_zones,
)

SHOWN = 0.99
"""Histograms end at this quantile: the rest would press everything else into the first bar."""


def trip_sizes(trips: pd.DataFrame) -> Figure:
    """How long, how far, how dear: three histograms with the median and the mean."""
    figure, axes = panels(f"Duration, distance and fare (up to the {100 * SHOWN:.0f} % quantile)", 3)
    _histogram(axes[0], minutes_of(trips), "minutes")
    _histogram(axes[1], trips["distance_mi"], "miles")
    _histogram(axes[2], trips["fare_usd"], "dollars")
    axes[0].set_ylabel("percent of trips")
    axes[0].legend(frameon=False)
    return figure


def _histogram(ax: Axes, values: pd.Series, unit: str) -> None:
    shown = values[values <= values.quantile(SHOWN)]
    ax.hist(shown, bins=40, weights=np.full(len(shown), 100 / len(values)), color=BLUE)
    ax.axvline(values.median(), color="black", label=f"median {values.median():.1f}")
    ax.axvline(values.mean(), color=ORANGE, linestyle="--", label=f"mean {values.mean():.1f}")
    ax.set_xlabel(unit)
    ax.legend(frameon=False)


def fare_by_distance(trips: pd.DataFrame) -> Figure:
    """The meter at work: lines are where many trips are, the level one is the flat fare to JFK."""
    figure, (ax,) = panels("Fare by metered distance", height=4.2)
    inside = trips[(trips["distance_mi"] <= trips["distance_mi"].quantile(0.999)) & (trips["distance_mi"] > 0)]
    inside = inside[inside["fare_usd"] <= inside["fare_usd"].quantile(0.999)]
    mesh = ax.hexbin(inside["distance_mi"], inside["fare_usd"], gridsize=70, bins="log", cmap=DENSITY, mincnt=1)
    figure.colorbar(mesh, ax=ax, label="trips (logarithmic)")
    label(ax, "metered distance, miles", "fare, dollars")
    return figure


def tips(trips: pd.DataFrame) -> Figure:
    """Tip shares of card trips in steps of one percent; the reader's buttons stand out."""
    percent = tip_percent(trips)
    spike, share = tip_spike(percent)
    counts = 100 * percent.round().value_counts(normalize=True).reindex(range(41), fill_value=0.0)
    figure, (ax,) = panels("Tip of card trips, as a share of what was charged before it")
    ax.bar(counts.index, counts, color=[ORANGE if step == spike else BLUE for step in counts.index])
    ax.annotate(f"{share:.0f} % of card trips tip {spike} %", (spike, counts[spike]), (spike + 1.5, counts[spike]),
                va="top")  # fmt: skip
    label(ax, "tip, percent (0 to 40 shown)", "percent of card trips")
    return figure


def demand(trips: pd.DataFrame) -> Figure:
    """Pick-ups by hour of the week, as a heat map."""
    figure, (ax,) = panels("Demand by hour of the week", height=3.8)
    mesh = ax.imshow(demand_by_hour_of_week(trips), aspect="auto", cmap=DENSITY)
    ax.set_xticks(range(0, 24, 2))
    ax.set_yticks(range(7), WEEKDAYS)
    figure.colorbar(mesh, ax=ax, label="pick-ups per hour in this file")
    label(ax, "hour of the pick-up", "")
    return figure


def speed(trips: pd.DataFrame) -> Figure:
    """Median speed by hour with the middle 80 % of trips, working days beside weekends."""
    table = speed_by_hour(trips)
    figure, axes = panels("Speed by hour of the pick-up", 2)
    for ax, kind, colour in zip(axes, DAY_KINDS, (BLUE, ORANGE), strict=True):
        band = table[kind]
        ax.fill_between(band.index, band["p10"], band["p90"], color=colour, alpha=0.25, label="middle 80 % of trips")
        ax.plot(band.index, band["median"], color=colour, linewidth=2, label="median")
        ax.set_xticks(range(0, 24, 3))
        ax.set_ylim(0, 1.05 * float(np.nanmax(table)))
        ax.legend(frameon=False, loc="upper right")
        label(ax, "hour", "miles per hour", f"{kind}s")
    return figure


def zones(trips: pd.DataFrame) -> Figure:
    """The busiest pick-up zones, and how much of the drop-offs they hold."""
    top = top_zones(trips)
    figure, (ax,) = panels(f"The {len(top)} busiest pick-up zones", height=4.8)
    ax.barh(top.index, top["pickup"], color=BLUE, label="pick-ups")
    ax.scatter(top["dropoff"], top.index, color=ORANGE, zorder=3, label="drop-offs")
    ax.invert_yaxis()
    ax.grid(axis="x", color=GREY, alpha=0.3)
    ax.legend(frameon=False, loc="lower right")
    label(ax, "percent of all pick-ups or drop-offs", "")
    return figure
