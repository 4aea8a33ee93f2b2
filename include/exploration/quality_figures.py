"""Figures of what is odd in a raw month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from include.exploration.canvas import BLUE, GREEN, GREY, ORANGE, bars, label, panels
from include.exploration.patterns import minutes_of
from include.exploration.quality import DAY_HOURS, null_block_by
from include.processing.clean_data import LIMITS


def reasons(table: pd.DataFrame) -> Figure:
    """Quarantined rows by reason, as `reason_table` counts them."""
    figure, (ax,) = panels("Rows set aside, by the first reason that holds")
    names = [name.replace("_", " ") for name in table.index]
    bars(ax, names, table["percent"].tolist(), "{:.2f} %", color=ORANGE)
    label(ax, "percent of all rows", "")
    return figure


def null_blocks(trips: pd.DataFrame) -> Figure:
    """Where passenger count, rate code and the stored-and-forwarded flag are missing together."""
    figure, axes = panels("The null block: share of rows without passenger count, rate code and flag", 2, height=3.0)
    for ax, column in zip(axes, ("vendor_id", "payment_type"), strict=True):
        table = null_block_by(trips, column)
        names = [f"{name}  ({rows:,} rows)" for name, rows in table["rows"].items()]
        bars(ax, names, table["percent"].tolist(), "{:.1f} %")
        ax.set_xlim(0, 115)
        label(ax, "percent in the null block", "", f"by {column}")
    return figure


def long_trips(trips: pd.DataFrame) -> Figure:
    """Trips over the cleaning limit by hours; those that stop after about a day are meters left running."""
    hours = minutes_of(trips) / 60
    shown = hours[(hours > LIMITS.max_minutes / 60) & (hours <= 30)]
    figure, (ax,) = panels(f"Trips of more than {LIMITS.max_minutes / 60:g} hours", height=3.0)
    _, edges, patches = ax.hist(shown, bins=np.arange(LIMITS.max_minutes / 60, 30.5, 0.5).tolist(), color=BLUE)
    for edge, patch in zip(edges[:-1], patches, strict=True):  # type: ignore[arg-type]
        patch.set_color(ORANGE if DAY_HOURS[0] <= edge < DAY_HOURS[1] else BLUE)
    label(ax, "hours from pick-up to drop-off (up to 30 shown; about a day in orange)", "rows")
    return figure


def totals(table: pd.DataFrame) -> Figure:
    """Per vendor: totals that are the sum of all parts, totals off by the commonest amount, and the others."""
    figure, (ax,) = panels("Total against the sum of its parts, by vendor", height=2.8)
    names = [f"vendor {vendor}  ({rows:,} rows)" for vendor, rows in table["rows"].items()]
    off = table["its share %"].where(table["commonest gap USD"] != 0, 0.0)
    _stacked(ax, names, {
        "sum of the parts": table["exact %"],
        "off by the vendor's commonest amount": off,
        "off by another amount": 100 - table["exact %"] - off,
    })  # fmt: skip
    label(ax, "percent of the vendor's rows", "")
    return figure


def meter(table: pd.DataFrame) -> Figure:
    """Per rate code: fares by the meter's rule, at the flat JFK fare, and others, as `meter_check` finds them."""
    figure, (ax,) = panels("Fares against the tariff, by rate code", height=3.6)
    names = [f"rate code {code}  ({trips:,} trips)" for code, trips in table["trips"].items()]
    _stacked(ax, names, {
        "base + whole units": table["base + n units %"],
        "JFK flat fare": table["JFK flat %"],
        "neither": 100 - table["base + n units %"] - table["JFK flat %"],
    })  # fmt: skip
    label(ax, "percent of the trips with that code", "")
    return figure


def _stacked(ax: Axes, names: list[str], parts: dict[str, pd.Series]) -> None:
    """One bar of 100 percent per name; as many parts as there are colours here."""
    left = np.zeros(len(names))
    for (told, share), colour in zip(parts.items(), (GREEN, ORANGE, GREY), strict=True):
        ax.barh(names, share, left=left, color=colour, label=told)
        left = left + share.to_numpy()
    ax.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    ax.invert_yaxis()
    ax.set_xlim(0, 100)
